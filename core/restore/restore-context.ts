import type { Manifest, ManifestSchema } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import type { RestoreChoices, RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { restoreKeys } from './restore-keys.ts';

/** What every step of a restore needs first. */
export interface RestoreContext {
  readonly choices: RestoreChoices;
  readonly manifest: Manifest;
  readonly keys: ReturnType<typeof restoreKeys>;
  /** The schemas that are restored. */
  readonly schemas: readonly ManifestSchema[];
}

/** Checks the lock, and opens the backup. Throws LockLostError, DamagedBackupError. */
export async function openContext(services: Services, run: RestoreRun): Promise<RestoreContext> {
  await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
  const keys = restoreKeys(run.restore);
  const choices = await needFile<RestoreChoices>(services.work, keys.choices);
  const manifest = await openBackup(services.backups, run.backup);
  const chosen = choices.schemas?.map(({ oldObjectSchemaKey }) => oldObjectSchemaKey);
  return { choices, manifest, keys, schemas: manifest.schemas.filter(({ key }) => !chosen || chosen.includes(key)) };
}

export async function openSource(
  services: Services,
  run: RestoreRun,
): Promise<RestoreContext & { source: BackupSource }> {
  const context = await openContext(services, run);
  return { ...context, source: await BackupSource.open(services.backups, context.manifest) };
}

/** Reads a file that an earlier step must have left. */
export async function needFile<T>(work: WorkStore, key: string): Promise<T> {
  const there = await work.read(key);
  if (!there) throw new Error(`The work store has no ${key}: an earlier step of this restore did not write it.`);
  return JSON.parse(there.text) as T;
}

export async function readFile<T>(work: WorkStore, key: string): Promise<T | undefined> {
  const there = await work.read(key);
  return there && (JSON.parse(there.text) as T);
}

/** Leaves what a worker asked of the site, for the report's sum. */
export async function recordRequests(
  { work }: Services,
  { restore }: RestoreRun,
  worker: { readonly id: string; requests(): object },
): Promise<void> {
  await work.write(restoreKeys(restore).requests(worker.id), JSON.stringify(worker.requests()));
}
