import { KeyExistsError, LockLostError, RunInProgressError, StorageError, VersionConflictError } from '../errors.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, readVersionedJson, swapJson } from '../work-store/json-file.ts';

/**
 * One run per site: backup and restore of one workspace exclude each other. The lock is one file of the work store that
 * names its holder. It is taken over only from a holder that is known to have ended, and released by overwriting, since
 * the roles of a backup cannot delete.
 */
interface SiteLock {
  readonly state: 'held' | 'released';
  readonly holder: RunHolder;
  readonly kind: 'backup' | 'restore';
  readonly since: string;
}

type LockServices = Pick<Services, 'work' | 'runs' | 'clock' | 'reporter'>;

const lockKey = (workspaceId: string) => `locks/${workspaceId}.json`;

/** Takes the lock for an execution; taking it twice for the same one is the same as once. Throws RunInProgressError. */
export async function takeSiteLock(
  { work, runs, clock, reporter }: LockServices,
  { workspaceId, executionId, kind }: { workspaceId: string; executionId: string; kind: SiteLock['kind'] },
): Promise<void> {
  const key = lockKey(workspaceId);
  const wanted: SiteLock = {
    state: 'held',
    holder: runs.holder(executionId),
    kind,
    since: new Date(clock.now()).toISOString(),
  };
  const there = await readVersionedJson<SiteLock>(work, key);
  try {
    if (there) {
      const lock = there.value;
      const isOurs = lock.holder.executionId === executionId;
      if (lock.state === 'held' && !isOurs && !(await runs.hasEnded(lock.holder))) throw runInProgress(lock);
    }
    await swapJson(work, key, wanted, there?.version);
  } catch (error) {
    if (!(error instanceof KeyExistsError || error instanceof VersionConflictError)) throw error;
    const lock = (await readJson<SiteLock>(work, key)) ?? wanted;
    if (lock.holder.executionId !== executionId) throw runInProgress(lock, error);
  }
  reporter.event('info', 'run.locked', { executionId, kind });
}

/** Checked by every step that writes. Throws LockLostError where another run has taken over. */
export async function checkSiteLock({ work }: LockServices, workspaceId: string, executionId: string): Promise<void> {
  const lock = await readJson<SiteLock>(work, lockKey(workspaceId));
  if (lock?.state === 'held' && lock.holder.executionId === executionId) return;
  const isOurs = lock?.holder.executionId === executionId;
  const why = isOurs
    ? 'it had ended and released it'
    : lock
      ? `it is ${lock.state} by ${lock.holder.executionId}`
      : 'the lock is gone';
  throw new LockLostError(
    `This run (${executionId}) no longer holds the lock of its site, so it stops: ${why}. A run that has ended cannot be redriven: start a new one.`,
  );
}

/** Who holds the lock of a site for such a run, whether or not that run has ended without releasing it. */
export async function locksHeld(work: WorkStore, kind: SiteLock['kind']): Promise<RunHolder[]> {
  const holders: RunHolder[] = [];
  for await (const key of work.list('locks/')) {
    const lock = await readJson<SiteLock>(work, key);
    if (lock?.state === 'held' && lock.kind === kind) holders.push(lock.holder);
  }
  return holders;
}

/** Releases the lock where this execution holds it; otherwise does nothing. */
export async function releaseSiteLock(
  { work, reporter }: LockServices,
  workspaceId: string,
  executionId: string,
): Promise<void> {
  const there = await readVersionedJson<SiteLock>(work, lockKey(workspaceId));
  if (!there) return;
  const lock = there.value;
  if (lock.state !== 'held' || lock.holder.executionId !== executionId) return;
  try {
    await swapJson<SiteLock>(work, lockKey(workspaceId), { ...lock, state: 'released' }, there.version);
    reporter.event('info', 'run.unlocked', { executionId });
  } catch (error) {
    if (!(error instanceof VersionConflictError)) throw error; // Another run took over: there is nothing left to release.
  }
}

/**
 * The same where it is settled how a run ends. A disk that refuses it must hide neither a first cause, which may be that same disk,
 * nor a backup that is there: whoever comes next takes the lock over, because its holder has ended.
 */
export async function releaseSiteLockAtEnd(
  services: LockServices,
  workspaceId: string,
  executionId: string,
): Promise<void> {
  try {
    await releaseSiteLock(services, workspaceId, executionId);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    services.reporter.event('error', 'run.lock-kept', { executionId, message: error.message });
  }
}

function runInProgress(lock: SiteLock, cause?: unknown): RunInProgressError {
  const { executionId, process } = lock.holder;
  const where = process ? `process ${process.pid} on ${process.host}` : executionId;
  return new RunInProgressError(
    `Another ${lock.kind} of this site is running since ${lock.since} (${where}). Wait for its end, then start again.`,
    { cause },
  );
}
