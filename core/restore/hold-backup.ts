import { NoSuchBackupError } from '../errors.ts';
import type { RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { isBeingPruned } from '../retention/pruning-mark.ts';
import { beginReading } from '../runs/backup-readers.ts';

/**
 * Keeps pruning from the backup of a restore or an undo until `releaseRun`. Whoever comes second gives way: what was opened before
 * may be gone, so it is to be opened again after this. Throws NoSuchBackupError where it is being deleted.
 */
export async function holdBackup(services: Services, { backup, executionId }: RestoreRun): Promise<void> {
  await beginReading(services, backup, { executionId, what: 'restore' });
  if (!(await isBeingPruned(services, backup))) return;
  throw new NoSuchBackupError(
    `The backup ${backup} is being deleted, because no rule of "keep" keeps it any more (\`assets-backup prune --dry-run\` says of each why). Nothing was written: choose another one.`,
  );
}
