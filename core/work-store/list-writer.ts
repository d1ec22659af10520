import { harmlessJson } from '../harmless.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** Writes records, a line each, into numbered `.jsonl` files of bounded size, and says what it wrote. */
export class ListWriter<File> {
  readonly files: File[] = [];
  readonly #linesAFile: number;
  readonly #store: (number: number, text: string, lines: number) => Promise<File>;
  #waiting: string[] = [];

  /** @param store stores a file under its number, from 1 */
  constructor(linesAFile: number, store: (number: number, text: string, lines: number) => Promise<File>) {
    this.#linesAFile = linesAFile;
    this.#store = store;
  }

  async add(record: object): Promise<void> {
    this.#waiting.push(harmlessJson(record));
    if (this.#waiting.length === this.#linesAFile) await this.close();
  }

  /** Writes what is waiting. */
  async close(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const text = `${this.#waiting.join('\n')}\n`;
    this.files.push(await this.#store(this.files.length + 1, text, this.#waiting.length));
    this.#waiting = [];
  }
}

/** Lines a file of a list in the work store. */
const linesAFile = 10_000;

/** A list in the work store; its files are known by their keys. */
export function workList(work: WorkStore, keyOf: (number: number) => string): ListWriter<string> {
  return new ListWriter(linesAFile, async (number, text) => {
    await work.write(keyOf(number), text);
    return keyOf(number);
  });
}
