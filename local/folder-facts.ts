import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { diskError } from '../adapters/disk/disk-error.ts';
import { othersMayEnter } from '../adapters/disk/private-folders.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { backupsThatCount } from '../core/backup/finish-records.ts';
import type { Manifest } from '../core/backup-format/manifest.ts';
import type { Services } from '../core/ports/services.ts';
import { logFolder } from './local-stores.ts';

/** What the disk of a folder has left. */
export interface DiskRoom {
  readonly bytes: number;
  /** Each file takes whole blocks of so many bytes. */
  readonly block: number;
  /** Null where the disk takes as many files as there is room for. */
  readonly files: number | null;
}

/** Throws StorageError. */
export async function diskRoom(directory: string): Promise<DiskRoom> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(directory);
    return { bytes: bavail * bsize, block: bsize, files: files > 0 ? ffree : null };
  } catch (error) {
    throw diskError(error, directory);
  }
}

/** Of what is made private there, what other users may enter all the same. Throws StorageError. */
export async function openFolders(directory: string): Promise<string[]> {
  const open: string[] = [];
  for (const folder of [join(directory, '.work'), join(directory, logFolder)]) {
    if (await othersMayEnter(folder)) open.push(folder);
  }
  return open;
}

const looksAt = 3;

/** Counts of the largest of the last backups that count; undefined where there is none. */
export async function largestOfTheLast(
  stores: Pick<Services, 'backups' | 'work'>,
): Promise<Manifest['counts'] | undefined> {
  const { backups, work } = stores;
  let largest: Manifest['counts'] | undefined;
  let seen = 0;
  for await (const { manifest } of backupsThatCount({ backups, work, clock: systemClock })) {
    if (!largest || manifest.counts.bytes > largest.bytes) largest = manifest.counts;
    seen += 1;
    if (seen === looksAt) break;
  }
  return largest;
}
