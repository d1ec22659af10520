import { type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { countRecords } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import { DamagedBackupError, MissingKeyError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';

/** A file's bytes where they are what its list says, or a sentence that says what is wrong. */
export async function checkFile(
  backups: BackupStore,
  file: StoredFile,
): Promise<{ readonly bytes: Uint8Array } | { readonly problem: string }> {
  try {
    const bytes = await backups.read(file.key);
    if (bytes.length !== file.bytes) return { problem: `has ${bytes.length} bytes instead of ${file.bytes}.` };
    if (sha256(bytes) !== file.sha256) return { problem: "is damaged: its SHA-256 is not the manifest's." };
    const records = countRecords(file.key, bytes);
    return records === file.records
      ? { bytes }
      : { problem: `has ${counted(records, 'record')} instead of ${file.records}.` };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** What a store's refusal means for a file. Errors of another kind are thrown on. */
export function problemOf(error: unknown): string {
  if (error instanceof MissingKeyError) return `${error.problem}.`;
  if (error instanceof DamagedBackupError) return error.message;
  throw error;
}
