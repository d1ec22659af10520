import { createHash } from 'node:crypto';
import { nextName } from '../backup-format/keys.ts';
import { type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { KeyExistsError, MissingKeyError } from '../errors.ts';
import type { Notice } from '../model/outcome.ts';
import type { BackupStore } from '../ports/backup-store.ts';

/**
 * Stores a file of a backup. What a run adopts, it wrote: where something lies under the key already, it counts as an earlier
 * try of ours where it has these very bytes. Anything else stays as it is, in no list, and the file gets the next free name.
 * @param strays gets the keys of what was in the way
 */
export async function storeFile(
  backups: BackupStore,
  key: string,
  bytes: Uint8Array,
  records: number,
  strays: string[],
): Promise<StoredFile> {
  for (let number = 1; ; number += 1) {
    const file = { key: nextName(key, number), bytes: bytes.length, sha256: sha256(bytes), records };
    if (await isStored(backups, file.key, bytes)) return file;
    strays.push(file.key);
  }
}

/**
 * Stores a copy of a file of an earlier backup, as `storeFile` does: what lies there with the very bytes of it counts as ours, and
 * anything else as a stray. Throws MissingKeyError or ChangedFileError where the other file is not as it was written.
 */
export async function storeCopy(
  backups: BackupStore,
  from: StoredFile,
  key: string,
  strays: string[],
): Promise<StoredFile> {
  for (let number = 1; ; number += 1) {
    const file = { ...from, key: nextName(key, number) };
    if (await isCopied(backups, from, file.key)) return file;
    strays.push(file.key);
  }
}

/** What to tell of files that were in the way. */
export function strayNotices(strays: readonly string[], place: Pick<Notice, 'schemaKey'> = {}): Notice[] {
  if (strays.length === 0) return [];
  const more = strays.length > shownStrays ? `, and ${strays.length - shownStrays} more` : '';
  const names = strays.slice(0, shownStrays).join(', ') + more;
  const message = `Under names that this run was about to use lay files with other contents: an earlier try of it left them, or somebody else did. They are no part of the backup: ${names}.`;
  return [{ kind: 'stray-files', message, ...place }];
}

const shownStrays = 5;

async function isStored(backups: BackupStore, key: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await backups.create(key, bytes);
    return true;
  } catch (error) {
    if (error instanceof KeyExistsError) return hasBytes(backups, key, bytes);
    throw error;
  }
}

async function isCopied(backups: BackupStore, from: StoredFile, key: string): Promise<boolean> {
  try {
    await backups.copy(from, key);
    return true;
  } catch (error) {
    if (error instanceof KeyExistsError) return hasSum(backups, key, from);
    throw error;
  }
}

/** Whether a file has so many bytes, and this SHA-256. */
async function hasSum(backups: BackupStore, key: string, { bytes, sha256 }: StoredFile): Promise<boolean> {
  const sum = createHash('sha256');
  let seen = 0;
  try {
    for await (const piece of backups.stream(key)) {
      seen += piece.length;
      if (seen > bytes) return false;
      sum.update(piece);
    }
  } catch (error) {
    if (error instanceof MissingKeyError) return false;
    throw error;
  }
  return seen === bytes && sum.digest('hex') === sha256;
}

/** Compares piece by piece: what lies there may be of any size. */
async function hasBytes(backups: BackupStore, key: string, bytes: Uint8Array): Promise<boolean> {
  let at = 0;
  try {
    for await (const piece of backups.stream(key)) {
      const own = bytes.subarray(at, at + piece.length);
      if (own.length < piece.length || piece.some((byte, index) => byte !== own[index])) return false;
      at += piece.length;
    }
  } catch (error) {
    // A link, a pipe, a device: whatever it is, it is no file of ours.
    if (error instanceof MissingKeyError) return false;
    throw error;
  }
  return at === bytes.length;
}
