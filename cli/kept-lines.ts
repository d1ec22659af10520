import { diffKeys } from '../core/diff/diff-keys.ts';
import type { DiffLine } from '../core/diff/diff-lines.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import { type ListWriter, workList } from '../core/work-store/list-writer.ts';

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

  constructor(work: WorkStore, diff: string) {
    this.#list = workList(work, (number) => diffKeys(diff).lines(0, number));
  }

  async add(line: DiffLine): Promise<void> {
    this.#held.push(line);
    if (this.#held.length >= mostHeld) await this.#write();
  }

  /** Gives the keys of the files. */
  async close(isNeeded: boolean): Promise<readonly string[]> {
    if (!isNeeded && !this.#isWritten) return [];
    await this.#write();
    await this.#list.close();
    return this.#list.files;
  }

  async #write(): Promise<void> {
    this.#isWritten = true;
    for (const line of this.#held.splice(0)) await this.#list.add(line);
  }
}
