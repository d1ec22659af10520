/**
 * Text that people open or read: names and words of a site, which anybody may have written. What could move the cursor, colour the
 * terminal, end the line or turn the direction of what follows stands there as `\u202e`, so that one sees it. All of them are one
 * UTF-16 unit.
 */
export const unsafeCharacters = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]/gu;

/** `\u202e`, as JSON writes it too. */
export function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text that stays on its line. What is harmless already stays as it is. */
export function harmless(text: string): string {
  return text.replaceAll(unsafeCharacters, escapeOf);
}

/** Text of several lines that are ours. */
export function harmlessLines(text: string): string {
  return text.replaceAll(unsafeCharacters, (character) => (character === '\n' ? character : escapeOf(character)));
}

/** The value as JSON, which people open as well: the same data, since a reader takes the escapes for what they stand for. */
export function harmlessJson(value: unknown, indent?: number): string {
  return harmlessLines(JSON.stringify(value, null, indent));
}
