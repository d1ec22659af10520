import { createHash } from 'node:crypto';

/** A digest is as many numbers of 32 bits. */
const words = 4;

/** Digests of 32 hex digits by row, 16 bytes each. */
export class DigestColumn {
  #words: Uint32Array;

  /** @param capacity rows that are likely; it grows beyond */
  constructor(capacity = 1_024) {
    this.#words = new Uint32Array(capacity * words);
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  set(row: number, digest: string): void {
    if ((row + 1) * words > this.#words.length) {
      const longer = new Uint32Array(Math.max(2 * this.#words.length, (row + 1) * words));
      longer.set(this.#words);
      this.#words = longer;
    }
    for (let at = 0; at < words; at += 1) this.#words[row * words + at] = wordOf(digest, at);
  }

  get(row: number): string {
    return Array.from(this.#words.subarray(row * words, (row + 1) * words), hex).join('');
  }

  is(row: number, digest: string): boolean {
    for (let at = 0; at < words; at += 1) if (this.#words[row * words + at] !== wordOf(digest, at)) return false;
    return true;
  }
}

const wordOf = (digest: string, at: number) => Number.parseInt(digest.slice(at * 8, at * 8 + 8), 16);
const hex = (word: number) => word.toString(16).padStart(8, '0');

/** What makes up a digest is no part of the format: any text will do. */
export function columnDigest(digest: string): string {
  return /^[0-9a-f]{32}$/.test(digest) ? digest : createHash('sha256').update(digest).digest('hex').slice(0, 32);
}
