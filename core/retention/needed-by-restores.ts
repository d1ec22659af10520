import type { Services } from '../ports/services.ts';
import { type ListedRestore, listRestores } from '../restore/list-restores.ts';
import { allKeptPlans } from '../restore/restore-keys.ts';
import type { RestoreReason } from './keep-reason.ts';

/** Which backups restores need, by their names; and what is damaged, so that nobody knows which it needs. */
export interface NeededByRestores {
  readonly reasonsOf: (backup: string) => readonly RestoreReason[];
  /** Why that is not known; null where it is. */
  readonly unknown: string | null;
}

const day = 86_400_000;

/**
 * Backups that a restore reads, or may go on with: it runs, was stopped and no other has gone on, waits for an approval whose plan is
 * kept, as that of a dry run is too, or can still be undone: also one that was stopped, whose own things another one that has gone on leaves to its undo, and one of
 * which an undo had to leave something. An undo needs what its restore needed. Throws DamagedWorkFileError where a lock is damaged.
 */
export async function neededByRestores(
  services: Pick<Services, 'work' | 'runs' | 'clock' | 'undoDays'>,
): Promise<NeededByRestores> {
  const { work, runs } = services;
  const { restores, damaged } = await listRestores(work, runs);
  const byName = new Map(restores.map((one) => [one.name, one]));
  const plans = restores.some(({ state }) => state === 'waiting' || state === 'planned')
    ? await keptPlans(services)
    : new Set<string>();
  const needed = new Map<string, RestoreReason[]>();
  for (const restore of restores) {
    const backup = backupOf(restore, byName);
    const reason = reasonOf(restore, { ...services, plans, byName });
    if (backup === undefined || !reason) continue;
    needed.set(backup, [...(needed.get(backup) ?? []), reason]);
  }
  const [first] = damaged;
  return {
    reasonsOf: (backup) => needed.get(backup) ?? [],
    unknown:
      first === undefined
        ? null
        : `it is not known which backup the restore ${first.name} needs: ${first.message} See docs/restoring.md, "When a work file is damaged".`,
  };
}

/** Of an undo, that of the restore that it takes back: an undo is not undone. */
function backupOf({ asked }: ListedRestore, byName: ReadonlyMap<string, ListedRestore>): string | undefined {
  if (!('undo' in asked)) return asked.backup;
  const undone = byName.get(asked.undo);
  return undone && !('undo' in undone.asked) ? undone.asked.backup : undefined;
}

interface Surroundings extends Pick<Services, 'clock' | 'undoDays'> {
  /** Hashes of those that can still be approved. */
  readonly plans: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, ListedRestore>;
}

function reasonOf(
  { name, state, asked, hash, startedAt, finishedAt, goneOnBy, undoneBy }: ListedRestore,
  { clock, undoDays, plans, byName }: Surroundings,
): RestoreReason | undefined {
  const because = (need: RestoreReason['need'], until: string | null = null): RestoreReason => ({
    ...{ kind: 'restore', restore: name, need, until },
  });
  if (state === 'running') return because('running');
  if (undoneBy !== null && hasLeftNothing(byName.get(undoneBy))) return undefined;
  if (state === 'interrupted' && goneOnBy === null) return because('stopped');
  if (state === 'waiting' || state === 'planned')
    return goneOnBy === null && hash !== null && plans.has(hash) ? because(state) : undefined;
  if ((state !== 'finished' && state !== 'interrupted') || 'undo' in asked) return undefined;
  const wentOn = goneOnBy === null ? undefined : byName.get(goneOnBy);
  const until = Date.parse(finishedAt ?? wentOn?.finishedAt ?? startedAt) + undoDays * day;
  return until >= clock.now() ? because('undoable', new Date(until).toISOString()) : undefined;
}

const hasLeftNothing = (undo: ListedRestore | undefined) => undo?.lost === 0 && undo.differences === 0;

/** Hashes of the plans that can still be approved. */
async function keptPlans({ work }: Pick<Services, 'work'>): Promise<Set<string>> {
  const hashes = new Set<string>();
  for await (const key of work.list(allKeptPlans)) hashes.add(/([^/]+)\.jsonl$/.exec(key)?.[1] ?? '');
  return hashes;
}
