import { MissingKeyError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { isBelow } from './keys.ts';
import { type Manifest, movedKey, type StoredFile, sha256 } from './manifest.ts';

/** A reference whose object is not in the backup, as `references-outside` lists it. */
export interface OutsideReference {
  readonly from: string;
  readonly attribute: string;
  readonly to: string;
}

/** What a list of files says. With a problem it is missing or damaged, and `files` are those of its lines that can be read. */
export interface FileList {
  readonly files: readonly StoredFile[];
  readonly problem?: string;
}

/**
 * Nothing vouches for the lines of a damaged list. But a file whose bytes have the SHA-256 that stands in one is as it was
 * written: no accident makes both.
 * @param mayBe the lines that are looked at, where not all are: most of a large backup's are files of one object each
 */
export async function readFileList(
  backups: BackupStore,
  manifest: Manifest,
  list: StoredFile,
  mayBe?: (line: string) => boolean,
): Promise<FileList> {
  if (!isBelow(list.key, manifest.name)) return { files: [], problem: "lies outside the backup's folder" };
  try {
    const bytes = await backups.read(list.key);
    const lines = new TextDecoder().decode(bytes).split('\n');
    const named = (mayBe ? lines.filter(mayBe) : lines).flatMap(fileOf);
    const files = named.flatMap((file) => {
      const key = movedKey(file.key, manifest);
      return key === undefined ? [] : [{ ...file, key }];
    });
    if (sha256(bytes) !== list.sha256) return { files, problem: "is damaged: its SHA-256 is not the manifest's" };
    return files.length === named.length ? { files } : { files, problem: "names files outside the backup's folder" };
  } catch (error) {
    if (error instanceof MissingKeyError) return { files: [], problem: error.problem };
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
