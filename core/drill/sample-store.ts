import { MissingKeyError } from '../errors.ts';
import type { BackupStore, StoredKey } from '../ports/backup-store.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { drillKeys } from './drill-keys.ts';

/**
 * The sample as a backup: its manifest, its configuration and its objects lie in the drill's folder, while what it has of activity and of
 * images is the backup's own, by the same keys and with the same checksums. So the steps of a restore read it as any other backup.
 */
export class SampleStore implements BackupStore {
  readonly #backups: BackupStore;
  readonly #work: WorkStore;

  /** @param work of the drill */
  constructor(backups: BackupStore, work: WorkStore) {
    this.#backups = backups;
    this.#work = work;
  }

  create(key: string): Promise<void> {
    return readOnly(key);
  }

  copy(_from: unknown, key: string): Promise<void> {
    return readOnly(key);
  }

  async read(key: string, mostBytes?: number): Promise<Uint8Array> {
    if (isOfBackup(key)) return this.#backups.read(key, mostBytes);
    const there = await this.#work.read(drillKeys.stored(key));
    if (!there) throw new MissingKeyError(this.addressOf(key));
    return new TextEncoder().encode(there.text);
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    if (isOfBackup(key)) yield* this.#backups.stream(key);
    else yield await this.read(key);
  }

  /** Of a sample nobody asks what else lies there. */
  async *list(): AsyncGenerator<StoredKey> {}

  async *folders(): AsyncGenerator<string> {}

  addressOf(key: string): string {
    return isOfBackup(key) ? this.#backups.addressOf(key) : this.#work.addressOf(drillKeys.stored(key));
  }
}

const isOfBackup = (key: string) => /\/(?:objects\/(?:history|comments)|config\/icons)\//.test(key);

async function readOnly(key: string): Promise<never> {
  throw new Error(`${key} was to be written, and a sample is only read.`);
}
