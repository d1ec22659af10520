import { unsafeCharacters } from '../../core/one-line.ts';

/** Text of several lines that is safe on a terminal. */
export function printable(text: string): string {
  return text.replaceAll(unsafeCharacters, (character) => (character === '\n' ? '\n' : '\ufffd'));
}
