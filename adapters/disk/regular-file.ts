import { closeSync, constants, fstatSync, lstatSync, openSync, read, readFileSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
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

/** A file that is open for reading; whoever opened it closes it. */
export interface OpenedFile {
  readonly descriptor: number;
  /** As it was when it was opened. */
  readonly stats: Stats;
}

/**
 * Opens a file below `root` for reading. In place: the way to another thread and back costs ten times what the system takes for a look
 * at a name that it has in memory, and each file takes half a dozen. Throws NotAFile, or what the disk says.
 */
export function openRegular(root: string, path: string): OpenedFile {
  checkWay(root, path);
  // A link that was put there since the look is refused as well.
  return openFile(path, noLink);
}

/** The bytes of an open file, as many as it had when it was opened, or fewer where it was cut since. May have to wait for the disk. */
export async function bytesOf({ descriptor, stats: { size } }: OpenedFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  const end = await readInto(bytes, descriptor, 0);
  return end === size ? bytes : bytes.subarray(0, end);
}

/** Fills `bytes` from the byte `from` of a file on, and says how many there were. */
export async function readInto(bytes: Uint8Array, descriptor: number, from: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await readPart(descriptor, bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

const readPart = promisify(read);

/**
 * The text of a small file, wherever it lies.
 * @param links whether it may be a link to one, as a person may make it
 * @throws NotAFile, or what the disk says
 */
export function readText(path: string, { links }: { readonly links: boolean }): string {
  const { descriptor } = openFile(path, links ? 0 : noLink);
  try {
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function openFile(path: string, flags: number): OpenedFile {
  const descriptor = opened(path, flags);
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile()) return { descriptor, stats };
    throw new NotAFile(`is ${kindOf(stats)}`);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function opened(path: string, flags: number): number {
  try {
    return openSync(path, readOnly | flags);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw new NotAFile('is a symbolic link', { cause: error });
    if (codeOf(error) === 'ENXIO') throw new NotAFile('is a socket', { cause: error });
    throw error;
  }
}

/** Without waiting for who writes into a pipe, and without following a link. Windows has neither flag, nor such files. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const noLink = constants.O_NOFOLLOW ?? 0;

/** Looks at each step below the root. Throws NotAFile, or what the disk says. */
export function checkWay(root: string, path: string): void {
  const names = relative(root, path).split(sep);
  let step = root;
  for (const [index, name] of names.entries()) {
    step = join(step, name);
    const stats = lstatSync(step);
    const isLast = index === names.length - 1;
    if (!isLast && stats.isSymbolicLink()) throw new NotAFile(`lies behind a symbolic link (${step})`);
    if (isLast && !stats.isFile()) throw new NotAFile(`is ${kindOf(stats)}`);
  }
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return stats.isDirectory() ? folder : 'a device';
}
