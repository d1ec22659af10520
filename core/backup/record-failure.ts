import { StorageError } from '../errors.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { causeMessage } from '../runs/abandon-run.ts';
import { writeJson } from '../work-store/json-file.ts';
import { type FailureRecord, workKeys } from './work-files.ts';

/** Errors after which no other batch can do better, so that the whole run stops. */
const stopping = [
  'LoginRefusedError',
  'TooManyFailuresError',
  'LockLostError',
  'InterruptedError',
  'StorageError',
  'DamagedWorkFileError',
];

/**
 * Writes down why a batch's step failed, so that the manifest can say it: the batch's own record is missing. Gives the
 * sentence of the failure.
 */
export async function recordFailure(
  { work, reporter }: Services,
  { run, kind, id, error, cause }: { run: Run; kind: FailureRecord['kind']; id: string; error: string; cause: string },
): Promise<{ stop: boolean; reason: string }> {
  const keys = workKeys(run.backup);
  const failure: FailureRecord = { kind, id, error, reason: causeMessage(cause) };
  const stop = stopping.includes(error);
  try {
    await writeJson(work, keys.failure(kind, id), failure);
    if (stop) await writeJson(work, keys.stopped, failure);
  } catch (unwritten) {
    // The disk that stopped the batch refuses this as well: the first cause is the one to tell.
    if (!stop || !(unwritten instanceof StorageError)) throw unwritten;
  }
  reporter.event('error', 'step.failed', { kind, id, error });
  return { stop, reason: failure.reason };
}
