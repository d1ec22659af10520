import { shellWord } from '../../core/shell-word.ts';

/** A command line of ours, to be pasted into a shell. */
export function shellCommand(...words: readonly string[]): string {
  return ['npx assets-backup', ...words.map(shellWord)].join(' ');
}
