import { open, realpath, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isBackupName } from '../core/backup-format/keys.ts';
import { NoSuchBackupError, WrongInputError } from '../core/errors.ts';
import { shellCommand } from '../core/shell-word.ts';
import { localRoot } from '../local/local-root.ts';

/**
 * The folder that `--local`, or another option, names; or, where nothing is to be made in it, a zip of a backup of the original scripts.
 * Throws WrongInputError where it is another file, or the kernel's, and where it is not there NoSuchBackupError, unless it is to be made.
 */
export async function localFolder(
  directory: string,
  { isMade, option = '--local' }: { readonly isMade: boolean; readonly option?: string },
): Promise<string> {
  const kind = await kindOf(directory);
  if (isMade) refuseScripts(directory, option);
  if (kind === 'file') {
    if (!isMade && (await isZip(directory))) return directory;
    throw new WrongInputError(
      `${directory} is a file; ${option} needs a folder${isMade ? '' : ', or a zip of a backup of the original scripts'}.`,
    );
  }
  if (await isOfKernel(resolve(directory))) {
    throw new WrongInputError(
      `${directory} lies in what the kernel shows as files, as /proc and /sys are: nothing can be stored there. ${option} needs a folder on a disk.`,
    );
  }
  if (kind === undefined && !isMade) {
    const first = shellCommand('backup', '--local', directory, '--site', 'site.json');
    const next = option === '--local' ? ` The first one: ${first}` : '';
    throw new NoSuchBackupError(`There is no folder ${directory} (${option}), and so no backup in it.${next}`);
  }
  return directory;
}

/** Nothing is ever written into a backup of the original scripts. Throws WrongInputError. */
function refuseScripts(directory: string, option: string): void {
  const { root, only } = localRoot(directory);
  if (only === null || (only.kind === 'zip' && !directory.toLowerCase().endsWith('.zip'))) return;
  throw new WrongInputError(
    `${directory} is a backup of the original scripts, into which nothing is written: ${option} needs a folder of backups, such as ${root}.`,
  );
}

/** Whether a file begins as a zip does, or as an empty one. */
async function isZip(path: string): Promise<boolean> {
  // What cannot be looked into is a file all the same.
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const start = Buffer.alloc(4);
    await handle.read(start, 0, 4, 0);
    return start.toString('latin1') === 'PK\u0003\u0004' || start.toString('latin1') === 'PK\u0005\u0006';
  } finally {
    await handle.close();
  }
}

/**
 * The folder that `--to` of a copy names. Throws WrongInputError also where it is a backup's own or the work folder, or lies in one: whoever
 * deletes the backup, or tidies up, would take the copy with it.
 */
export async function folderForCopies(directory: string): Promise<string> {
  await localFolder(directory, { isMade: true, option: '--to' });
  const inside = (await realFolder(directory)).split(sep).find((part) => isBackupName(part) || part === '.work');
  if (inside === undefined) return directory;
  const what = inside === '.work' ? 'a work folder' : 'the folder of one backup';
  throw new WrongInputError(
    `${directory} (--to) is ${what} (${inside}), or lies in one. Name the folder in which backups are to lie: each gets one of its own there.`,
  );
}

/** Where a folder lies really, however it is named, also one that is not there yet. */
export async function realFolder(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch {
    // Missing, or closed to us, which its first use says.
    const path = resolve(directory);
    return dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path));
  }
}

/** File systems without a disk, by the number that statfs(2) gives them: proc, sysfs, cgroups, and the like. */
const kernelFileSystems: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0x62656570, 0xcafe4a11, 0x1cd1,
  0x6165676c, 0xde5e81e4, 0x19800202, 0x65735543, 0x42494e4d, 0xf97cff8c,
]);

/** Of a folder that is missing, the one above tells. */
async function isOfKernel(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return kernelFileSystems.has((await statfs(path)).type >>> 0);
  } catch {
    // Missing, or closed to us: what else is wrong with it, its first use says.
    return dirname(path) !== path && isOfKernel(dirname(path));
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') return 'file';
    throw new WrongInputError(`The folder ${path} cannot be used (${String(code)}).`, { cause: error });
  }
}
