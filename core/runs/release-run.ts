import { DamagedWorkFileError, StorageError } from '../errors.ts';
import type { RestoreRun } from '../model/restore.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import { endReading } from './backup-readers.ts';
import { releaseSiteLock, releaseSiteLockAtEnd } from './site-lock.ts';

type HoldingServices = Pick<Services, 'work' | 'runs' | 'clock' | 'reporter'>;

/** Lets go of what a run holds: its site, and of a restore or an undo the backup that it reads. */
export async function releaseRun(services: HoldingServices, run: Run | RestoreRun): Promise<void> {
  await releaseSiteLock(services, run);
  await endMark(services, run);
}

/** The same where it is settled how a run ends, as `releaseSiteLockAtEnd` does it. */
export async function releaseRunAtEnd(services: HoldingServices, run: Run | RestoreRun): Promise<void> {
  await releaseSiteLockAtEnd(services, run);
  await endMark(services, run);
}

/** A mark that stays is one of a run that has ended, which pruning finds out: it is no reason to fail. */
async function endMark({ work, reporter }: HoldingServices, run: Run | RestoreRun): Promise<void> {
  if (!('restore' in run)) return;
  try {
    await endReading(work, run.backup, run.executionId);
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof DamagedWorkFileError)) throw error;
    reporter.event('error', 'run.mark-kept', { executionId: run.executionId, message: error.message });
  }
}
