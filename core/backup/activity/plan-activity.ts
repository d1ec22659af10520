import { readableCount } from '../../counted.ts';
import { LoginRefusedError, PermissionRefusedError, RequestRefusedError, UnexpectedAnswerError } from '../../errors.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { ObjectId } from '../../model/ids.ts';
import type { NotOffered } from '../../model/outcome.ts';
import { divideBudget } from '../../model/request-budget.ts';
import type { Run } from '../../model/run.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sayWaiting } from '../../waiting.ts';
import { needJson, writeItems, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { GapCollector } from '../gaps.ts';
import { gapOfObjects } from '../grouped-gaps.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityPlan,
  type BackupPlan,
  workKeys,
} from '../work-files.ts';
import { activityBatchSize, cutActivity, unitsOf } from './activity-units.ts';
import { chooseBases } from './choose-base.ts';
import { decideReads } from './decide-reads.ts';
import { objectsToPlan } from './objects-to-plan.ts';
import { plannedBatch } from './planned-batch.ts';

/** Milliseconds before the second and the third object are asked: a fault of a moment passes meanwhile. */
const pauses = [5_000, 25_000];

/**
 * Cuts all stored objects into batches for the map "Export activity", and finds out with a few objects whether this site
 * has comments at all: they are not documented. History is, so that its absence is no fact about a site but a gap.
 */
export async function planActivity(
  services: Services,
  { run }: { run: Run },
): Promise<{ count: number; key: string; slots: number }> {
  const { work, reporter, site, budget, concurrency } = services;
  await checkSiteLock(services, run);
  const keys = workKeys(run.backup);
  const summary = (count: number) => ({ count, key: keys.activityBatches, slots: concurrency.activity });
  const plan = await needJson<BackupPlan>(work, keys.plan);
  if (!plan.options.activity) return summary(0);

  const types = await objectsToPlan(work, run.backup);
  const ids = types.flatMap(({ objects }) => objects.map(({ id }) => id));
  const reader = site.reader(run.workspace, budget);
  const gaps = new GapCollector(reporter, reader);
  const comments = await probeComments(services, reader, gaps, spread(ids));
  const notOffered: NotOffered[] = 'reason' in comments ? [{ what: 'comments', reason: comments.reason }] : [];
  if ('refusal' in comments) {
    const of = ids.length === 1 ? 'the one object' : `all ${readableCount(ids.length)} objects`;
    const { objects, objectIds } = gapOfObjects('comments', ids.length, ids);
    gaps.add({ kind: 'comments', what: `comments of ${of}`, objects, objectIds }, comments.refusal);
  }
  const kinds: ActivityKind[] = 'isOffered' in comments ? ['history', 'comments'] : ['history'];
  for (const { what, reason } of notOffered) reporter.event('info', 'export.not-offered', { what, reason });

  const { full, activityMaxAgeDays: maxAgeDays, activityFiles } = plan.options;
  const start = Date.parse(run.startedAt);
  const { said, bases } = await chooseBases(services, run, plan.schemas);
  decideReads(types, { bases, kinds, full, start, maxAgeDays });
  const units = types.flatMap(({ type, objects }) =>
    unitsOf(type, objects, bases.get(type.schema.id)?.shards(type.id)),
  );
  const isByType = activityFiles === 'type';
  const slots = concurrency.activity;
  const until = deadline(services, start);
  const batches: ActivityBatch[] = [];
  for (const of of cutActivity(units, { slots, isCut: !isByType })) {
    const number = batches.length + 1;
    const key = keys.activityBatch(number);
    await writeJson<ActivityBatchFile>(work, key, plannedBatch(of, bases, isByType));
    batches.push({ number, key, kinds, until, budget: divideBudget(budget, slots) });
  }
  await writeItems(work, keys.activityBatches, batches);
  const { length: objects } = ids;
  const planned = { objects, batches: batches.length, notOffered, gaps: gaps.gaps, bases: said };
  await writeJson<ActivityPlan>(work, keys.activityPlan, planned);
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  reporter.planned('activity', ids.length);
  return summary(batches.length);
}

/** Three objects from all over the site; where it is small, one of them stands there twice or thrice. */
function spread(ids: readonly string[]): ObjectId[] {
  const middle = Math.ceil((Math.ceil(ids.length / activityBatchSize) - 1) / 2) * activityBatchSize;
  return [ids[0], ids[middle], ids.at(-1)].flatMap((id) => (id === undefined ? [] : (id as ObjectId)));
}

/** Milliseconds from the start in which history and comments are read, and before the next start in which they are not. */
export const longestActivity = 20 * 3_600_000;
const before = 3_600_000;

/** Where the next start is nearer than two hours, half of the time is for it: otherwise nothing would ever be read. */
function deadline({ nextStart }: Services, start: number): string {
  const next = nextStart(start) ?? Number.POSITIVE_INFINITY;
  return new Date(Math.min(start + longestActivity, Math.max(next - before, (start + next) / 2))).toISOString();
}

type Found = { readonly isOffered: true } | { readonly reason: string } | { readonly refusal: unknown };

/**
 * What the site does with requests for comments. A 404 can be a fault of a moment, or mean that the object is gone: only where
 * objects of different places, asked one after the other, are all still there and none has an answer, is the endpoint missing. Where
 * all are refused alike, that is one gap, not a failure for each object.
 */
async function probeComments(
  services: Services,
  reader: AssetsReader,
  gaps: GapCollector,
  probes: readonly ObjectId[],
): Promise<Found> {
  let found: Found = { isOffered: true };
  for (const [index, id] of probes.entries()) {
    const milliseconds = pauses[index - 1] ?? 0;
    const what = 'to see whether the site has no comments, or only not at this moment';
    if (milliseconds > 0) await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
    try {
      const answer = await reader.comments(id);
      if (answer.offered) return { isOffered: true };
      found = { reason: answer.reason };
    } catch (error) {
      if (!(await gaps.isOfOneRead('comments', error))) throw error;
      // What this request suffered the batches will meet again, and record as gaps.
      if (!refusals.some((refusal) => error instanceof refusal)) return { isOffered: true };
      found = { refusal: error };
    }
    if (!(await isThere(reader, gaps, id))) return { isOffered: true };
  }
  return found;
}

const refusals = [PermissionRefusedError, RequestRefusedError, UnexpectedAnswerError, LoginRefusedError];

async function isThere(reader: AssetsReader, gaps: GapCollector, id: ObjectId): Promise<boolean> {
  try {
    return (await reader.object(id)) !== undefined;
  } catch (error) {
    if (await gaps.isOfOneRead('comments', error)) return false;
    throw error;
  }
}
