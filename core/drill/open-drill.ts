import { openBackup } from '../backup-format/open-backup.ts';
import { TargetRefusedError } from '../errors.ts';
import type { DrillRecord, DrillRun } from '../model/drill.ts';
import { restoreContract } from '../model/restore.ts';
import { latestBackup } from '../operations/latest-backup.ts';
import type { Services } from '../ports/services.ts';
import { holdBackup } from '../restore/hold-backup.ts';
import { restoreName } from '../restore/restore-keys.ts';
import { releaseRunAtEnd } from '../runs/release-run.ts';
import { takeSiteLock } from '../runs/site-lock.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { drillRecordKey } from './drill-keys.ts';

/**
 * Begins a drill: takes the newest backup that counts, logs in, takes the site's lock, keeps the backup from being pruned. Run again for
 * the same execution it gives the same run. Throws before anything is locked: NoSuchBackupError, and TargetRefusedError for the site that
 * was backed up, unless the settings say that a drill may write there.
 */
export async function openDrill(
  services: Services,
  { executionId, startedAt }: { executionId: string; startedAt: string },
): Promise<{ run: DrillRun }> {
  const { backups, work, site, drill: choices } = services;
  const restore = restoreName(startedAt, executionId);
  const key = drillRecordKey(restore);
  const begun = await readJson<DrillRecord>(work, key);
  const { backup, suspicions } = await newest(services, begun);
  const manifest = await openBackup(backups, backup);
  const workspace = await site.discover();
  if (workspace.workspaceId === manifest.site.workspaceId && !choices.inProduction) {
    throw new TargetRefusedError(
      `${workspace.siteName} is the site that was backed up, and a drill makes schemas where it runs. Give it the login of another site, or say that it may (\`"drill": { "inProduction": true }\` in the settings). Nothing was written.`,
    );
  }
  const run: DrillRun = {
    ...{ contract: restoreContract, restore, backup, executionId, startedAt, workspace },
    ...(suspicions.length > 0 && { suspicions }),
  };
  await takeSiteLock(services, run);
  try {
    await holdBackup(services, run);
    await openBackup(backups, backup);
    const { workspaceId, siteName } = workspace;
    const record = { drill: restore, backup, executionId, startedAt, workspaceId, siteName } as const;
    if (!begun) await writeJson<DrillRecord>(work, key, { ...record, scratch: 'open', ended: null });
  } catch (error) {
    await releaseRunAtEnd(services, run);
    throw error;
  }
  return { run };
}

/** The newest backup that counts, with what a person should know of it: for a drill that was begun already the one that it took. */
async function newest(services: Services, begun: DrillRecord | undefined) {
  const { manifest, suspicions } = await latestBackup(services, services.clock.now());
  if (begun && begun.backup !== manifest.name) return { backup: begun.backup, suspicions: [] };
  for (const message of suspicions) services.reporter.event('warn', 'drill.notice', { backup: manifest.name, message });
  return { backup: manifest.name, suspicions };
}
