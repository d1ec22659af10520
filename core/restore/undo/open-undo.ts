import { identityOf } from '../../backup-format/manifest.ts';
import { listBackups, openBackup } from '../../backup-format/open-backup.ts';
import { DamagedBackupError, NoSuchBackupError, TargetRefusedError, WrongInputError } from '../../errors.ts';
import type { RestoreChoices, RestoreRun, UndoChoices } from '../../model/restore.ts';
import { restoreContract } from '../../model/restore.ts';
import type { BackupStore } from '../../ports/backup-store.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { releaseRunAtEnd } from '../../runs/release-run.ts';
import { takeSiteLock } from '../../runs/site-lock.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import { holdBackup } from '../hold-backup.ts';
import { restoreKeys, restoreName } from '../restore-keys.ts';

const shownRestores = 5;

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
    backup: await nameNow(backups, restored.backup),
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

/** The name that a backup has now, where somebody has given its folder another one since; otherwise the same. */
async function nameNow(backups: BackupStore, name: string): Promise<string> {
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
async function targetsOf(work: WorkStore, restore: string): Promise<string[]> {
  const targets: string[] = [];
  for await (const key of work.list('journals/')) {
    const [, , target = '', folder, file] = key.split('/');
    if (folder === 'configuration' && file === `${restore}.json`) targets.push(target);
  }
  return targets;
}

async function newestRestores(work: WorkStore): Promise<string> {
  const names: string[] = [];
  for await (const key of work.list('restores/')) {
    const [, name = '', file] = key.split('/');
    if (file === 'choices.json') names.push(name);
  }
  if (names.length === 0) return 'There are none here.';
  return `The newest here: ${names.toReversed().slice(0, shownRestores).join(', ')}.`;
}
