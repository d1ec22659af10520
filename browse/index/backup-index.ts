import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import type { BackupContents } from '../../core/contents/backup-contents.ts';
import { AssetsBackupError, StorageError } from '../../core/errors.ts';
import type { Semaphore } from '../../core/semaphore.ts';
import type { Indexing } from '../../pages/answers.ts';
import type { IndexFiles } from '../browsed-place.ts';
import { buildIndex } from './build-index.ts';
import { ColumnTables } from './column-tables.ts';
import { indexVersion } from './index-schema.ts';
import { ObjectIndex } from './object-index.ts';
import { openDatabase } from './open-database.ts';

export interface IndexPlace {
  readonly indexes: IndexFiles;
  readonly withValues: boolean;
  /** One index is made at a time. */
  readonly builds: Semaphore;
  /** Ends what is being made. */
  readonly signal: AbortSignal;
}

export interface ReadyIndex {
  readonly objects: ObjectIndex;
  readonly columns: ColumnTables;
}

/** The index of one backup: found, or made while the server answers all that needs none. */
export class BackupIndex {
  readonly #contents: BackupContents;
  readonly #place: IndexPlace;
  #making: Promise<void> | undefined;
  #ready: ReadyIndex | undefined;
  #failure: unknown;
  #done = 0;

  constructor(contents: BackupContents, place: IndexPlace) {
    this.#contents = contents;
    this.#place = place;
  }

  /** Undefined while it is made, which begins now at the latest. What kept it from being made is thrown once, and then tried again. */
  get ready(): ReadyIndex | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    this.#making ??= this.#make().catch((error: unknown) => {
      this.#failure = error;
      this.#making = undefined;
    });
    return this.#ready;
  }

  get progress(): Indexing {
    return { state: 'indexing', what: 'backup', done: this.#done, total: this.#contents.manifest.counts.objects };
  }

  /** Once nothing is made any more. */
  async close(): Promise<void> {
    await this.#making;
    this.#ready?.objects.close();
  }

  async #make(): Promise<void> {
    const { indexes, withValues } = this.#place;
    const path = await indexes.pathOf(this.#contents.manifest);
    const seal = this.#contents.manifest.seal ?? '';
    let objects = openIndex(path, seal, withValues);
    // What was damaged then may have been put back since.
    if (objects && objects.damage.length > 0) {
      objects.close();
      objects = undefined;
    }
    if (!objects) {
      await this.#place.builds.run(() => this.#build(path));
      objects = openIndex(path, seal, withValues);
    }
    if (!objects) throw new StorageError(`The index ${path} cannot be read, although it was just written.`);
    if (indexes.areTemporary && process.platform !== 'win32') rmSync(path, { force: true });
    this.#ready = { objects, columns: new ColumnTables(objects) };
  }

  async #build(path: string): Promise<void> {
    const { withValues, signal } = this.#place;
    const made = `${path}.${process.pid}-${randomUUID()}.new`;
    this.#done = 0;
    const onObjects = (count: number) => {
      this.#done += count;
    };
    try {
      closeSync(openSync(made, 'wx', 0o600));
      await buildIndex({ contents: this.#contents, path: made, withValues, signal, onObjects });
      const file = openSync(made, 'r');
      fsyncSync(file);
      closeSync(file);
      renameSync(made, path);
    } catch (error) {
      if (error instanceof AssetsBackupError || signal.aborted) throw error;
      const isOfDisk = error instanceof Error && 'code' in error;
      throw isOfDisk
        ? new StorageError(`The index ${path} could not be written: is the disk full?`, { cause: error })
        : error;
    } finally {
      rmSync(made, { force: true });
    }
  }
}

/** Undefined where there is none, or none that is whole and of this backup as it is. */
function openIndex(path: string, seal: string, withValues: boolean): ObjectIndex | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const database = openDatabase(path, { readOnly: true });
  try {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
    const about = version === indexVersion ? database.prepare('SELECT seal, has_values FROM about').get() : undefined;
    if (about?.seal === seal && about.has_values === (withValues ? 1 : 0)) {
      // Of a stack no value comes to rest on this machine's disk, not even of one column.
      database.exec(`PRAGMA cache_size=-2000; PRAGMA temp_store=${withValues ? 'FILE' : 'MEMORY'}`);
      return new ObjectIndex(database);
    }
  } catch {
    // Somebody has written over it: it is made anew.
  }
  database.close();
  return undefined;
}
