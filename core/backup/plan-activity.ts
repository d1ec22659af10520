import { readableCount } from '../counted.ts';
import { LoginRefusedError, PermissionRefusedError, RequestRefusedError, UnexpectedAnswerError } from '../errors.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { ObjectId } from '../model/ids.ts';
import type { NotOffered } from '../model/outcome.ts';
import { divideBudget } from '../model/request-budget.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sayWaiting } from '../waiting.ts';
import { needJson, readJson, writeItems, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import {
  activityBatchSize,
  cutBatches,
  type ObjectToPlan,
  objectToPlan,
  type UnitToPlan,
  unitsOf,
} from './activity-units.ts';
import { GapCollector } from './gaps.ts';
import { plannedTypes } from './plan-objects.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityPlan,
  type ActivityUnit,
  type BackupPlan,
  type ObjectsRecord,
  type ShardIndex,
  type TypeToExport,
  workKeys,
} from './work-files.ts';

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

  const all = await storedObjects(work, run.backup);
  const ids = all.flatMap(({ objects }) => objects.map(({ id }) => id));
  const reader = site.reader(run.workspace, budget);
  const gaps = new GapCollector(reporter, reader);
  const comments = await probeComments(services, reader, gaps, spread(ids));
  const notOffered: NotOffered[] = 'reason' in comments ? [{ what: 'comments', reason: comments.reason }] : [];
  if ('refusal' in comments) {
    const of = ids.length === 1 ? 'the one object' : `all ${readableCount(ids.length)} objects`;
    gaps.add({ kind: 'comments', what: `comments of ${of}` }, comments.refusal);
  }
  const kinds: ActivityKind[] = 'isOffered' in comments ? ['history', 'comments'] : ['history'];
  for (const { what, reason } of notOffered) reporter.event('info', 'export.not-offered', { what, reason });
  for (const { objects } of all) for (const object of objects) object.comments = kinds.includes('comments');

  const units = all.flatMap(({ type, objects }) => unitsOf(type, objects));
  const slots = concurrency.activity;
  const cut = cutBatches(units, { slots, isCut: plan.options.activityFiles === 'object' });
  const until = deadline(services, run);
  const batches: ActivityBatch[] = [];
  for (const of of cut) {
    const number = batches.length + 1;
    const key = keys.activityBatch(number);
    await writeJson<ActivityBatchFile>(work, key, { units: of.map(plannedUnit), files: [] });
    batches.push({ number, key, kinds, until, budget: divideBudget(budget, slots) });
  }
  await writeItems(work, keys.activityBatches, batches);
  const bases = Object.fromEntries(plan.schemas.map(({ id }) => [id, { backup: null, passedOver: [] }]));
  const planned = { objects: ids.length, batches: batches.length, notOffered, gaps: gaps.gaps, bases };
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
const longest = 20 * 3_600_000;
const before = 3_600_000;

function deadline({ nextStart }: Services, { startedAt }: Run): string {
  const start = Date.parse(startedAt);
  const next = nextStart(start) ?? Number.POSITIVE_INFINITY;
  return new Date(Math.min(start + longest, next - before)).toISOString();
}

interface TypeObjects {
  readonly type: TypeToExport;
  readonly objects: readonly ObjectToPlan[];
}

/** What is stored of each type. An object that became another type's stands in the backup twice, and has one history. */
async function storedObjects(work: WorkStore, backup: string): Promise<TypeObjects[]> {
  const added = new Map<string, Set<string>>();
  const types: TypeObjects[] = [];
  for (const type of await plannedTypes(work, backup)) {
    const objects: ObjectToPlan[] = [];
    const ids = added.get(type.schema.id) ?? new Set<string>();
    added.set(type.schema.id, ids);
    const record = await readJson<ObjectsRecord>(work, workKeys(backup).objects(type.id));
    for (const key of record?.indexes ?? []) {
      const index = await needJson<ShardIndex>(work, key);
      for (const [at, id] of index.ids.entries()) {
        if (!ids.has(id)) objects.push(objectToPlan(id, index.digests[at] ?? ''));
        ids.add(id);
      }
    }
    types.push({ type, objects });
  }
  return types;
}

function plannedUnit({ type: { schema, id, name }, shard, shards, objects }: UnitToPlan): ActivityUnit {
  const planned = objects.map(({ id, digest, history, comments }) => ({
    id,
    digest,
    history: { isRead: history, base: null, files: [] },
    comments: { isRead: comments, base: null, files: [] },
  }));
  const isUnchanged = { history: false, comments: false };
  return { schema, type: { id, name }, shard, shards, isUnchanged, objects: planned };
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
