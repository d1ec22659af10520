import { rmdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MissingKeyError, StorageError } from '../../core/errors.ts';
import type { BackupDeleter } from '../../core/ports/backup-deleter.ts';
import { sideBySide } from '../../core/side-by-side.ts';
import type { DirectoryBackupStoreOptions } from './directory-backup-store.ts';
import { codeOf, diskError, saysMissing } from './disk-error.ts';
import { KeyPaths } from './key-path.ts';
import { PrivateFolders } from './private-folders.ts';
import { checkWay, NotAFile } from './regular-file.ts';

const filesAtOnce = 64;

/**
 * Deletes files of a `DirectoryBackupStore`, and the folders that this empties: gone for good, also after a power cut, when it
 * returns. What is no regular file, or lies behind a link, is left as it is and named. Of a file with a second name (`hardLinks`) only
 * this one goes. A disk locks nothing.
 */
export class DirectoryBackupDeleter implements BackupDeleter {
  readonly #root: string;
  readonly #paths: KeyPaths;
  readonly #folders = new PrivateFolders();

  /** @param root the folder of the backups, as DirectoryBackupStore takes it */
  constructor(root: string, { hidden = [] }: Pick<DirectoryBackupStoreOptions, 'hidden'> = {}) {
    this.#root = resolve(root);
    this.#paths = new KeyPaths(hidden);
  }

  async lockedUntil(key: string): Promise<null> {
    if (!(await this.#isThere(key))) throw new MissingKeyError(`There is no ${key} in ${this.#root}.`);
    return null;
  }

  async delete(keys: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    await sideBySide(keys, filesAtOnce, async (key) => {
      if (!(await this.#isThere(key))) return;
      const path = this.#pathOf(key);
      await this.#inWords(path, () => unlink(path).catch((error: unknown) => this.#unlessMissing(error)));
      folders.add(dirname(path));
    });
    for (const folder of deepestFirst(folders)) await this.#inWords(folder, () => this.#tidy(folder));
  }

  /** Removes a folder that is empty, and those above it that are so then; of the first one that stays the names are made safe. */
  async #tidy(folder: string): Promise<void> {
    for (let empty = folder; ; empty = dirname(empty)) {
      if (empty !== this.#root && (await isRemoved(empty))) continue;
      return await this.#folders.sync(empty);
    }
  }

  async #isThere(key: string): Promise<boolean> {
    const path = this.#pathOf(key);
    return this.#inWords(path, async () => {
      try {
        checkWay(this.#root, path);
        return true;
      } catch (error) {
        if (error instanceof NotAFile) throw new StorageError(`${path} ${error.instead}, so it is not deleted.`);
        await this.#unlessMissing(error);
        return false;
      }
    });
  }

  async #unlessMissing(error: unknown): Promise<void> {
    if (!(await saysMissing(error, this.#root))) throw error;
  }

  async #inWords<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw diskError(error, path);
    }
  }

  #pathOf(key: string): string {
    return join(this.#root, ...this.#paths.encode(key.split('/')));
  }
}

const deepestFirst = (folders: Iterable<string>) => [...folders].sort((left, right) => right.length - left.length);

async function isRemoved(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    // ENOTEMPTY, and EEXIST on some systems: another file lies there. ENOENT: another process was first.
    if (codeOf(error) === 'ENOENT') return true;
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
