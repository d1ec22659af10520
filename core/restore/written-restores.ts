import { identityOf } from '../backup-format/manifest.ts';
import { listBackups, openBackup } from '../backup-format/open-backup.ts';
import { DamagedBackupError, NoSuchBackupError } from '../errors.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { WorkStore } from '../ports/work-store.ts';

const shownRestores = 5;

/** The name that a backup has now, where somebody has given its folder another one since; otherwise the same. */
export async function backupNow(backups: BackupStore, name: string): Promise<string> {
  try {
    return (await openBackup(backups, name)).name;
  } catch (error) {
    if (error instanceof DamagedBackupError) return name; // Whoever reads it says so.
    if (!(error instanceof NoSuchBackupError)) throw error;
  }
  for await (const listed of listBackups(backups))
    if (listed.state === 'finished' && identityOf(listed.manifest) === name) return listed.name;
  return name;
}

/** Ids of the workspaces that a restore has set out to write to, which is one; none where it came no further than its plan. */
export async function targetsOf(work: WorkStore, restore: string): Promise<string[]> {
  const targets: string[] = [];
  for await (const key of work.list('journals/')) {
    const [, , target = '', folder, file] = key.split('/');
    if (folder === 'configuration' && file === `${restore}.json`) targets.push(target);
  }
  return targets;
}

/** A sentence for whoever names one that is not there. */
export async function newestRestores(work: WorkStore): Promise<string> {
  const names: string[] = [];
  for await (const key of work.list('restores/')) {
    const [, name = '', file] = key.split('/');
    if (file === 'choices.json') names.push(name);
  }
  if (names.length === 0) return 'There are none here.';
  return `The newest here: ${names.toReversed().slice(0, shownRestores).join(', ')}.`;
}
