import { createHash } from 'node:crypto';

/** What became of an object that was expected: nothing yet, seen and alike, seen and not alike. */
export type Seen = 'unseen' | 'equal' | 'differs';

const states: readonly Seen[] = ['unseen', 'equal', 'differs'];
const free = 0xffff_ffff;
/** A digest is as many numbers of 32 bits. */
const digestWords = 4;

/**
 * The left of a comparison: by the id under which an object is expected on the right, its number on the left and the digest of
 * its values as the right would have them. No value is held: 29 bytes an object and 5 to 10 for finding it, since there may be
 * a million.
 */
export class ExpectedObjects {
  readonly #ids: Float64Array;
  readonly #numbers: Uint32Array;
  readonly #digests: Uint32Array;
  readonly #states: Uint8Array;
  /** Open addressing: the row of an id, or `free`. */
  readonly #slots: Uint32Array;
  #count = 0;

  /** @param capacity the most that may be expected */
  constructor(capacity: number) {
    this.#ids = new Float64Array(capacity);
    this.#numbers = new Uint32Array(capacity);
    this.#digests = new Uint32Array(capacity * digestWords);
    this.#states = new Uint8Array(capacity);
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(capacity + capacity / 4 + 2))).fill(free);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes held, whatever the values. */
  get bytes(): number {
    const columns = [this.#ids, this.#numbers, this.#digests, this.#states, this.#slots];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** One object may be expected under several ids, but each id is that of one: false where it is another's already. */
  expect(number: number, id: string, digest: string): boolean {
    const key = keyOf(id);
    const slot = this.#slotOf(key);
    if (this.#slots[slot] !== free) return false;
    const row = this.#count;
    this.#ids[row] = key;
    this.#numbers[row] = number;
    this.#digests.set(wordsOf(digest), row * digestWords);
    this.#slots[slot] = row;
    this.#count += 1;
    return true;
  }

  /** The number of the object that is expected under an id. */
  numberOf(id: string): number | undefined {
    const row = this.#rowOf(id);
    return row === undefined ? undefined : this.#numbers[row];
  }

  /** Notes what was seen under an id, and says whether it is alike; undefined where nothing is expected there. */
  see(id: string, digest: string): Exclude<Seen, 'unseen'> | undefined {
    const row = this.#rowOf(id);
    if (row === undefined) return undefined;
    const isAlike = wordsOf(digest).every((word, index) => word === this.#digests[row * digestWords + index]);
    const seen = isAlike ? 'equal' : 'differs';
    this.#states[row] = states.indexOf(seen);
    return seen;
  }

  seen(id: string): Seen | undefined {
    const row = this.#rowOf(id);
    return row === undefined ? undefined : states[this.#states[row] ?? 0];
  }

  /** What was seen, a byte each, for the next invocation, which expects the same in the same order. */
  get sight(): string {
    return base64(this.#states.subarray(0, this.#count));
  }

  takeUp(sight: string): void {
    const read = bytesOfBase64(sight);
    if (read.length !== this.#count) {
      throw new RangeError(`${read.length} objects were expected before, and ${this.#count} are now.`);
    }
    this.#states.set(read);
  }

  #rowOf(id: string): number | undefined {
    const row = this.#slots[this.#slotOf(keyOf(id))];
    return row === free ? undefined : row;
  }

  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] ?? free;
      if (row === free || this.#ids[row] === key) return slot;
    }
  }
}

/** Documented ids are whole numbers. Any other is taken by 52 bits of its hash, as a number that no id is. */
export function keyOf(id: string): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(id)) return Number(id);
  return -1 - Number.parseInt(createHash('sha256').update(id).digest('hex').slice(0, 13), 16);
}

export function hashOf(key: number): number {
  const low = (key % 0x1_0000_0000) | 0;
  const high = Math.floor(key / 0x1_0000_0000) | 0;
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

const wordsOf = (digest: string) =>
  Array.from({ length: digestWords }, (_, at) => Number.parseInt(digest.slice(at * 8, at * 8 + 8), 16));

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export const bytesOfBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
