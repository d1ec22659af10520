import { constants, mkdtempSync, rmSync } from 'node:fs';
import { access, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, diskError } from '../adapters/disk/disk-error.ts';
import { PrivateFolders } from '../adapters/disk/private-folders.ts';
import type { Manifest } from '../core/backup-format/manifest.ts';
import { safeName } from '../core/backup-format/safe-name.ts';
import { localRoot } from './local-root.ts';

/**
 * Where `browse` keeps the indexes of backups, a file each, bound to the seal of its manifest. Only their owner may read them. Any of them
 * may be removed at any time, and is made again.
 */
export class BrowseFolder {
  readonly areTemporary: boolean;
  readonly #path: string;
  readonly #folders = new PrivateFolders();

  private constructor(path: string, areTemporary: boolean) {
    this.#path = path;
    this.areTemporary = areTemporary;
  }

  /** Beside the backups; where nobody may write there, in a folder of this process. Throws StorageError. */
  static async beside(directory: string): Promise<BrowseFolder> {
    const path = folderOf(directory);
    try {
      await new PrivateFolders().ensure(path);
      await access(path, constants.W_OK);
      return new BrowseFolder(path, false);
    } catch (error) {
      if (notWritable.has(codeOf(error))) return BrowseFolder.temporary();
      throw diskError(error, path);
    }
  }

  /** For this process alone: it goes with it. */
  static temporary(): BrowseFolder {
    const path = mkdtempSync(join(tmpdir(), 'assets-backup-browse-'));
    process.once('exit', () => rmSync(path, { recursive: true, force: true }));
    return new BrowseFolder(path, true);
  }

  /** The file of a backup's index. One that was made before the backup became another goes; what another process adds to this one stays. */
  async pathOf({ name, seal = '' }: Manifest): Promise<string> {
    await this.#folders.ensure(this.#path);
    const own = `${safeName(name)}.${seal.slice(0, 16)}.sqlite`;
    await this.#remove((file) => backupIn(file) === safeName(name) && !file.startsWith(own));
    return join(this.#path, own);
  }

  /** Removes the indexes of backups that are gone, and what was never finished. */
  async keepOnly(backups: Iterable<string>): Promise<void> {
    const kept = new Set(Array.from(backups, safeName));
    await this.#remove((file) => {
      const backup = backupIn(file);
      return backup !== undefined && !kept.has(backup);
    });
  }

  async #remove(isOld: (file: string) => boolean): Promise<void> {
    for (const file of await readdir(this.#path)) {
      const path = join(this.#path, file);
      if (isOld(file) || (isUnfinished(file) && (await isDayOld(path)))) await rm(path, { force: true });
    }
  }
}

/** What pruning takes along: the indexes of backups that are not there any more. */
export async function pruneIndexes(directory: string, backups: Iterable<string>): Promise<void> {
  const isThere = await stat(folderOf(directory)).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw diskError(error, folderOf(directory));
    },
  );
  if (isThere) await (await BrowseFolder.beside(directory)).keepOnly(backups);
}

const folderOf = (directory: string) => join(localRoot(directory).root, '.work', 'browse');

/** The last is what /proc says. */
const notWritable: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOENT']);

/** The backup's name as files have it. Whatever is added while an index is made stands behind. */
const backupIn = (file: string) => /^(.*)\.[0-9a-f]{0,16}\.sqlite/.exec(file)?.[1];
const isUnfinished = (file: string) => file.endsWith('.new');

async function isDayOld(path: string): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < Date.now() - 86_400_000;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw diskError(error, path);
  }
}
