import { TargetRefusedError, WrongInputError } from '../../errors.ts';
import {
  type RelinkChoices,
  type RestoreChoices,
  type RestoreRun,
  restoreContract,
  type UndoChoices,
} from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { releaseRunAtEnd } from '../../runs/release-run.ts';
import { takeSiteLock } from '../../runs/site-lock.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import { holdBackup } from '../hold-backup.ts';
import { restoreKeys, restoreName } from '../restore-keys.ts';
import { backupNow, newestRestores, targetsOf } from '../written-restores.ts';

/**
 * Begins a linking of issues alone: finds the restore whose objects they are to hold, logs in to the site that it wrote to, takes its
 * lock. Run again for the same execution it gives the same run. Throws before anything is locked where there is no such restore, or
 * it wrote nothing, or to another site.
 */
export async function openRelink(
  services: Services,
  { executionId, startedAt, choices }: { executionId: string; startedAt: string; choices: RelinkChoices },
): Promise<{ run: RestoreRun }> {
  const { backups, work, site } = services;
  const { relink } = choices;
  if (await readJson<UndoChoices>(work, restoreKeys(relink).undoChoices)) {
    throw new WrongInputError(`${relink} is an undo, which makes nothing that an issue could hold. Name a restore.`);
  }
  if (await readJson<RelinkChoices>(work, restoreKeys(relink).relinkChoices)) {
    throw new WrongInputError(
      `${relink} is a linking of issues itself. Name the restore whose objects they are to hold.`,
    );
  }
  const restored = await readJson<RestoreChoices>(work, restoreKeys(relink).choices);
  if (!restored) throw new WrongInputError(`There is no restore ${relink}. ${await newestRestores(work)}`);
  const workspace = await site.discover();
  const targets = await targetsOf(work, relink);
  if (targets.length === 0) {
    throw new WrongInputError(
      `The restore ${relink} has written nothing, so there is nothing that an issue could hold.`,
    );
  }
  if (!targets.includes(workspace.workspaceId)) {
    throw new TargetRefusedError(
      `The restore ${relink} wrote to another site than ${workspace.siteName}, which this login belongs to. Nothing was written: use the login of the site that it wrote to.`,
    );
  }
  const run: RestoreRun = {
    contract: restoreContract,
    restore: restoreName(startedAt, executionId),
    backup: await backupNow(backups, restored.backup),
    ...{ executionId, startedAt, workspace, relink },
  };
  await takeSiteLock(services, run);
  try {
    await holdBackup(services, run);
    await writeJson(work, restoreKeys(run.restore).relinkChoices, choices);
  } catch (error) {
    await releaseRunAtEnd(services, run);
    throw error;
  }
  return { run };
}
