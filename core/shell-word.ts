import { escapeOf, unsafeCharacters } from './harmless.ts';

/**
 * One word of a line that a person pastes into a shell, quoted where it would be taken for more. What is not seen is written as an
 * escape, which bash, zsh and ksh read (`$'up\u202eside'`): as it stands it would be lost where the line is shown.
 */
export function shellWord(word: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  if (word.search(unsafeCharacters) < 0) return `'${word.replaceAll("'", `'\\''`)}'`;
  return `$'${word.replaceAll(/['\\]/g, '\\$&').replaceAll(unsafeCharacters, escapeOf)}'`;
}

/** A command line of ours, to be pasted into a shell. */
export function shellCommand(...words: readonly string[]): string {
  return ['npx assets-backup', ...words.map(shellWord)].join(' ');
}
