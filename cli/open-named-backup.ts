import { isBackupName } from '../core/backup-format/keys.ts';
import type { Manifest } from '../core/backup-format/manifest.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import { NoSuchBackupError } from '../core/errors.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';

/** A backup that a person named. Throws NoSuchBackupError also for what can be no backup's name, and so no key either. */
export async function openNamedBackup(backups: BackupStore, name: string): Promise<Manifest> {
  if (!isBackupName(name)) {
    throw new NoSuchBackupError(
      `${name} is not the name of a backup: a name is a time, like 2026-11-23_02-00-00. \`assets-backup list\` names those that are there.`,
    );
  }
  return openBackup(backups, name);
}
