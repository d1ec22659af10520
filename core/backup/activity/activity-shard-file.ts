import type { StoredFile } from '../../backup-format/manifest.ts';
import { arrayFileOfBytes } from '../../backup-format/record-files.ts';

/** Bytes of lines in a file: what one invocation holds of a shard, whatever its objects have. */
const mostBytes = 16 * 1024 * 1024;

/**
 * The lines of a shard's objects, of one kind, in files. The objects come in any order; their lines are stored in the order of the
 * unit, and cut by their sizes alone, so that whoever does it again stores the same bytes.
 */
export class ActivityShardFile {
  readonly stored: StoredFile[];
  readonly #objects: number;
  readonly #store: (part: number, bytes: Uint8Array, lines: number) => Promise<StoredFile>;
  /** By place: what came before its turn. Null for an object without a line. */
  readonly #came = new Map<number, Uint8Array | null>();
  /** What is to stand in the next file. */
  #waiting: Uint8Array[];
  #bytes: number;
  #next: number;
  #writing: Promise<void> = Promise.resolve();

  /**
   * @param objects how many the shard has
   * @param earlier what an earlier invocation has left: files, lines that wait for theirs, and how many objects those are of
   */
  constructor(
    objects: number,
    store: (part: number, bytes: Uint8Array, lines: number) => Promise<StoredFile>,
    earlier: { readonly stored: readonly StoredFile[]; readonly lines: readonly string[]; readonly done: number },
  ) {
    this.#objects = objects;
    this.#store = store;
    this.stored = [...earlier.stored];
    this.#waiting = earlier.lines.map((line) => new TextEncoder().encode(line));
    this.#bytes = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    this.#next = earlier.done;
  }

  /** The lines that have no file yet. */
  get waiting(): string[] {
    return this.#waiting.map((line) => new TextDecoder().decode(line));
  }

  /** Takes the line of the object at a place; undefined where it has none. Stores what is full, and all with the last object. */
  add(place: number, line: string | undefined): Promise<void> {
    this.#came.set(place, line === undefined ? null : new TextEncoder().encode(line));
    this.#writing = this.#writing.then(() => this.#takeTurns());
    return this.#writing;
  }

  async #takeTurns(): Promise<void> {
    for (let line = this.#came.get(this.#next); line !== undefined; line = this.#came.get(this.#next)) {
      if (line && this.#waiting.length > 0 && this.#bytes + line.length > mostBytes) await this.#write();
      if (line) {
        this.#waiting.push(line);
        this.#bytes += line.length;
      }
      this.#came.delete(this.#next);
      this.#next += 1;
      if (this.#next === this.#objects && this.#waiting.length > 0) await this.#write();
    }
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.stored.push(await this.#store(this.stored.length + 1, arrayFileOfBytes(lines), lines.length));
    this.#waiting = [];
    this.#bytes = 0;
  }
}
