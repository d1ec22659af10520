/** A new, empty place of a store's own, such as a folder or a bucket, which a contract suite opens once or several times. */
export interface StorePlace<Store> {
  /** Each call gives a client of its own over the same contents, as another process would have one. */
  open(): Store;
  /** Clears the place away. */
  dispose?(): Promise<void>;
}

/**
 * How much is written at once where it is only there to be listed: the SDK counts the wait for one of its 64 sockets as time
 * to connect, of which there are five seconds.
 */
export const inFlight = 50;

/** Keys that mean the same on S3 and on disk. What only S3 or only a disk can hold is tested beside its adapter. */
export const oddKeys: readonly string[] = [
  'odd/plain name.json',
  'odd/two  spaces.json',
  'odd/ leading space.json',
  'odd/a+b.json',
  'odd/100%.json',
  'odd/%41%2F.json',
  'odd/a&b=c.json',
  'odd/what?.json',
  'odd/#1.json',
  "odd/it's (1)!.json",
  'odd/[a]{b}~^`.json',
  'odd/a;b,c@d$e.json',
  'odd/Größe.json',
  'odd/Gro\u0308ße with a combining mark.json',
  'odd/種類.json',
  'odd/صنف.json',
  'odd/👩‍🚀 rocket.json',
  'odd/.hidden',
  'odd/..two dots',
  'odd/two..dots',
  'odd/trailing dot.',
  'odd/trailing dots...',
  'odd/trailing space ',
  'odd/folder with dot./file',
  'odd/con',
  'odd/NUL.txt',
  'odd/com1.json',
  'odd/console.json',
  'odd/a:b.json',
  'odd/a*b|c"d<e>f.json',
  'odd/back\\slash.json',
  `odd/${'n'.repeat(200)}.json`,
  `odd/${Array.from({ length: 9 }, () => 'd'.repeat(100)).join('/')}/deep.json`,
];

/** Keys in the order in which a listing gives them: that of their UTF-8 bytes, where JavaScript's own order is another at the end. */
export const keysInOrder: readonly string[] = [
  'order/Y',
  'order/Z',
  'order/a b/1',
  'order/a-b/1',
  'order/a.json',
  'order/a/1',
  'order/a/10',
  'order/a/2',
  'order/a0',
  'order/b',
  'order/b!/1',
  'order/z',
  'order/é',
  'order/日',
  'order/\ufb01 ligature, U+FB01',
  'order/\u{1f600} emoji, U+1F600',
];

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(items);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Bytes of every value that look like nothing in particular, the same at every run. */
export function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length; index += 1) {
    // Park and Miller's generator.
    state = (state * 48_271) % 2_147_483_647;
    bytes[index] = state >>> 8;
  }
  return bytes;
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
