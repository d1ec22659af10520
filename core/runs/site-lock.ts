import { KeyExistsError, LockLostError, RunInProgressError, StorageError, VersionConflictError } from '../errors.ts';
import type { Run } from '../model/run.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, readVersionedJson, swapJson } from '../work-store/json-file.ts';

/**
 * One run per site: backup and restore of one workspace exclude each other. Each kind has a file of its own that names its
 * holder, because no role of a backup is to break a restore's lock: it may not write that file, and a restore goes by nothing
 * else once it has begun. A file is taken over only from a holder that is known to have ended, and released by overwriting,
 * since no role can delete.
 */
interface SiteLock {
  readonly state: 'held' | 'released';
  readonly holder: RunHolder;
  readonly kind: LockKind;
  readonly since: string;
  /** Of a backup: the execution of a restore that had ended without releasing its own lock. */
  readonly passedOver?: string;
}

type LockKind = 'backup' | 'restore';
type LockServices = Pick<Services, 'work' | 'runs' | 'clock' | 'reporter'>;
/** A restore's run names itself. */
type LockedRun = Pick<Run, 'workspace' | 'executionId'> & { readonly restore?: string };

const kindOf = (run: LockedRun): LockKind => (run.restore === undefined ? 'backup' : 'restore');

/** Backups of 0.1.0 had theirs where a restore's is; a restore takes it over from one that has ended. */
const lockKey = (kind: LockKind, { workspaceId }: Pick<Run['workspace'], 'workspaceId'>) =>
  `${kind === 'backup' ? 'backup-locks' : 'locks'}/${workspaceId}.json`;

