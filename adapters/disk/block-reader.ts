import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

/** yauzl reads some fifty bytes for each entry of its list: of a file of 70,000 entries that is a block instead of hundreds of readings. */
const blockBytes = 64 * 1024;

/** Reads a file in blocks, of which the last one is kept. */
export class BlockReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  readonly #path: string;
  #block: { readonly at: number; readonly bytes: Buffer } | undefined;

  constructor(handle: FileHandle, path: string) {
    super();
    this.#handle = handle;
    this.#path = path;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#path, { start, end: end - 1 });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#read(buffer, offset, length, position).then(
      () => callback(null),
      (error: Error) => callback(error),
    );
  }

  /** yauzl closes it whenever nobody reads from it; the file is its opener's to close. */
  override close(callback: (error: Error | null) => void): void {
    setImmediate(() => callback(null));
  }

  async #read(buffer: Buffer, offset: number, length: number, position: number): Promise<void> {
    for (let done = 0; done < length; ) {
      const block = await this.#blockAt(position + done);
      const from = position + done - block.at;
      const copied = block.bytes.copy(buffer, offset + done, from, from + length - done);
      if (copied === 0) throw new Error('unexpected EOF');
      done += copied;
    }
  }

  async #blockAt(position: number) {
    const at = position - (position % blockBytes);
    if (this.#block?.at === at) return this.#block;
    const buffer = Buffer.allocUnsafe(blockBytes);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, filled, blockBytes - filled, at + filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === blockBytes) break;
    }
    this.#block = { at, bytes: buffer.subarray(0, filled) };
    return this.#block;
  }
}
