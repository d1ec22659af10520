import { DamagedBackupError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { type StoredFile, sha256 } from './manifest.ts';
import { lines } from './record-files.ts';

/** Lines in one list file: some 4 MB. */
export const mostLines = 20_000;

/** Writes lines into numbered `.jsonl` files of bounded size, and says what it wrote. */
export class ListWriter {
  readonly files: StoredFile[] = [];
  readonly #keyOf: (number: number) => string;
  readonly #store: (key: string, bytes: Uint8Array, records: number) => Promise<StoredFile>;
  #waiting: string[] = [];

  constructor(
    keyOf: (number: number) => string,
    store: (key: string, bytes: Uint8Array, records: number) => Promise<StoredFile>,
  ) {
    this.#keyOf = keyOf;
    this.#store = store;
  }

  async add(record: object): Promise<void> {
    this.#waiting.push(JSON.stringify(record));
    if (this.#waiting.length === mostLines) await this.close();
  }

  async close(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = new TextEncoder().encode(`${this.#waiting.join('\n')}\n`);
    this.files.push(await this.#store(this.#keyOf(this.files.length + 1), bytes, this.#waiting.length));
    this.#waiting = [];
  }
}

/** A reference whose object is not in the backup, as `references-outside` lists it. */
export interface OutsideReference {
  readonly from: string;
  readonly attribute: string;
  readonly to: string;
}

/** The records of a `.jsonl` list. Throws DamagedBackupError where its bytes are not what the manifest says. */
export async function* checkedList<T>(backups: BackupStore, list: StoredFile): AsyncGenerator<T> {
  const bytes = await backups.read(list.key);
  if (sha256(bytes) !== list.sha256)
    throw new DamagedBackupError(`${list.key} is damaged: its SHA-256 is not the manifest's.`);
  for await (const line of lines([bytes])) yield JSON.parse(line) as T;
}
