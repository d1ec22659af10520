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

/** Bytes that are kept. A restore goes over all objects some ten times, and they are about 700 bytes each. */
const mostKept = 64 * 1024 * 1024;

/**
 * Files of objects as a restore reads them, an object a line. The first ones stay in memory; each pass goes over them from the first to the
 * last, so to keep the last ones instead would be to keep none. They go by their sums: what is kept is what a list names, whoever has read it.
 */
export class KeptObjects {
  readonly #lines = new Map<string, Uint8Array>();
  #room: number;

  constructor(room = mostKept) {
    this.#room = room;
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
}
