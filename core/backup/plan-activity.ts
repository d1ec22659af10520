import { readableCount } from '../counted.ts';
import { LoginRefusedError, PermissionRefusedError, RequestRefusedError, UnexpectedAnswerError } from '../errors.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { ObjectId } from '../model/ids.ts';
import type { NotOffered } from '../model/outcome.ts';
import { divideBudget } from '../model/request-budget.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { sayWaiting } from '../waiting.ts';
import { needJson, readJson, writeItems, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { GapCollector } from './gaps.ts';
import { plannedTypes } from './plan-objects.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityPlan,
  type BackupPlan,
  type ObjectsRecord,
  type ShardIndex,
  workKeys,
} from './work-files.ts';

/** Objects a batch: about a minute and a half at the default budget, far from a function's 15 minutes. */
export const activityBatchSize = 1_000;
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
  if (!(await needJson<BackupPlan>(work, keys.plan)).options.activity) return summary(0);

  const batchFiles = new BatchFiles(services, run);
  for (const type of await plannedTypes(work, run.backup)) {
    const record = await readJson<ObjectsRecord>(work, keys.objects(type.id));
    for (const index of record?.indexes ?? []) {
      for (const id of (await needJson<ShardIndex>(work, index)).ids) await batchFiles.add(type.schema, id);
    }
  }
  await batchFiles.close();
  const reader = site.reader(run.workspace, budget);
  const gaps = new GapCollector(reporter, reader);
  const comments = await probeComments(services, reader, gaps, batchFiles.spread);
  const notOffered: NotOffered[] = 'reason' in comments ? [{ what: 'comments', reason: comments.reason }] : [];
  if ('refusal' in comments) {
    const { objects } = batchFiles;
    const all = objects === 1 ? 'the one object' : `all ${readableCount(objects)} objects`;
    gaps.add({ kind: 'comments', what: `comments of ${all}` }, comments.refusal);
  }
  const kinds: ActivityKind[] = 'isOffered' in comments ? ['history', 'comments'] : ['history'];
  for (const { what, reason } of notOffered) reporter.event('info', 'export.not-offered', { what, reason });
  const { objects, count } = batchFiles;
  const batches = Array.from(
    { length: count },
    (_, index): ActivityBatch => ({
      number: index + 1,
      key: keys.activityBatch(index + 1),
      kinds,
      budget: divideBudget(budget, concurrency.activity),
    }),
  );
  await writeItems(work, keys.activityBatches, batches);
  await writeJson<ActivityPlan>(work, keys.activityPlan, { objects, batches: count, notOffered, gaps: gaps.gaps });
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  reporter.planned('activity', count === 0 ? 0 : objects);
  return summary(count);
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

class BatchFiles {
  objects = 0;
  count = 0;
  readonly #services: Services;
  readonly #run: Run;
  /** The first object of each batch. */
  readonly #firsts: string[] = [];
  #last: string | undefined;
  /** By schema: an object that became another type's stands in the backup twice, and has one history. */
  readonly #added = new Map<string, Set<string>>();
  #groups: { schema: ActivityBatchFile['groups'][number]['schema']; objectIds: string[] }[] = [];
  #inBatch = 0;

  constructor(services: Services, run: Run) {
    this.#services = services;
    this.#run = run;
  }

  /** Three objects from all over the site; where it is small, one of them stands there twice or thrice. */
  get spread(): ObjectId[] {
    const [first] = this.#firsts;
    const middle = this.#firsts[Math.ceil((this.#firsts.length - 1) / 2)];
    return [first, middle, this.#last].flatMap((id) => (id === undefined ? [] : (id as ObjectId)));
  }

  async add(schema: ActivityBatchFile['groups'][number]['schema'], objectId: string): Promise<void> {
    const added = this.#added.get(schema.id) ?? new Set<string>();
    if (added.has(objectId)) return;
    this.#added.set(schema.id, added.add(objectId));
    const group = this.#groups.at(-1);
    if (group?.schema.id === schema.id) group.objectIds.push(objectId);
    else this.#groups.push({ schema, objectIds: [objectId] });
    if (this.#inBatch === 0) this.#firsts.push(objectId);
    this.#last = objectId;
    this.objects += 1;
    this.#inBatch += 1;
    if (this.#inBatch === activityBatchSize) await this.close();
  }

  async close(): Promise<void> {
    if (this.#inBatch === 0) return;
    this.count += 1;
    const key = workKeys(this.#run.backup).activityBatch(this.count);
    await writeJson<ActivityBatchFile>(this.#services.work, key, { groups: this.#groups });
    this.#groups = [];
    this.#inBatch = 0;
  }
}