/** Takes the lock for a run; taking it twice for the same one is the same as once. Throws RunInProgressError. */
export async function takeSiteLock(services: LockServices, run: LockedRun): Promise<void> {
  const { work, runs, clock, reporter } = services;
  const { executionId } = run;
  const kind = kindOf(run);
  const key = lockKey(kind, run.workspace);
  const passedOver = await otherKindEnded(services, run);
  const wanted: SiteLock = {
    state: 'held',
    holder: runs.holder(executionId),
    kind,
    since: new Date(clock.now()).toISOString(),
    ...(kind === 'backup' && passedOver !== undefined && { passedOver }),
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
  try {
    // One of the other kind may have begun at the same moment. Each sees the other now, and at least one gives way.
    await otherKindEnded(services, run);
  } catch (error) {
    await releaseSiteLockAtEnd(services, run);
    throw error;
  }
  reporter.event('info', 'run.locked', { executionId, kind });
}

/** The execution of the other kind that holds its lock although it has ended; undefined where none does. Throws RunInProgressError. */
async function otherKindEnded({ work, runs }: LockServices, run: LockedRun): Promise<string | undefined> {
  const lock = await readJson<SiteLock>(work, lockKey(kindOf(run) === 'backup' ? 'restore' : 'backup', run.workspace));
  if (lock?.state !== 'held') return undefined;
  if (!(await runs.hasEnded(lock.holder))) throw runInProgress(lock);
  return lock.holder.executionId;
}

/**
 * Checked by every step that writes. Throws LockLostError where another run has taken over, and for a backup where a restore
 * has begun, which it does only when it takes the backup for ended.
 */
export async function checkSiteLock({ work }: LockServices, run: LockedRun): Promise<void> {
  const { workspace, executionId } = run;
  const lock = await readJson<SiteLock>(work, lockKey(kindOf(run), workspace));
  const isOurs = lock?.holder.executionId === executionId;
  if (lock?.state !== 'held' || !isOurs) {
    throw lockLost(executionId, isOurs ? 'it had ended and released it' : lock ? heldBy(lock) : 'the lock is gone');
  }
  if (kindOf(run) === 'restore') return;
  const other = await readJson<SiteLock>(work, lockKey('restore', workspace));
  if (other?.state === 'held' && other.holder.executionId !== lock.passedOver) {
    throw lockLost(executionId, heldBy(other));
  }
}

const heldBy = ({ state, holder }: SiteLock) => `it is ${state} by ${holder.executionId}`;

function lockLost(executionId: string, why: string): LockLostError {
  return new LockLostError(
    `This run (${executionId}) no longer holds the lock of its site, so it stops: ${why}. A run that has ended cannot be redriven: start a new one.`,
  );
}

/** Who holds the lock of a site for a restore, whether or not that restore has ended without releasing it. */
export async function restoreLocksHeld(work: WorkStore): Promise<RunHolder[]> {
  const holders: RunHolder[] = [];
  for await (const key of work.list('locks/')) {
    const lock = await readJson<SiteLock>(work, key);
    if (lock?.state === 'held' && lock.kind === 'restore') holders.push(lock.holder);
  }
  return holders;
}

/** Throws RunInProgressError where a restore into one of these sites runs: its journals change meanwhile. */
export async function checkNoRestore(
  { work, runs }: Pick<LockServices, 'work' | 'runs'>,
  workspaceIds: Iterable<string>,
): Promise<void> {
  for (const workspaceId of workspaceIds) {
    const lock = await readJson<SiteLock>(work, lockKey('restore', { workspaceId }));
    if (lock?.state === 'held' && lock.kind === 'restore' && !(await runs.hasEnded(lock.holder)))
      throw runInProgress(lock);
  }
}

/** A run that holds the lock of its site, and is not known to have ended. */
export interface RunUnderWay {
  readonly kind: LockKind;
  /** ISO 8601. */
  readonly since: string;
  readonly holder: RunHolder;
}

/** Backups and restores that go on, the longest first. */
export async function runsUnderWay({ work, runs }: Pick<LockServices, 'work' | 'runs'>): Promise<RunUnderWay[]> {
  const found: RunUnderWay[] = [];
  for (const folder of ['backup-locks/', 'locks/']) {
    for await (const key of work.list(folder)) {
      const lock = await readJson<SiteLock>(work, key);
      if (lock?.state !== 'held' || (await runs.hasEnded(lock.holder))) continue;
      found.push({ kind: lock.kind, since: lock.since, holder: lock.holder });
    }
  }
  return found.sort((one, other) => (one.since < other.since ? -1 : 1));
}

/** Workspaces of which a backup runs, or may run: its lock is held by one that is not known to have ended. */
export async function sitesBeingBackedUp({ work, runs }: Pick<LockServices, 'work' | 'runs'>): Promise<Set<string>> {
  const sites = new Set<string>();
  for (const folder of ['backup-locks/', 'locks/']) {
    for await (const key of work.list(folder)) {
      const lock = await readJson<SiteLock>(work, key);
      if (lock?.state !== 'held' || lock.kind !== 'backup' || (await runs.hasEnded(lock.holder))) continue;
      sites.add(key.slice(folder.length, -'.json'.length));
    }
  }
  return sites;
}

/** Releases the lock where this execution holds it; otherwise does nothing. */
export async function releaseSiteLock({ work, reporter }: LockServices, run: LockedRun): Promise<void> {
  const { executionId } = run;
  const key = lockKey(kindOf(run), run.workspace);
  const there = await readVersionedJson<SiteLock>(work, key);
  if (!there) return;
  const lock = there.value;
  if (lock.state !== 'held' || lock.holder.executionId !== executionId) return;
  try {
    await swapJson<SiteLock>(work, key, { ...lock, state: 'released' }, there.version);
    reporter.event('info', 'run.unlocked', { executionId });
  } catch (error) {
    if (!(error instanceof VersionConflictError)) throw error; // Another run took over: there is nothing left to release.
  }
}

/**
 * The same where it is settled how a run ends. A disk that refuses it must hide neither a first cause, which may be that same disk,
 * nor a backup that is there: whoever comes next takes the lock over, because its holder has ended.
 */
export async function releaseSiteLockAtEnd(services: LockServices, run: LockedRun): Promise<void> {
  try {
    await releaseSiteLock(services, run);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    services.reporter.event('error', 'run.lock-kept', { executionId: run.executionId, message: error.message });
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
