import type { Manifest } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { PartialBackupRefusedError, WrongInputError } from '../errors.ts';
import { type RestoreChoices, type RestoreRun, restoreContract } from '../model/restore.ts';
import { latestBackup, latestWord } from '../operations/latest-backup.ts';
import type { Services } from '../ports/services.ts';
import { whatIsWhole } from '../reading/backup-source.ts';
import { releaseRunAtEnd } from '../runs/release-run.ts';
import { takeSiteLock } from '../runs/site-lock.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { holdBackup } from './hold-backup.ts';
import { restoreKeys, restoreName } from './restore-keys.ts';

/**
 * Begins a restore: opens the backup, logs in to the target, takes its lock, keeps the backup from being pruned. Run again for the same execution it gives
 * the same run. Throws before anything is locked where the backup cannot be used or a schema is not in it.
 */
export async function openRestore(
  services: Services,
  { executionId, startedAt, choices: given }: { executionId: string; startedAt: string; choices: RestoreChoices },
): Promise<{ run: RestoreRun }> {
  const { backups, work, site } = services;
  const restore = restoreName(startedAt, executionId);
  const { backup, suspicions } =
    given.backup === latestWord ? await latestFor(services, restore) : { backup: given.backup, suspicions: [] };
  const choices = { ...given, backup };
  const manifest = await openBackup(backups, backup);
  if (manifest.status === 'partial' && !choices.whatIsWhole) {
    throw new PartialBackupRefusedError(
      `The backup ${backup} is partial: configuration or objects are missing in it, and what is missing cannot be told from what never was. Restore another backup (\`assets-backup list\` names them), or ${whatIsWhole}.`,
    );
  }
  checkSchemas(manifest, choices);
  const workspace = await site.discover();
  const run: RestoreRun = {
    contract: restoreContract,
    restore,
    backup,
    executionId,
    startedAt,
    workspace,
    ...(suspicions.length > 0 && { suspicions }),
    ...(choices.relinkIssues && { relinkIssues: true }),
  };
  await takeSiteLock(services, run);
  try {
    await holdBackup(services, run);
    await openBackup(backups, backup);
    await writeJson(work, restoreKeys(run.restore).choices, choices);
  } catch (error) {
    await releaseRunAtEnd(services, run);
    throw error;
  }
  return { run };
}

/** What `latest` stands for in an input, and what is suspicious about it. A second try means what the first did. */
async function latestFor(services: Services, restore: string) {
  const { work, clock, reporter } = services;
  const begun = await readJson<RestoreChoices>(work, restoreKeys(restore).choices);
  const { manifest, suspicions } = await latestBackup(services, clock.now());
  if (begun && begun.backup !== manifest.name) return { backup: begun.backup, suspicions: [] };
  for (const message of suspicions) reporter.event('warn', 'restore.notice', { backup: manifest.name, message });
  return { backup: manifest.name, suspicions };
}

function checkSchemas({ name, schemas }: Manifest, choices: RestoreChoices): void {
  const keys = schemas.map(({ key }) => key);
  const unknown = (choices.schemas ?? [])
    .map(({ oldObjectSchemaKey }) => oldObjectSchemaKey)
    .filter((key) => !keys.includes(key));
  if (unknown.length > 0) {
    throw new WrongInputError(
      `The backup ${name} has no object schema ${unknown.join(', ')}. It has ${keys.length === 0 ? 'none' : keys.join(', ')}.`,
    );
  }
}
