import { DamagedBackupError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { type StoredFile, sha256 } from './manifest.ts';
import { lines } from './record-files.ts';

/** A reference whose object is not in the backup, as `references-outside` lists it. */
export interface OutsideReference {
  readonly from: string;
  readonly attribute: string;
  readonly to: string;
}

/** The records of a `.jsonl` list. Throws DamagedBackupError where its bytes are not what the manifest says. */
export async function* checkedList<T>(backups: BackupStore, list: StoredFile): AsyncGenerator<T> {
  const bytes = await backups.read(list.key);
  if (sha256(bytes) !== list.sha256)
    throw new DamagedBackupError(`${list.key} is damaged: its SHA-256 is not the manifest's.`);
  for await (const line of lines([bytes])) yield JSON.parse(line) as T;
}
