import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { StoredFile } from '../backup-format/manifest.ts';
import { skimmerOf } from '../backup-format/skim-records.ts';
import { fieldsOfValue } from './value.ts';

/** All that a restore reads of an object: which one it is, its type's name, and its values. */
const skimmer = skimmerOf({
  id: true,
  label: true,
  objectKey: true,
  objectType: { id: true, name: true },
  attributes: { objectTypeAttributeId: true, objectAttributeValues: fieldsOfValue },
});

/** Bytes of objects that are kept. A restore goes over all objects some ten times; packed, one that says 2 KB takes some 100 to 400 of them. */
const mostKept = 64 * 1024 * 1024;
/** The part of that which histories and comments may take besides: a restore reads them once more, when it writes them. */
const shareOfActivity = 1 / 4;
/** What holds the bytes of one small file. */
const bytesAround = 512;

/** Lines of objects have the same names again and again: packing a byte costs a third of skimming it. */
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

interface Packed {
  readonly bytes: Uint8Array;
  /** Of the lines. */
  readonly length: number;
}

/**
 * What is kept of a backup's files from one step of a restore to the next. Of files of objects what a restore reads, an object a line. The
 * first ones stay in memory, packed; each pass goes over them from the first to the last, so to keep the last ones instead would be to keep none.
 * Files of one object's activity as they are, until somebody takes them. They go by their sums: what is kept is what a list names,
 * whoever has read it.
 */
export class KeptFiles {
  readonly #packed = new Map<string, Packed>();
  readonly #activity = new Map<string, Uint8Array>();
  #room: number;
  #roomOfActivity: number;

  constructor(room = mostKept) {
    this.#room = room;
    this.#roomOfActivity = room * shareOfActivity;
  }

  /** Undefined where the file has to be read. */
  linesOf({ sha256 }: StoredFile): Uint8Array | undefined {
    const packed = this.#packed.get(sha256);
    // In one piece, which is then nobody's but the caller's.
    return packed && zstdDecompressSync(packed.bytes, { chunkSize: Math.max(packed.length, leastChunk) });
  }

  /**
   * The lines of a file that was read. Throws SyntaxError where it is no list of JSON.
   * @param bytes with the sum that the list says
   */
  skim({ sha256 }: StoredFile, bytes: Uint8Array): Uint8Array {
    const lines = skimmer.ofList(bytes);
    if (this.#room > 0 && !this.#packed.has(sha256)) this.#pack(sha256, lines);
    return lines;
  }

  /**
   * Keeps a file of one object's activity, and says whether it does: its bytes are not the caller's any more.
   * @param bytes with the sum that the list says
   */
  keep({ sha256 }: StoredFile, bytes: Uint8Array): boolean {
    const room = this.#roomOfActivity - bytes.length - bytesAround;
    if (room < 0 || this.#activity.has(sha256)) return false;
    this.#roomOfActivity = room;
    this.#activity.set(sha256, bytes);
    return true;
  }

  /** Lets go of such a file, and gives its bytes; undefined where it has to be read. */
  take({ sha256 }: StoredFile): Uint8Array | undefined {
    const bytes = this.#activity.get(sha256);
    if (bytes && this.#activity.delete(sha256)) this.#roomOfActivity += bytes.length + bytesAround;
    return bytes;
  }

  /** Copied: what zlib gives may be a small part of what it holds. The first that does not fit is the last that is tried. */
  #pack(sha256: string, lines: Uint8Array): void {
    const bytes = Uint8Array.from(zstdCompressSync(lines, quickly));
    const left = this.#room - bytes.length;
    this.#room = Math.max(0, left);
    if (left >= 0) this.#packed.set(sha256, { bytes, length: lines.length });
  }
}

/** Zlib takes no smaller one. */
const leastChunk = 64;
