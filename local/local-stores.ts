import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DirectoryBackupDeleter } from '../adapters/disk/directory-backup-deleter.ts';
import { DirectoryBackupStore } from '../adapters/disk/directory-backup-store.ts';
import { DirectoryWorkStore } from '../adapters/disk/directory-work-store.ts';
import { codeOf, diskError } from '../adapters/disk/disk-error.ts';
import type { FolderSettings } from '../adapters/disk/folder-settings.ts';
import { StorageError } from '../core/errors.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import { BackupsWithScripts } from './backups-with-scripts.ts';
import { localRoot } from './local-root.ts';

/** The program's folder for logs, beside the backups. */
export const logFolder = 'logs';

/** Opens a file of that folder, which is made where it is missing. Throws StorageError. */
export function inLogFolder<File>(directory: string, name: string, open: (path: string) => File): File {
  const path = join(directory, logFolder, name);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return open(path);
  } catch (error) {
    if (ofDisk.has(codeOf(error))) throw diskError(error, path);
    throw new StorageError(`The log ${path} cannot be written.`, { cause: error });
  }
}

/** What concerns the whole disk, and so the backups as well. */
const ofDisk: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

/** What systems make at the top of a disk of its own, for themselves alone: whoever looks into it is refused. */
const ofSystem = ['lost+found', 'System Volume Information', '$RECYCLE.BIN'];

/** What lies beside the backups and is none. */
const hidden = [logFolder, ...ofSystem];

/** What deletes backups of a local directory: for pruning alone. */
export function openLocalDeleter(directory: string): DirectoryBackupDeleter {
  return new DirectoryBackupDeleter(localRoot(directory).root, { hidden });
}

/**
 * The two stores of a local directory: backups in `DIR/`, work in `DIR/.work/`; of a single backup of the original scripts those of the
 * folder that it lies in. Creates nothing until something is written.
 * @param settings those of the folder, which only a run that makes a backup needs
 */
export function openLocalStores(
  directory: string,
  { hardLinks }: Pick<FolderSettings, 'hardLinks'> = { hardLinks: false },
): { backups: BackupStore; work: DirectoryWorkStore } {
  const place = localRoot(directory);
  const own = new DirectoryBackupStore(place.root, { hidden, copiesAreLinks: hardLinks });
  return { backups: new BackupsWithScripts(own, place), work: new DirectoryWorkStore(place.root) };
}
