/** A path whose inserted values are each one segment, whatever characters they hold. */
export function path(literals: TemplateStringsArray, ...segments: readonly string[]): string {
  return literals.reduce((text, literal, index) => text + segment(segments[index - 1] ?? '') + literal);
}

/** URL takes `.` and `..` for steps through the path even when they are escaped, so they can be no segment. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') throw new TypeError(`"${text}" cannot be an id in a path.`);
  return encodeURIComponent(text);
}
