import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { StorageError } from '../core/errors.ts';

/** Writes a page into a folder that nobody else can open, under the last name of its key. Throws StorageError. */
export async function keepPrivately(key: string, page: string): Promise<string> {
  try {
    const path = join(await mkdtemp(join(tmpdir(), 'assets-backup-report-')), basename(key));
    await writeFile(path, page, { mode: 0o600, flag: 'wx' });
    return path;
  } catch (error) {
    throw new StorageError(`The report cannot be written to ${tmpdir()}.`, { cause: error });
  }
}
