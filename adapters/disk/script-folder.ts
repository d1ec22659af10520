import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DamagedBackupError } from '../../core/errors.ts';
import type { ScriptTree, TreeFile } from '../../core/original-scripts/script-tree.ts';
import { mostBytesOfText } from '../../core/ports/backup-store.ts';
import { codeOf, diskError } from './disk-error.ts';
import { bytesOf, NotAFile, openRegular } from './regular-file.ts';

/**
 * A backup of the original scripts in a folder. Names are taken as they stand, links are not followed, and what is no regular file is
 * listed with what it is instead. Throws StorageError.
 */
export async function openScriptFolder(folder: string): Promise<ScriptTree> {
  const root = resolve(folder);
  const hash = createHash('sha256');
  const files: TreeFile[] = [];
  let newest = 0;
  for (const path of (await filesBelow(root)).sort(inBytes)) {
    const stats = await lstat(join(root, path), { bigint: true }).catch((error: unknown) => {
      throw diskError(error, join(root, path));
    });
    newest = Math.max(newest, Number(stats.mtimeMs));
    hash.update(`${path}\0${stats.size}\0${stats.mtimeNs}\0`);
    const kind = stats.isSymbolicLink() ? 'is a symbolic link, which is not followed' : 'is no regular file';
    const tooMuch = Number(stats.size) > mostBytesOfText ? 'has more bytes than any text can have' : undefined;
    const problem = stats.isFile() ? tooMuch : kind;
    files.push({ path, bytes: Number(stats.size), ...(problem !== undefined && { problem }) });
  }
  return {
    name: basename(root),
    address: folder,
    kind: 'folder',
    fingerprint: hash.digest('hex').slice(0, 32),
    ...{ newest, files },
    read: (path) => readBelow(root, path),
    close: async () => {},
  };
}

async function readBelow(root: string, path: string): Promise<Uint8Array> {
  try {
    const opened = openRegular(root, join(root, path));
    try {
      return await bytesOf(opened);
    } finally {
      closeSync(opened.descriptor);
    }
  } catch (error) {
    if (error instanceof NotAFile) throw new DamagedBackupError(error.instead, { cause: error });
    if (codeOf(error) === 'ENOENT') throw new DamagedBackupError('is not there any more', { cause: error });
    throw diskError(error, join(root, path));
  }
}

/** Paths of all that is no folder, with `/` between names. */
async function filesBelow(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
    throw diskError(error, join(root, below));
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(root, path)));
    else found.push(path);
  }
  return found;
}

const inBytes = (one: string, other: string) => (one < other ? -1 : 1);
