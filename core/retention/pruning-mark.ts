import { KeyExistsError, VersionConflictError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, readVersionedJson, swapJson } from '../work-store/json-file.ts';

/**
 * That a backup is being deleted, or was. Whoever deletes writes it first, then looks for readers once more, and only then deletes
 * the manifest; whoever reads writes a reader's mark first (`core/runs/backup-readers.ts`) and then looks for this one. So at least
 * one of two sees the other. It stays when the backup is gone: it is the record of who deleted what, and when.
 */
export interface PruningMark {
  readonly holder: RunHolder;
  /**
   * `deleting`: nobody may begin to read it. `deleted`: it is gone, all of it. `withdrawn`: a reason to keep it was found in the last
   * moment, and nothing of it was deleted.
   */
  readonly state: 'deleting' | 'deleted' | 'withdrawn';
  /** When this was written (ISO 8601). */
  readonly at: string;
  /** A mark of a holder that is no process, of whom nobody can know whether it has ended, counts until then (ISO 8601). */
  readonly until: string;
  /** What there was to delete when it was begun. */
  readonly files: number;
  readonly bytes: number;
}

type MarkServices = Pick<Services, 'work' | 'runs'> & { readonly clock: Pick<Clock, 'now'> };

const markKey = (backup: string) => `pruning/${backup}.json`;

/** A function is cut off after a quarter of an hour, and the manifest is deleted seconds after the mark was written. */
const longestWithoutProcess = 3_600_000;

/** A mark that this run holds. */
export interface HeldMark {
  readonly backup: string;
  readonly mark: PruningMark;
  readonly version: string;
}

/**
 * Announces that a backup is about to be deleted. Undefined where another run that goes on deletes it: it is that one's. A function
 * that is tried again has the id of its first try.
 */
export async function announcePruning(
  services: MarkServices,
  backup: string,
  { executionId, ...size }: { readonly executionId: string } & Pick<PruningMark, 'files' | 'bytes'>,
): Promise<HeldMark | undefined> {
  const { work, runs, clock } = services;
  const there = await readVersionedJson<PruningMark>(work, markKey(backup));
  const isOurs = there?.value.holder.executionId === executionId;
  if (there && !isOurs && (await isGoingOn(services, there.value))) return undefined;
  // Of one that was broken off a part is gone already.
  const { files, bytes } = there?.value.state === 'deleting' ? there.value : size;
  const now = clock.now();
  const mark: PruningMark = {
    holder: runs.holder(executionId),
    state: 'deleting',
    at: new Date(now).toISOString(),
    until: new Date(now + longestWithoutProcess).toISOString(),
    files,
    bytes,
  };
  try {
    return { backup, mark, version: await swapJson(work, markKey(backup), mark, there?.version) };
  } catch (error) {
    if (error instanceof KeyExistsError || error instanceof VersionConflictError) return undefined;
    throw error;
  }
}

/** Says how it ended; `deleting`: it did not, and whoever comes next goes on. One that another run has taken over meanwhile, as it held this one for ended, is left to that. */
export async function endPruning(
  { work, clock }: Pick<Services, 'work' | 'clock'>,
  { backup, mark, version }: HeldMark,
  state: PruningMark['state'],
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  try {
    const until = state === 'deleting' ? at : mark.until;
    await swapJson<PruningMark>(work, markKey(backup), { ...mark, state, at, until }, version);
  } catch (error) {
    if (!(error instanceof VersionConflictError)) throw error;
  }
}

/** Whether somebody is deleting a backup. To be asked by a reader, after it has written its own mark. */
export async function isBeingPruned(services: MarkServices, backup: string): Promise<boolean> {
  const mark = await readJson<PruningMark>(services.work, markKey(backup));
  return mark !== undefined && (await isGoingOn(services, mark));
}

async function isGoingOn({ runs, clock }: MarkServices, { state, holder, until }: PruningMark): Promise<boolean> {
  if (state !== 'deleting') return false;
  if (holder.process === undefined) return clock.now() < Date.parse(until);
  return !(await runs.hasEnded(holder));
}

/** Whether the deletion of a backup was begun, by whomever, and has not come to its end. */
export async function isPruningBegun(work: WorkStore, backup: string): Promise<boolean> {
  return (await readJson<PruningMark>(work, markKey(backup)))?.state === 'deleting';
}
