import { DamagedBackupError, MissingKeyError, NoSuchBackupError, UnsupportedFormatError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import { isBackupName, manifestKey } from './keys.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** A backup as a listing shows it. `unfinished` has no manifest, `damaged` one that does not match its seal. */
export type ListedBackup =
  | { readonly name: string; readonly state: 'finished'; readonly manifest: Manifest }
  | { readonly name: string; readonly state: 'unfinished' | 'damaged' | 'unsupported'; readonly reason: string };

/** All backups of a store, oldest first. */
export async function* listBackups(backups: BackupStore): AsyncGenerator<ListedBackup> {
  for (const name of await backupNames(backups)) yield await openListed(backups, name);
}

/** Names of whole and unfinished backups, oldest first: a name is a time. */
export async function backupNames(backups: BackupStore): Promise<string[]> {
  const names: string[] = [];
  for await (const folder of backups.folders()) if (isBackupName(folder)) names.push(folder);
  return names.sort();
}

export async function openListed(backups: BackupStore, name: string): Promise<ListedBackup> {
  try {
    return { name, state: 'finished', manifest: await openBackup(backups, name) };
  } catch (error) {
    if (error instanceof UnfinishedBackup) return { name, state: 'unfinished', reason: error.message };
    if (error instanceof DamagedBackupError) return { name, state: 'damaged', reason: error.message };
    if (error instanceof UnsupportedFormatError) return { name, state: 'unsupported', reason: error.message };
    throw error;
  }
}

/** A backup's manifest, checked. Throws NoSuchBackupError, DamagedBackupError, UnsupportedFormatError. */
export async function openBackup(backups: BackupStore, name: string): Promise<Manifest> {
  try {
    return parseManifest(manifestKey(name), await backups.read(manifestKey(name)));
  } catch (error) {
    if (!(error instanceof MissingKeyError)) throw error;
    for await (const _ of backups.list(`${name}/`)) {
      throw new UnfinishedBackup(
        `${manifestKey(name)} is missing: the run that wrote ${name} did not finish, or the file was removed. It is not a backup.`,
        { cause: error },
      );
    }
    throw new NoSuchBackupError(`There is no backup ${name}. \`assets-backup list\` names those that are there.`);
  }
}

/** A backup without its manifest counts as damaged everywhere but in a listing. */
class UnfinishedBackup extends DamagedBackupError {}
