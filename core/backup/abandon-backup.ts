import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { abandonRun } from '../runs/abandon-run.ts';
import { readJson } from '../work-store/json-file.ts';
import { type FailureRecord, workKeys } from './work-files.ts';

/**
 * Ends a run that cannot go on: releases the site, and gives the error that made it fail, which for a failed map stands
 * in the record of the batch that stopped it. What was stored stays, without a manifest, so nothing takes it for a backup.
 */
export async function abandonBackup(
  services: Services,
  { run, error, cause }: { run: Run; error: string; cause: string },
): Promise<{ error: string; cause: string }> {
  const failure = await readJson<FailureRecord>(services.work, workKeys(run.backup).stopped);
  const abandoned = await abandonRun(services, { run, error, cause });
  return failure ? { error: failure.error, cause: failure.reason } : abandoned;
}
