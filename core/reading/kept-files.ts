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

/** Bytes of objects that are kept. A restore goes over all objects some ten times, and they are about 700 bytes each. */
const mostKept = 64 * 1024 * 1024;
/** The part of that which histories and comments may take besides: a restore reads them once more, when it writes them. */
const shareOfActivity = 1 / 4;
/** What holds the bytes of one small file. */
const bytesAround = 512;

/**
 * What is kept of a backup's files from one step of a restore to the next. Of files of objects what a restore reads, an object a line. The
 * first ones stay in memory; each pass goes over them from the first to the last, so to keep the last ones instead would be to keep none.
 * Files of one object's activity as they are, until somebody takes them. They go by their sums: what is kept is what a list names,
 * whoever has read it.
 */
export class KeptFiles {
  readonly #lines = new Map<string, Uint8Array>();
  readonly #activity = new Map<string, Uint8Array>();
  #room: number;
  #roomOfActivity: number;

  constructor(room = mostKept) {
    this.#room = room;
    this.#roomOfActivity = room * shareOfActivity;
  }

  /** Undefined where the file has to be read. */
  linesOf({ sha256 }: StoredFile): Uint8Array | undefined {
    return this.#lines.get(sha256);
  }

  /**
   * The lines of a file that was read. Throws SyntaxError where it is no list of JSON.
   * @param bytes with the sum that the list says
   */
  skim({ sha256 }: StoredFile, bytes: Uint8Array): Uint8Array {
    const lines = skimmer.ofList(bytes);
    if (!this.#lines.has(sha256) && lines.length <= this.#room) {
      this.#room -= lines.length;
      this.#lines.set(sha256, lines);
    }
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
}
