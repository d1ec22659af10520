import { diffKeys } from '../core/diff/diff-keys.ts';
import type { DiffLine } from '../core/diff/diff-lines.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import { type ListWriter, workList } from '../core/work-store/list-writer.ts';
import { mayNotWrite } from '../local/may-not-write.ts';

/** Lines held before they are written, whatever is shown of them. */
const mostHeld = 1_000;

/**
 * All lines of a comparison, for whoever wants to see more than is shown: in files of the work store, which are only written where
 * there is more, since they hold values.
 */
export class KeptLines {
  readonly #list: ListWriter<string>;
  readonly #held: DiffLine[] = [];
  #isWritten = false;
  #isRefused = false;

  constructor(work: WorkStore, diff: string) {
    this.#list = workList(work, (number) => diffKeys(diff).lines(0, number));
  }

  async add(line: DiffLine): Promise<void> {
    this.#held.push(line);
    if (this.#held.length >= mostHeld) await this.#write();
  }

  /** Gives the keys of the files; null where nobody may write them. */
  async close(isNeeded: boolean): Promise<readonly string[] | null> {
    if (!isNeeded && !this.#isWritten) return [];
    await this.#write();
    await this.#unlessRefused(() => this.#list.close());
    return this.#isRefused ? null : this.#list.files;
  }

  async #write(): Promise<void> {
    this.#isWritten = true;
    const lines = this.#held.splice(0);
    await this.#unlessRefused(async () => {
      for (const line of lines) await this.#list.add(line);
    });
  }

  /** Whoever may only read a folder compares its backups all the same. */
  async #unlessRefused(write: () => Promise<void>): Promise<void> {
    if (this.#isRefused) return;
    try {
      await write();
    } catch (error) {
      if (!mayNotWrite(error)) throw error;
      this.#isRefused = true;
    }
  }
}
