import { TargetRefusedError, WrongInputError } from '../../errors.ts';
import type { RelinkChoices, RestoreChoices, RestoreRun, UndoChoices } from '../../model/restore.ts';
import { restoreContract } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { releaseRunAtEnd } from '../../runs/release-run.ts';
import { takeSiteLock } from '../../runs/site-lock.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import { holdBackup } from '../hold-backup.ts';
import { restoreKeys, restoreName } from '../restore-keys.ts';
import { backupNow, newestRestores, targetsOf } from '../written-restores.ts';

/**
 * Begins an undo: finds the restore that is to be taken back, logs in to the site that it wrote to, takes its lock. Run again for
 * the same execution it gives the same run. Throws before anything is locked where there is no such restore, or on another site.
 */
export async function openUndo(
  services: Services,
  { executionId, startedAt, choices }: { executionId: string; startedAt: string; choices: UndoChoices },
): Promise<{ run: RestoreRun }> {
  const { backups, work, site } = services;
  const { undo } = choices;
  if (await readJson<UndoChoices>(work, restoreKeys(undo).undoChoices)) {
    throw new WrongInputError(
      `${undo} is an undo itself, and an undo is not undone: what it has taken back comes again by the restore, started again with its own line.`,
    );
  }
  const relinked = await readJson<RelinkChoices>(work, restoreKeys(undo).relinkChoices);
  if (relinked) {
    throw new WrongInputError(
      `${undo} has linked issues again for the restore ${relinked.relink}, and is undone with it: undo that one.`,
    );
  }
  const restored = await readJson<RestoreChoices>(work, restoreKeys(undo).choices);
  if (!restored) throw new WrongInputError(`There is no restore ${undo}. ${await newestRestores(work)}`);
  const workspace = await site.discover();
  const targets = await targetsOf(work, undo);
  if (targets.length > 0 && !targets.includes(workspace.workspaceId)) {
    throw new TargetRefusedError(
      `The restore ${undo} wrote to another site than ${workspace.siteName}, which this login belongs to. Nothing was written: use the login of the site that it wrote to.`,
    );
  }
  const run: RestoreRun = {
    contract: restoreContract,
    restore: restoreName(startedAt, executionId),
    backup: await backupNow(backups, restored.backup),
    executionId,
    startedAt,
    workspace,
    undo,
  };
  await takeSiteLock(services, run);
  try {
    await holdBackup(services, run);
    await writeJson(work, restoreKeys(run.restore).undoChoices, choices);
  } catch (error) {
    await releaseRunAtEnd(services, run);
    throw error;
  }
  return { run };
}
