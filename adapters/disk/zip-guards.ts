import type { Entry } from 'yauzl';
import { counted, readableCount } from '../../core/counted.ts';
import { WrongInputError } from '../../core/errors.ts';
import { mostBytesOfText } from '../../core/ports/backup-store.ts';

/** Entries of a zip that is read: some ten for each of 200,000 objects. */
export const mostZipEntries = 2_000_000;
/** Bytes of all entries together, once they are unpacked. */
export const mostZipBytes = 64 * 1024 ** 3;
/** Small zips may be packed as well as they like; of large ones JSON comes to some twentieth, and a bomb to a thousandth. */
const freeZipBytes = 64 * 1024 ** 2;
export const mostZipRatio = 200;

/**
 * Refuses an archive that no scripts have made, before anything of it is unpacked: yauzl has refused paths that lead out of it, and stops
 * sizes that lie; links, bombs, and names that stand twice are ours to refuse. Throws WrongInputError.
 */
export class ZipGuards {
  readonly #address: string;
  readonly #seen = new Set<string>();
  readonly #places: (readonly [start: number, end: number])[] = [];
  #bytes = 0;
  #packed = 0;

  constructor(address: string) {
    this.#address = address;
  }

  /** True where the entry is a file, and false where it is a folder. */
  check(entry: Entry): boolean {
    const name = entry.fileName;
    const kind = (entry.externalFileAttributes >>> 28) & 0xf;
    const isFolder = name.endsWith('/');
    if (kind === 0xa) throw this.#refusal(`${name} is a symbolic link in it`);
    if (kind !== 0 && kind !== 8 && kind !== 4) throw this.#refusal(`${name} is neither a file nor a folder in it`);
    if (entry.isEncrypted()) throw this.#refusal(`${name} is encrypted in it`);
    if (name.split('/').some((part) => part === '.' || part === '..') || name.startsWith('/') || name.includes('\0'))
      throw this.#refusal(`the path ${JSON.stringify(name)} leads out of it`);
    const folded = name.normalize('NFC').toUpperCase().toLowerCase();
    if (this.#seen.has(folded))
      throw this.#refusal(`${name} stands in it twice, or differs from another one only in case`);
    this.#seen.add(folded);
    if (this.#seen.size > mostZipEntries)
      throw this.#refusal(`it has more than ${readableCount(mostZipEntries)} entries`);
    if (isFolder) return false;
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
      throw this.#refusal(`${name} is packed in it in a way (${entry.compressionMethod}) that is not read`);
    this.#weigh(entry);
    return true;
  }

  /** Entries that share bytes are how a small file is unpacked many times. */
  end(): void {
    const places = this.#places.toSorted(([one], [other]) => one - other);
    for (const [at, [start]] of places.entries()) {
      const before = places[at - 1];
      if (before && start < before[1]) throw this.#refusal('entries of it lie upon each other');
    }
  }

  #weigh({ fileName, uncompressedSize, compressedSize, relativeOffsetOfLocalHeader: start }: Entry): void {
    if (uncompressedSize > mostBytesOfText)
      throw this.#refusal(`${fileName} would have ${counted(uncompressedSize, 'byte')}, more than any text can have`);
    this.#bytes += uncompressedSize;
    this.#packed += compressedSize;
    this.#places.push([start, start + compressedSize]);
    if (this.#bytes > mostZipBytes) throw this.#refusal(`it would have more than ${counted(mostZipBytes, 'byte')}`);
    if (this.#bytes > freeZipBytes && this.#bytes > this.#packed * mostZipRatio)
      throw this.#refusal(`it would become more than ${mostZipRatio} times as large`);
  }

  #refusal(why: string): WrongInputError {
    return zipRefusal(this.#address, why);
  }
}

export function zipRefusal(address: string, why: string, cause?: unknown): WrongInputError {
  return new WrongInputError(
    `${address} is not read: ${why}. The original scripts make no such zip. Nothing of it was unpacked.`,
    { cause },
  );
}
