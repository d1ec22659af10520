import type { Manifest, ManifestSchema } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import type { RestoreChoices, RestoreRun } from '../model/restore.ts';
import type { Services } from '../ports/services.ts';
import { BackupSource } from '../reading/backup-source.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { needJson, readJson } from '../work-store/json-file.ts';
import { type LackingFile, usableSchemas } from './lacking-files.ts';
import { type JournalKeys, journalKeys, type RestoreKeys, restoreKeys } from './restore-keys.ts';

/** What every step of a restore needs first. */
export interface RestoreContext {
  readonly choices: RestoreChoices;
  readonly manifest: Manifest;
  readonly keys: RestoreKeys;
  /** Keys of the journals between the backup's site and the target. */
  readonly journals: JournalKeys;
  /** Whether the target is the site that was backed up. */
  readonly sameSite: boolean;
  /** The schemas that are restored. */
  readonly schemas: readonly ManifestSchema[];
  /** The others of the backup: their objects may refer to what is restored. */
  readonly others: readonly ManifestSchema[];
}

/** Checks the lock, and opens the backup. Throws LockLostError, DamagedBackupError. */
export async function openContext(services: Services, run: RestoreRun): Promise<RestoreContext> {
  await checkSiteLock(services, run);
  const keys = restoreKeys(run.restore);
  const choices = await needJson<RestoreChoices>(services.work, keys.choices);
  const manifest = await openBackup(services.backups, run.backup);
  const chosen = choices.schemas?.map(({ oldObjectSchemaKey }) => oldObjectSchemaKey);
  const journals = journalKeys(manifest.site.workspaceId, run.workspace.workspaceId);
  return {
    choices,
    manifest,
    keys,
    journals,
    sameSite: manifest.site.workspaceId === run.workspace.workspaceId,
    schemas: manifest.schemas.filter(({ key }) => !chosen || chosen.includes(key)),
    others: manifest.schemas.filter(({ key }) => chosen && !chosen.includes(key)),
  };
}

/** Also opens the backup's files: with `whatIsWhole` those that "Check backup" found whole, and of the schemas what can be used. */
export async function openSource(
  services: Services,
  run: RestoreRun,
): Promise<RestoreContext & { source: BackupSource; lacking: readonly LackingFile[] }> {
  const context = await openContext(services, run);
  const { choices, keys, manifest } = context;
  const lacking = (await readJson<LackingFile[]>(services.work, keys.lacking)) ?? [];
  const source = await BackupSource.open(services.backups, manifest, {
    takesDamagedLists: choices.whatIsWhole,
    lacking: new Set(lacking.map(({ key }) => key)),
    kept: services.kept,
  });
  const [schemas, others] = [context.schemas, context.others].map((list) => usableSchemas(source, list));
  return { ...context, schemas: schemas ?? [], others: others ?? [], source, lacking };
}
