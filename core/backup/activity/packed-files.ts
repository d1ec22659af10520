import type { StoredFile } from '../../backup-format/manifest.ts';

/** Files a block. */
const blockSize = 4_096;

/** Files by their number, from 0: two for each object of a site, so that they are kept as bytes and not as records. */
export class PackedFiles {
  readonly #blocks: { readonly bytes: Uint8Array; readonly ends: readonly number[] }[] = [];
  #open: Uint8Array[] = [];

  /** Gives its number. */
  add({ key, bytes, sha256, records }: StoredFile): number {
    this.#open.push(encoder.encode(JSON.stringify([key, bytes, sha256, records])));
    const number = this.#blocks.length * blockSize + this.#open.length - 1;
    if (this.#open.length === blockSize) this.#close();
    return number;
  }

  at(number: number): StoredFile {
    const block = this.#blocks[Math.floor(number / blockSize)];
    const place = number % blockSize;
    const packed = block ? block.bytes.subarray(block.ends[place - 1] ?? 0, block.ends[place]) : this.#open[place];
    const [key, bytes, sha256, records] = JSON.parse(decoder.decode(packed)) as [string, number, string, number];
    return { key, bytes, sha256, records };
  }

  #close(): void {
    const ends: number[] = [];
    let end = 0;
    for (const { length } of this.#open) {
      end += length;
      ends.push(end);
    }
    this.#blocks.push({ bytes: Buffer.concat(this.#open), ends });
    this.#open = [];
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
