import { randomUUID } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { access, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DirectoryBackupStore } from '../adapters/disk/directory-backup-store.ts';
import { DirectoryWorkStore } from '../adapters/disk/directory-work-store.ts';
import { codeOf, diskError } from '../adapters/disk/disk-error.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import { safeName } from '../core/backup-format/safe-name.ts';
import { DamagedBackupError, NoSuchBackupError } from '../core/errors.ts';
import { convertScripts } from '../core/original-scripts/convert-backup.ts';
import type { ScriptTree } from '../core/original-scripts/script-tree.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import packageFile from '../package.json' with { type: 'json' };

/** Below the work folder: what lies there may be removed at any time when nothing runs, and is made again. */
const convertedFolder = 'converted';
/** What nobody has finished, or what was made of files that have changed since, goes after a day: somebody may still read it. */
const keptMilliseconds = 86_400_000;

/** A backup of the scripts as one of ours, in a store of its own. */
export interface ConvertedStore {
  readonly store: BackupStore;
  /** Every file was read for it just now; otherwise it was made before, of the very same files. */
  readonly isMadeNow: boolean;
}

/** Finds it, or makes it. Throws StorageError. */
export async function convertedStore(root: string, tree: ScriptTree): Promise<ConvertedStore> {
  const folder = folderOf(root, tree);
  try {
    const isMadeNow = (await sealIn(folder, tree)) === undefined;
    if (!isMadeNow) return { store: new DirectoryBackupStore(folder), isMadeNow };
    if (!(await canHold(dirname(folder)))) {
      return { store: new DirectoryBackupStore(await convertBeside(await ownFolder(), tree)), isMadeNow };
    }
    await clearOld(folder);
    await putInPlace(await convertBeside(folder, tree), folder);
    return { store: new DirectoryBackupStore(folder), isMadeNow };
  } finally {
    await tree.close();
  }
}

/** The same, of which every file was read anew; `isAsBefore` is false where the same files gave another thing before. */
export async function convertedStoreAgain(
  root: string,
  tree: ScriptTree,
): Promise<{ readonly store: BackupStore; readonly isAsBefore: boolean }> {
  const folder = folderOf(root, tree);
  try {
    if (!(await canHold(dirname(folder)))) {
      const store = new DirectoryBackupStore(await convertBeside(await ownFolder(), tree));
      return { store, isAsBefore: true };
    }
    const before = await sealIn(folder, tree);
    const made = await convertBeside(folder, tree);
    const now = await sealIn(made, tree);
    if (before !== now) await remove(folder);
    await putInPlace(made, folder);
    return { store: new DirectoryBackupStore(folder), isAsBefore: before === undefined || before === now };
  } finally {
    await tree.close();
  }
}

/** An archive may lie where nobody writes. */
async function canHold(folder: string): Promise<boolean> {
  try {
    // One by one: of a read-only disk, a `recursive` one says that something is missing.
    for (const one of [dirname(folder), folder]) {
      await mkdir(one, { mode: 0o700 }).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
    }
    await access(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (notWritable.has(codeOf(error))) return false;
    throw diskError(error, folder);
  }
}

/** The last is what /proc says. */
const notWritable: ReadonlySet<string | undefined> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOENT']);

/** For this process alone, which nobody else may read, and which goes with it. */
async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assets-backup-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, convertedFolder);
}

function folderOf(root: string, { name, fingerprint }: ScriptTree): string {
  return join(root, '.work', convertedFolder, `${safeName(name)}-${packageFile.version}-${fingerprint}`);
}

/** Undefined where there is none that is whole. */
async function sealIn(folder: string, { name }: ScriptTree): Promise<string | undefined> {
  try {
    return (await openBackup(new DirectoryBackupStore(folder), name)).seal;
  } catch (error) {
    if (error instanceof NoSuchBackupError || error instanceof DamagedBackupError) return undefined;
    throw error;
  }
}

/** Gives the folder in which it was made, beside that which it is for. What the conversion left for itself is gone from there. */
async function convertBeside(folder: string, tree: ScriptTree): Promise<string> {
  const made = `${folder}.${randomUUID()}`;
  const nothing = () => {};
  try {
    await convertScripts(
      {
        backups: new DirectoryBackupStore(made),
        work: new DirectoryWorkStore(made),
        reporter: { planned: nothing, advanced: nothing, requested: nothing, event: nothing },
        version: packageFile.version,
      },
      tree,
    );
    await remove(join(made, '.work'));
    return made;
  } catch (error) {
    await remove(made).catch(() => undefined);
    throw error;
  }
}

/** Another process may have been quicker: then what it has made is taken. */
async function putInPlace(made: string, folder: string): Promise<void> {
  try {
    await rename(made, folder);
  } catch (error) {
    if (!taken.has(codeOf(error))) throw diskError(error, folder);
    await remove(made);
  }
}

const taken: ReadonlySet<string | undefined> = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM']);

async function clearOld(folder: string): Promise<void> {
  const parent = dirname(folder);
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const stats = await lstat(join(parent, name)).catch(() => undefined);
    if (stats && stats.mtimeMs < Date.now() - keptMilliseconds) await remove(join(parent, name)).catch(() => undefined);
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw diskError(error, folder);
  });
}
