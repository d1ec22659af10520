import { DamagedBackupError, MissingKeyError } from '../errors.ts';
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

/** What a list of files says. With a problem it is missing or damaged, and `files` are those of its lines that can be read. */
export interface FileList {
  readonly files: readonly StoredFile[];
  readonly problem?: string;
}

/**
 * Nothing vouches for the lines of a damaged list. But a file whose bytes have the SHA-256 that stands in one is as it was
 * written: no accident makes both.
 */
export async function readFileList(backups: BackupStore, list: StoredFile): Promise<FileList> {
  try {
    const bytes = await backups.read(list.key);
    const lines = new TextDecoder().decode(bytes).split('\n');
    const files = lines.flatMap(fileOf);
    return sha256(bytes) === list.sha256
      ? { files }
      : { files, problem: "is damaged: its SHA-256 is not the manifest's" };
  } catch (error) {
    if (error instanceof MissingKeyError) return { files: [], problem: 'is missing' };
    throw error;
  }
}

function fileOf(line: string): StoredFile[] {
  try {
    const file = JSON.parse(line) as Partial<StoredFile> | null;
    const { key, sha256, bytes, records } = file ?? {};
    const isFile = typeof key === 'string' && typeof sha256 === 'string';
    return isFile && typeof bytes === 'number' && typeof records === 'number' ? [{ key, bytes, sha256, records }] : [];
  } catch {
    return []; // Cut or overwritten: whoever reads a damaged list counts what is missing in it.
  }
}
