import { StorageError } from '../errors.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { abandonRun } from '../runs/abandon-run.ts';
import { readJson } from '../work-store/json-file.ts';
import { type FailureRecord, workKeys } from './work-files.ts';

/**
 * Ends a run that cannot go on: releases the site, and gives the error that made it fail, which for a failed map stands
 * in the record of the batch that stopped it; where that could not be written, the store is what failed. What was stored stays,
 * without a manifest, so nothing takes it for a backup.
 */
export async function abandonBackup(
  services: Services,
  { run, error, cause }: { run: Run; error: string; cause: string },
): Promise<{ error: string; cause: string }> {
  const failure = await recorded(services, run);
  const abandoned = await abandonRun(services, { run, error, cause });
  if (failure) return { error: failure.error, cause: failure.reason };
  return error === failedMap ? { error: 'StorageError', cause: notRecorded } : abandoned;
}

async function recorded({ work }: Services, run: Run): Promise<FailureRecord | undefined> {
  try {
    return await readJson<FailureRecord>(work, workKeys(run.backup).stopped);
  } catch (error) {
    if (error instanceof StorageError) return undefined; // The store that failed the run may fail this as well.
    throw error;
  }
}

/** All that a map says of a child that failed. */
const failedMap = 'States.ExceedToleratedFailureThreshold';
const notRecorded =
  'A batch failed, and why could not be written to the work store: see whether it can be written to, and what the log of the step says.';
