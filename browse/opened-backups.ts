import { manifestKey, mayNameBackup } from '../core/backup-format/keys.ts';
import type { Manifest } from '../core/backup-format/manifest.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import { BackupContents } from '../core/contents/backup-contents.ts';
import { MissingKeyError, NoSuchBackupError } from '../core/errors.ts';
import { partOf } from '../core/ports/backup-store.ts';
import { Semaphore } from '../core/semaphore.ts';
import type { BrowsedPlace } from './browsed-place.ts';
import { BackupIndex } from './index/backup-index.ts';

/** A backup that somebody looks into. */
export interface OpenedBackup {
  readonly contents: BackupContents;
  readonly index: BackupIndex;
}

/** Of so many what little is held of them stays. */
const mostOpen = 4;

/** Backups that were looked into last. Their indexes stay open: those of a process of its own have no name any more. */
export class OpenedBackups {
  readonly #place: BrowsedPlace;
  readonly #contents = new Map<string, Promise<BackupContents>>();
  /** By the seals of manifests. */
  readonly #indexes = new Map<string, BackupIndex>();
  readonly #builds = new Semaphore(1);
  readonly #stopped = new AbortController();

  constructor(place: BrowsedPlace) {
    this.#place = place;
  }

  /** Throws NoSuchBackupError, DamagedBackupError, UnsupportedFormatError. */
  async open(name: string): Promise<OpenedBackup> {
    const contents = await this.contents(name);
    const { indexes, searchesValues } = this.#place;
    const { name: backup, seal = '' } = contents.manifest;
    const known = this.#indexes.get(`${seal} ${backup}`);
    const place = { indexes, withValues: searchesValues, builds: this.#builds, signal: this.#stopped.signal };
    const index = known ?? new BackupIndex(contents, place);
    this.#indexes.set(`${seal} ${backup}`, index);
    return { contents, index };
  }

  /** Throws what `open` does. */
  async manifest(name: string): Promise<Manifest> {
    if (!mayNameBackup(name)) throw new NoSuchBackupError('There is no backup of such a name.');
    return openBackup(this.#place.backups, name);
  }

  /** Throws what `open` does, also where the backup was deleted since it was read. */
  async contents(name: string): Promise<BackupContents> {
    const known = this.#contents.get(name);
    const contents = known && (await this.#isThere(name)) ? known : this.#read(name);
    // The one that was asked for last stands at the end.
    this.#contents.delete(name);
    this.#contents.set(name, contents);
    contents.catch(() => this.#contents.delete(name));
    const [oldest] = this.#contents.keys();
    if (this.#contents.size > mostOpen && oldest !== undefined) this.#contents.delete(oldest);
    return contents;
  }

  async close(): Promise<void> {
    this.#stopped.abort(new Error('The server has ended.'));
    await Promise.all([...this.#indexes.values()].map((index) => index.close()));
  }

  /** A backup goes with its manifest: that is what pruning deletes first. */
  async #isThere(name: string): Promise<boolean> {
    try {
      await partOf(this.#place.backups, manifestKey(name), 0, 1);
      return true;
    } catch (error) {
      if (error instanceof MissingKeyError) return false;
      throw error;
    }
  }

  async #read(name: string): Promise<BackupContents> {
    return BackupContents.open(this.#place.backups, await this.manifest(name));
  }
}
