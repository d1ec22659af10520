import { DamagedWorkFileError } from '../errors.ts';
import type { RestoreChoices, RestoreOutcome, RestoreResult, UndoChoices } from '../model/restore.ts';
import type { RunRegistry } from '../ports/run-registry.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { restoreLocksHeld } from '../runs/site-lock.ts';
import { readJson } from '../work-store/json-file.ts';
import type { RelaxedFile } from './configuration/relax-constraints.ts';
import type { PlanOutcome } from './plan/plan-outcome.ts';
import { restoreKeys, restoreName } from './restore-keys.ts';

/** A restore, or an undo of one, as its folder in the work store tells it. */
export interface ListedRestore {
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Null where it has not come to its end. */
  readonly finishedAt: string | null;
  /**
   * `planned`: no more was asked for. `waiting`: for approval. `unplanned`: it ended before it had a plan to carry out, refused or
   * stopped, so it has written nothing. `interrupted`: it does not run any more, has such a plan, and no report.
   */
  readonly state: 'finished' | 'planned' | 'waiting' | 'running' | 'unplanned' | 'interrupted';
  readonly asked: RestoreChoices | UndoChoices;
  /** Name of the target's site; null where it did not come to its plan. */
  readonly target: string | null;
  /** Of the plan. */
  readonly hash: string | null;
  readonly outcome: RestoreOutcome | null;
  /** Values that are lost, and of an undo what stays; of a finished one. */
  readonly lost: number | null;
  readonly differences: number | null;
  /** A later one that was asked the same and that has finished, or runs: what this one lacks is that one's matter. */
  readonly goneOnBy: string | null;
  /** The undo that has taken it back. */
  readonly undoneBy: string | null;
  /** Where restrictions of attributes are taken off, and not put back yet. */
  readonly relaxed: readonly string[];
}

/** One of which nothing more is known, as a file of it is damaged. */
export interface DamagedRestore {
  readonly name: string;
  /** Which file, and what to do about it. */
  readonly message: string;
}

/** Both the newest first. */
export interface RestoreList {
  readonly restores: readonly ListedRestore[];
  readonly damaged: readonly DamagedRestore[];
}

type Found = Omit<ListedRestore, 'goneOnBy' | 'undoneBy'>;

/** All restores and undos whose folders are there. Throws DamagedWorkFileError where a lock is damaged. */
export async function listRestores(work: WorkStore, runs: RunRegistry): Promise<RestoreList> {
  const running = await runningExecutions(work, runs);
  const names = new Set<string>();
  for await (const key of work.list('restores/')) names.add(key.split('/')[1] ?? '');
  const found: Found[] = [];
  const damaged: DamagedRestore[] = [];
  for (const name of [...names].sort().reverse()) {
    try {
      const one = await readRestore(work, name, running);
      if (one) found.push(one);
    } catch (error) {
      if (!(error instanceof DamagedWorkFileError)) throw error;
      damaged.push({ name, message: error.message });
    }
  }
  return { restores: withLater(found.sort(newestFirst)), damaged };
}

function withLater(found: readonly Found[]): ListedRestore[] {
  return found.map((one, index) => {
    const later = found.slice(0, index).filter(({ state }) => state === 'finished' || state === 'running');
    return {
      ...one,
      goneOnBy: later.find((other) => isSameAgain(one, other))?.name ?? null,
      undoneBy:
        later.find(({ asked, state }) => 'undo' in asked && asked.undo === one.name && state === 'finished')?.name ??
        null,
    };
  });
}

/** Of two that began in one second the one that runs, or else the one that ended last. */
function newestFirst(one: Found, other: Found): number {
  const order = ({ startedAt, state, finishedAt }: Found) =>
    `${startedAt} ${state === 'running' ? 'running' : (finishedAt ?? '')}`;
  return order(one) > order(other) ? -1 : 1;
}

async function runningExecutions(work: WorkStore, runs: RunRegistry): Promise<string[]> {
  const running: string[] = [];
  for (const holder of await restoreLocksHeld(work)) {
    if (!(await runs.hasEnded(holder))) running.push(holder.executionId);
  }
  return running;
}

async function readRestore(work: WorkStore, name: string, running: readonly string[]): Promise<Found | undefined> {
  const keys = restoreKeys(name);
  const asked =
    (await readJson<UndoChoices>(work, keys.undoChoices)) ?? (await readJson<RestoreChoices>(work, keys.choices));
  if (!asked) return undefined;
  const startedAt = timeIn(name);
  const plan = await readJson<{ readonly target: string; readonly hash: string }>(work, keys.plan);
  const planned = await readJson<PlanOutcome>(work, keys.outcome);
  const result = await readJson<RestoreResult>(work, keys.result);
  const report = result && (await readJson<{ readonly finishedAt: string }>(work, keys.report));
  return {
    name,
    startedAt,
    finishedAt: report?.finishedAt ?? null,
    state: stateOf(
      result,
      planned,
      running.some((id) => restoreName(startedAt, id) === name),
    ),
    asked,
    target: plan?.target ?? null,
    hash: plan?.hash ?? null,
    outcome: result?.outcome ?? planned?.result?.outcome ?? null,
    lost: result?.losses ?? null,
    differences: result?.differences ?? null,
    relaxed: await relaxedIn(work, keys.relaxed),
  };
}

function stateOf(
  result: RestoreResult | undefined,
  planned: PlanOutcome | undefined,
  isRunning: boolean,
): ListedRestore['state'] {
  if (result) return 'finished';
  if (isRunning) return 'running';
  if (!planned) return 'unplanned';
  if (planned.result) return planned.result.outcome === 'planned' ? 'planned' : 'waiting';
  return 'interrupted';
}

async function relaxedIn(work: WorkStore, key: string): Promise<string[]> {
  const relaxed = await readJson<RelaxedFile>(work, key);
  return relaxed && !relaxed.putBack ? relaxed.attributes.map(({ where }) => where) : [];
}

/** Whether the later of two was asked what the other was, but for whether it ends after the plan and goes by which. */
function isSameAgain(one: Found, later: Found): boolean {
  const words = ({ asked }: Found) => JSON.stringify({ ...asked, dryRun: null, approve: null });
  const isElsewhere = one.target !== null && later.target !== null && one.target !== later.target;
  return words(one) === words(later) && !isElsewhere;
}

/** `2026-11-24_03-00-00_1a2b3c4d` → ISO 8601. */
function timeIn(name: string): string {
  const [day = '', time = ''] = name.split('_');
  return `${day}T${time.replaceAll('-', ':')}.000Z`;
}
