import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import * as yauzl from 'yauzl';
import { mayNameBackup } from '../../core/backup-format/keys.ts';
import { DamagedBackupError, messageOf, WrongInputError } from '../../core/errors.ts';
import { scriptsListPath } from '../../core/original-scripts/recognise.ts';
import { isOfSystem } from '../../core/original-scripts/script-layout.ts';
import type { ScriptTree } from '../../core/original-scripts/script-tree.ts';
import { BlockReader } from './block-reader.ts';
import { codeOf, diskError } from './disk-error.ts';
import { ZipGuards, zipRefusal } from './zip-guards.ts';

/**
 * A backup of the original scripts in a zip, with or without its folder around it. It is read in place: nothing is unpacked onto the disk.
 * Throws WrongInputError for an archive that the scripts cannot have made, DamagedBackupError for one that is cut, StorageError.
 */
export async function openScriptZip(file: string): Promise<ScriptTree> {
  const path = resolve(file);
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw diskError(error, path);
  });
  try {
    const { size, mtimeNs } = await handle.stat({ bigint: true });
    const { zip, entries } = await entriesOf(new BlockReader(handle, path), file, Number(size));
    const hash = createHash('sha256').update(`${size}\0${mtimeNs}\0`);
    for (const { fileName, uncompressedSize, crc32: sum } of entries)
      hash.update(`${fileName}\0${uncompressedSize}\0${sum}\0`);
    const { top, name } = topOf(file, entries);
    // In the local time of the machine that packed it, which nothing names.
    const newest = entries.reduce((most, entry) => Math.max(most, timeOf(entry)), 0);
    const byPath = new Map(entries.map((entry) => [entry.fileName.slice(top.length), entry]));
    const files = [...byPath].map(([at, entry]) => ({ path: at, bytes: entry.uncompressedSize }));
    return {
      ...{ name, newest, address: file, kind: 'zip', fingerprint: hash.digest('hex').slice(0, 32) },
      files: files.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
      read: (at) => readEntry(zip, byPath.get(at)),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw codeOf(error) === undefined ? error : diskError(error, path);
  }
}

/** All files in it, once each of them was looked at. */
async function entriesOf(reader: BlockReader, address: string, size: number) {
  const guards = new ZipGuards(address);
  const entries: yauzl.Entry[] = [];
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, {
      ...{ lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: true },
    });
    for await (const entry of zip.eachEntry()) if (guards.check(entry)) entries.push(entry);
    guards.end();
    return { zip, entries };
  } catch (error) {
    if (error instanceof WrongInputError || codeOf(error) !== undefined) throw error;
    const message = messageOf(error);
    const isPath = /^(?:absolute path|invalid relative path|invalid characters in fileName)/.test(message);
    if (isPath) throw zipRefusal(address, `a path in it leads out of it (${message})`, error);
    throw new DamagedBackupError(`${address} is damaged: it is no whole zip (${message}).`, { cause: error });
  }
}

/**
 * The folders around the backup: none, that of the backup, or more where somebody has packed it with them. Its name is that of its folder,
 * or else that of the file.
 */
function topOf(file: string, entries: readonly yauzl.Entry[]): { readonly top: string; readonly name: string } {
  const paths = entries.map(({ fileName }) => fileName).filter((path) => !isOfSystem(path));
  const lists = paths.filter((path) => `/${path}`.endsWith(`/${scriptsListPath}`));
  const [list] = lists;
  if (list === undefined) throw zipRefusal(file, `it has no ${scriptsListPath}`);
  if (lists.length > 1) throw zipRefusal(file, `it has more than one folder with a ${scriptsListPath}`);
  const top = list.slice(0, -scriptsListPath.length);
  const outside = paths.find((path) => !path.startsWith(top));
  if (outside !== undefined) throw zipRefusal(file, `${outside} lies in it beside the folder of the backup`);
  const own = top.split('/').at(-2) ?? '';
  const ofFile = basename(file).replace(/\.zip$/i, '');
  return { top, name: [own, ofFile].find(mayNameBackup) ?? 'original-scripts' };
}

function timeOf(entry: yauzl.Entry): number {
  const time = entry.getLastModDate({ timezone: 'UTC' }).getTime();
  return Number.isNaN(time) ? 0 : time;
}

/** Checks what yauzl does not: that the bytes have the checksum that the zip says. */
async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry | undefined): Promise<Uint8Array> {
  if (entry === undefined) throw new DamagedBackupError('is not in the zip');
  try {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    if (crc32(bytes) !== entry.crc32) throw new DamagedBackupError('has not the checksum that its zip says');
    return bytes;
  } catch (error) {
    if (error instanceof DamagedBackupError) throw error;
    throw new DamagedBackupError(`cannot be unpacked (${messageOf(error)})`, { cause: error });
  }
}
