import { DamagedBackupError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { isActivityList } from './activity-list.ts';
import { isAttributeList } from './attribute-list.ts';
import { firstName } from './keys.ts';
import { readFileList } from './list-files.ts';
import type { Manifest, StoredFile } from './manifest.ts';

/**
 * The files in which a backup lists its attributes and its objects. The lists of files are read from the last one back, since most of
 * what they name before are files of objects, of which there may be millions. Throws DamagedBackupError.
 */
export async function ownLists(backups: BackupStore, manifest: Manifest): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  for (const list of manifest.fileLists.toReversed()) {
    const read = await readFileList(backups, manifest, list);
    if (read.problem !== undefined) throw new DamagedBackupError(`${list.key} ${read.problem}.`);
    found.push(...read.files.filter(({ key }) => isActivityList(key) || isAttributeList(key)));
    // It is the first of them all that is named. Backups of earlier versions have none.
    if (found.some(({ key }) => isAttributeList(key) && firstName(key).endsWith('-00001.jsonl'))) break;
  }
  return found;
}
