import type { Manifest } from '../../backup-format/manifest.ts';
import { openBackup } from '../../backup-format/open-backup.ts';
import type { RelinkChoices, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { readJson } from '../../work-store/json-file.ts';
import { type JournalKeys, journalKeys, type RestoreKeys, restoreKeys } from '../restore-keys.ts';

/** What the linking of issues goes by, be it a part of a restore or alone. */
export interface RelinkContext {
  readonly manifest: Manifest;
  readonly keys: RestoreKeys;
  readonly journals: JournalKeys;
  /** The restore whose objects the issues are to hold, and whose journals say what was written to them. */
  readonly restore: string;
  readonly isDryRun: boolean;
  readonly sameSite: boolean;
}

/** Checks the lock, and opens the backup. Throws LockLostError, DamagedBackupError. */
export async function openRelinkContext(services: Services, run: RestoreRun): Promise<RelinkContext> {
  await checkSiteLock(services, run);
  const keys = restoreKeys(run.restore);
  const manifest = await openBackup(services.backups, run.backup);
  const alone = await readJson<RelinkChoices>(services.work, keys.relinkChoices);
  const [source, target] = [manifest.site.workspaceId, run.workspace.workspaceId];
  return {
    ...{ manifest, keys, journals: journalKeys(source, target), restore: run.relink ?? run.restore },
    ...{ isDryRun: alone?.dryRun ?? false, sameSite: source === target },
  };
}
