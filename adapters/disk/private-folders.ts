import { closeSync, fsync, openSync } from 'node:fs';
import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, diskError } from './disk-error.ts';

/**
 * Makes folders that only their owner may enter, and makes sure that what was put into a folder survives a power cut.
 * Folders that are there already keep their mode.
 */
export class PrivateFolders {
  readonly #root: string | undefined;
  readonly #made = new Map<string, Promise<void>>();
  readonly #syncs = new Map<string, FolderSync>();

  /** @param root below it a link to a folder counts as no folder: nothing is written through one */
  constructor(root?: string) {
    this.#root = root;
  }

  /** Makes the folder and those above it where they are missing. Asked again for the same folder it costs nothing. */
  ensure(folder: string): Promise<void> {
    const known = this.#made.get(folder);
    if (known !== undefined) return known;
    const making = this.#make(folder).catch((error: unknown) => {
      this.#made.delete(folder);
      throw error;
    });
    this.#made.set(folder, making);
    return making;
  }

  /** To be called where a folder turned out to be gone, or was removed. */
  forget(): void {
    this.#made.clear();
  }

  /**
   * Returns once all names that were in the folder at the time of the call are safe on the disk. Many calls at once share one
   * fsync: with 64 files being created together it is needed some hundred times for 5,000 files.
   */
  async sync(folder: string): Promise<void> {
    const sync = this.#syncs.get(folder) ?? new FolderSync(folder);
    this.#syncs.set(folder, sync);
    await sync.run();
    if (sync.isIdle) this.#syncs.delete(folder);
  }

  async #make(folder: string): Promise<void> {
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return await this.#refuseFile(folder, error);
      if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
      // Remembered or not, the folder above is gone.
      this.#made.delete(dirname(folder));
      await this.ensure(dirname(folder));
      // A folder that is there and says so again is none of a disk: /proc takes no new ones.
      await mkdir(folder, { mode: 0o700 }).catch((again: unknown) => {
        if (codeOf(again) !== 'EEXIST') throw again;
        return this.#refuseFile(folder, again);
      });
    }
    await makePrivate((mode) => chmod(folder, mode), 0o700);
    await this.sync(dirname(folder));
  }

  async #refuseFile(path: string, cause: unknown): Promise<void> {
    const isBelow = this.#root !== undefined && path.startsWith(this.#root + sep);
    if (!(await (isBelow ? lstat(path) : stat(path))).isDirectory())
      throw Object.assign(new Error('not a folder', { cause }), { code: 'ENOTDIR', syscall: 'mkdir' });
  }
}

/** Sets the mode whatever the umask took away. Disks without modes (FAT, some network disks) have their own for all files. */
export async function makePrivate(change: (mode: number) => Promise<void> | void, mode: number): Promise<void> {
  try {
    await change(mode);
  } catch (error) {
    if (!withoutModes.has(codeOf(error))) throw error;
  }
}

/** Whether other users of this machine may look into a folder. One that is not there is closed to them. */
export async function othersMayEnter(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  try {
    return ((await stat(folder)).mode & 0o077) !== 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw diskError(error, folder);
  }
}

const withoutModes: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** One fsync at a time; those who come while it runs share the next one, because the running one may have begun too early for them. */
class FolderSync {
  readonly #folder: string;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isIdle(): boolean {
    return this.#running === undefined && this.#next === undefined;
  }

  run(): Promise<void> {
    this.#next ??= this.#afterRunning();
    return this.#next;
  }

  async #afterRunning(): Promise<void> {
    // A failure is told to those who waited for that one.
    await this.#running?.catch(() => undefined);
    this.#running = this.#next;
    this.#next = undefined;
    try {
      await syncFolder(this.#folder);
    } finally {
      this.#running = undefined;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  let file: number | undefined;
  try {
    file = openSync(folder, 'r');
    await synced(file);
  } catch (error) {
    if (!cannotSyncFolders(codeOf(error))) throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const synced = promisify(fsync);

/** Windows cannot open a folder and writes its names in order by itself; some network disks refuse to sync one. */
function cannotSyncFolders(code: string | undefined): boolean {
  if (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES')) return true;
  return code === 'EISDIR' || code === 'EINVAL' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS';
}
