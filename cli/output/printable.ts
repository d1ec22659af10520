/** Characters with which a stored name could move the cursor, colour the terminal, or turn the direction of what follows. */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/gu;

/** Text that is safe on a terminal and stays on its line. Names come from the site: anybody may have written them. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(unsafe, '\ufffd');
}

/** The same for text of several lines. */
export function printable(text: string): string {
  return text.replaceAll(unsafe, (character) => (character === '\n' ? '\n' : '\ufffd'));
}
