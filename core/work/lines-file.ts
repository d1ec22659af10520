import type { WorkStore } from '../ports/work-store.ts';

export const linesAFile = 10_000;

/** Writes records, a line each, into numbered files of bounded size. */
export class LinesFile {
  readonly files: string[] = [];
  readonly #work: WorkStore;
  readonly #keyOf: (number: number) => string;
  #waiting: string[] = [];

  constructor(work: WorkStore, keyOf: (number: number) => string) {
    this.#work = work;
    this.#keyOf = keyOf;
  }

  async add(record: object): Promise<void> {
    this.#waiting.push(JSON.stringify(record));
    if (this.#waiting.length === linesAFile) await this.close();
  }

  /** Writes what is waiting. */
  async close(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const key = this.#keyOf(this.files.length + 1);
    await this.#work.write(key, `${this.#waiting.join('\n')}\n`);
    this.files.push(key);
    this.#waiting = [];
  }
}
