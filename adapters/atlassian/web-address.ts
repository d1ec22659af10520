/** True for an address to which a token may be sent: https, or this machine itself. */
export function isSafeAddress(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** `hostname` as URL gives it, which writes every spelling of an IPv4 address as four numbers. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A path whose inserted values are each one segment, whatever characters they hold. */
export function path(literals: TemplateStringsArray, ...segments: readonly string[]): string {
  return literals.reduce((text, literal, index) => text + segment(segments[index - 1] ?? '') + literal);
}

/** URL takes `.` and `..` for steps through the path even when they are escaped, so they can be no segment. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') throw new TypeError(`"${text}" cannot be an id in a path.`);
  return encodeURIComponent(text);
}
