/** A command line of ours, to be pasted into a shell. */
export function shellCommand(...words: readonly string[]): string {
  return ['npx assets-backup', ...words.map(shellWord)].join(' ');
}

/** One word, quoted where a shell would take it for more. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
