import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { codeOf } from './disk-error.ts';

/**
 * Files of a store are regular files in real folders below its root, which may itself be a link. A pipe would hold its reader
 * for ever, a device give whatever it gives, and a link lead out of the folder, or to another backup's file.
 */

/** Something that is no regular file, or lies behind a link, in the place of one. */
export class NotAFile extends Error {
  /** To go on after the key or the path: `is a symbolic link`. */
  readonly instead: string;

  constructor(instead: string, options: ErrorOptions = {}) {
    super(instead, options);
    this.instead = instead;
  }

  /** There are longer keys that begin with this one. */
  get isFolder(): boolean {
    return this.instead === `is ${folder}`;
  }
}

const folder = 'a folder';

/** Opens a file below `root` for reading. Throws NotAFile, or what the disk says. */
export async function openRegular(root: string, path: string): Promise<FileHandle> {
  await checkWay(root, path);
  // A link that was put there since the look is refused as well.
  return await openFile(path, noLink);
}

/**
 * The text of a file, wherever it lies.
 * @param links whether it may be a link to one, as a person may make it
 * @throws NotAFile, or what the disk says
 */
export async function readText(path: string, { links }: { readonly links: boolean }): Promise<string> {
  const handle = await openFile(path, links ? 0 : noLink);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function openFile(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, readOnly | flags).catch((error: unknown) => {
    if (codeOf(error) === 'ELOOP') throw new NotAFile('is a symbolic link', { cause: error });
    if (codeOf(error) === 'ENXIO') throw new NotAFile('is a socket', { cause: error });
    throw error;
  });
  const stats = await handle.stat().catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  if (stats.isFile()) return handle;
  await handle.close();
  throw new NotAFile(`is ${kindOf(stats)}`);
}

/** Without waiting for who writes into a pipe, and without following a link. Windows has neither flag, nor such files. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const noLink = constants.O_NOFOLLOW ?? 0;

/** Looks at each step below the root. Throws NotAFile, or what the disk says. */
export async function checkWay(root: string, path: string): Promise<void> {
  const names = relative(root, path).split(sep);
  const steps = names.map((_, index) => join(root, ...names.slice(0, index + 1)));
  const looks = await Promise.allSettled(steps.map((step) => lstat(step)));
  for (const [index, look] of looks.entries()) {
    if (look.status === 'rejected') throw look.reason;
    const isLast = index === steps.length - 1;
    const stats = look.value;
    if (!isLast && stats.isSymbolicLink()) throw new NotAFile(`lies behind a symbolic link (${steps[index]})`);
    if (isLast && !stats.isFile()) throw new NotAFile(`is ${kindOf(stats)}`);
  }
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isDirectory() ? folder : 'a device';
}
