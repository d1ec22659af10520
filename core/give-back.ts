/**
 * Gives the memory of bytes back at once, with that of all else in the same buffer: they have no length after it. Left to V8's collector,
 * bytes that outlive a page are looked for only when 64 MB of them have come together.
 */
export function giveBack({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

/** The same of bytes that may be a part of a buffer of which others have the rest: those stay. */
export function giveBackIfWhole(bytes: Uint8Array): void {
  if (bytes.byteLength === bytes.buffer.byteLength) giveBack(bytes);
}
