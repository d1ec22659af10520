import { firstName, isBelow } from '../backup-format/keys.ts';
import type { StoredFile } from '../backup-format/manifest.ts';
import { DamagedWorkFileError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';

/**
 * What the records of a run say that it has stored, held against what lies in the store: what is sealed must be there, once,
 * and in this backup, whoever has written a record. Contents are not read again: `verify` does that.
 */
export class NamedFiles {
  readonly #backups: BackupStore;
  readonly #backup: string;
  /** Key and size, by the name that the file was to have. */
  readonly #files = new Map<string, readonly [key: string, bytes: number]>();

  constructor(backups: BackupStore, backup: string) {
    this.#backups = backups;
    this.#backup = backup;
  }

  /** Throws DamagedWorkFileError where the file is of another backup, or was named before. */
  add({ key, bytes }: StoredFile): void {
    if (!isBelow(key, this.#backup)) throw wrong(`${key}, which is not in ${this.#backup}`);
    if (this.#files.has(firstName(key))) throw wrong(`${key} twice, so one of two files is not there`);
    this.#files.set(firstName(key), [key, bytes]);
  }

  /** Throws DamagedWorkFileError where one is not there, or of another size. */
  async check(): Promise<void> {
    for await (const { key, bytes } of this.#backups.list(`${this.#backup}/`)) {
      const [named, size] = this.#files.get(firstName(key)) ?? [];
      if (named !== key) continue;
      if (size !== bytes) throw wrong(`${key} with ${size} bytes, but it has ${bytes}`);
      this.#files.delete(firstName(key));
    }
    for (const [key] of this.#files.values()) throw wrong(`${key}, which is not stored`);
  }
}

function wrong(what: string): DamagedWorkFileError {
  return new DamagedWorkFileError(
    `The records of this run name ${what}. No manifest is written: start a new backup, and where that comes again, find out who writes to the work store (docs/security.md).`,
  );
}
