import { KeyExistsError, LockLostError, VersionConflictError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { missingFile, readVersionedJson, swapJson } from './json-file.ts';

/**
 * A file of the work store that only one worker writes, by compare-and-swap: each write succeeds only where nobody else has
 * written since. A worker that loses that condition has a rival, and stops.
 */
export class SwappedFile {
  readonly #work: WorkStore;
  readonly #key: string;
  #version: string;
  #writing: Promise<void> = Promise.resolve();

  private constructor(work: WorkStore, key: string, version: string) {
    this.#work = work;
    this.#key = key;
    this.#version = version;
  }

  /** A file that is there, with what stands in it. Throws DamagedWorkFileError. */
  static async open<T>(work: WorkStore, key: string): Promise<{ file: SwappedFile; contents: T }> {
    const there = await readVersionedJson<T>(work, key);
    if (!there) throw missingFile(work, key);
    return { file: new SwappedFile(work, key, there.version), contents: there.value };
  }

  /** One write at a time, in the order of the calls; what is written is asked for when its turn comes. Throws LockLostError. */
  write(contents: () => unknown): Promise<void> {
    const write = this.#writing.then(() => this.#write(contents()));
    this.#writing = write.catch(() => undefined);
    return write;
  }

  async #write(contents: unknown): Promise<void> {
    try {
      this.#version = await swapJson(this.#work, this.#key, contents, this.#version);
    } catch (error) {
      if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
      throw new LockLostError(
        `Another worker writes ${this.#key}, so this one stops. Start the restore again: it goes on where it stopped.`,
        { cause: error },
      );
    }
  }
}
