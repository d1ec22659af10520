/** Characters with which a text of the site could move the cursor, colour the terminal, or turn the direction of what follows. */
export const unsafeCharacters = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/gu;

/** Text that is safe on a terminal and stays on its line. It comes from the site: anybody may have written it. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(unsafeCharacters, '\ufffd');
}
