import { type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { countRecords } from '../backup-format/record-files.ts';
import { KeyExistsError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';

/**
 * Stores a file of a backup. Where the key exists, an earlier try of the same step wrote it: what lies there was read
 * from the site too and stays, and the caller gets it as `adopted` where it differs.
 */
export async function storeFile(
  backups: BackupStore,
  key: string,
  bytes: Uint8Array,
  records: number,
): Promise<{ file: StoredFile; adopted?: Uint8Array }> {
  const file = { key, bytes: bytes.length, sha256: sha256(bytes), records };
  try {
    await backups.create(key, bytes);
    return { file };
  } catch (error) {
    if (!(error instanceof KeyExistsError)) throw error;
    const there = await backups.read(key);
    return sha256(there) === file.sha256
      ? { file }
      : {
          file: { key, bytes: there.length, sha256: sha256(there), records: countRecords(key, there) },
          adopted: there,
        };
  }
}
