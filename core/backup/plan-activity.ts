import {
  messageOf,
  NotFoundError,
  PermissionRefusedError,
  RequestRefusedError,
  UnexpectedAnswerError,
} from '../errors.ts';
import type { ObjectId } from '../model/ids.ts';
import type { NotOffered } from '../model/outcome.ts';
import { divideBudget } from '../model/request-budget.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { Services } from '../ports/services.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { needJson, readJson, writeItems, writeJson } from '../work-store/json-file.ts';
import { recordRequests } from '../work-store/request-counts.ts';
import { failureLimit, GapCollector, isOfOneRead } from './gaps.ts';
import { plannedTypes } from './plan-objects.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityKind,
  type ActivityPlan,
  activityKinds,
  type BackupPlan,
  type ObjectsRecord,
  type ShardIndex,
  workKeys,
} from './work-files.ts';

/** Objects a batch: about a minute and a half at the default budget, far from a function's 15 minutes. */
export const activityBatchSize = 1_000;
/** Answers that must all say so before an endpoint counts as not offered. */
const probesNeeded = 3;

/**
 * Cuts all stored objects into batches for the map "Export activity", and finds out with a few objects whether this site
 * has history and comments at all: comments are not documented.
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
  const probes: ObjectId[] = [];
  for (const type of await plannedTypes(work, run.backup)) {
    const record = await readJson<ObjectsRecord>(work, keys.objects(type.id));
    for (const index of record?.indexes ?? []) {
      for (const id of (await needJson<ShardIndex>(work, index)).ids) {
        if (probes.length < probesNeeded) probes.push(id as ObjectId);
        await batchFiles.add(type.schema, id);
      }
    }
  }
  await batchFiles.close();
  while (probes[0] !== undefined && probes.length < probesNeeded) probes.push(probes[0]);
  const reader = site.reader(run.workspace, budget);
  const notOffered: NotOffered[] = [];
  const kinds: ActivityKind[] = [];
  const gaps = new GapCollector(reporter);
  for (const kind of activityKinds) {
    const found = await probe(reader, kind, probes);
    if (found === 'offered') kinds.push(kind);
    else if ('reason' in found) notOffered.push({ what: kind, reason: found.reason });
    else gaps.add({ kind, what: `${kind} of all ${batchFiles.objects} objects` }, found.refusal);
  }
  for (const { what, reason } of notOffered) reporter.event('info', 'export.not-offered', { what, reason });
  const { objects } = batchFiles;
  const count = kinds.length === 0 ? 0 : batchFiles.count;
  const batches = Array.from(
    { length: count },
    (_, index): ActivityBatch => ({
      number: index + 1,
      key: keys.activityBatch(index + 1),
      kinds,
      budget: divideBudget(budget, concurrency.activity),
      failureLimit: failureLimit(objects),
    }),
  );
  await writeItems(work, keys.activityBatches, batches);
  await writeJson<ActivityPlan>(work, keys.activityPlan, { objects, batches: count, notOffered, gaps: gaps.gaps });
  await recordRequests(services.work, workKeys(run.backup).allRequests, reader);
  reporter.planned('activity', count === 0 ? 0 : objects);
  return summary(count);
}

/**
 * What the site does with requests for history or comments. A 404 can be a fault of a moment, or mean that the object is
 * gone: only where the first few objects are all still there, and none has an answer, is the endpoint missing. Comments
 * are undocumented: where all are refused alike, that is one gap, not a failure for each object.
 */
async function probe(
  reader: AssetsReader,
  kind: ActivityKind,
  probes: readonly ObjectId[],
): Promise<'offered' | { reason: string } | { refusal: unknown }> {
  let found: 'offered' | { reason: string } | { refusal: unknown } = 'offered';
  for (const id of probes) {
    try {
      const answer = kind === 'comments' ? await reader.comments(id) : await reader.history(id);
      if (!('offered' in answer) || answer.offered) return 'offered';
      found = { reason: answer.reason };
    } catch (error) {
      if (!isOfOneRead(error)) throw error;
      const isRefusal = refusals.some((refusal) => error instanceof refusal);
      if (kind === 'comments' && isRefusal) found = { refusal: error };
      else if (error instanceof NotFoundError) found = { reason: messageOf(error) };
      // What this request suffered the batches will meet again, and record as gaps.
      else return 'offered';
    }
    const isThere = await reader.object(id).catch((error: unknown) => {
      if (!isOfOneRead(error)) throw error;
      return undefined;
    });
    if (!isThere) return 'offered';
  }
  return found;
}

const refusals = [PermissionRefusedError, RequestRefusedError, UnexpectedAnswerError];

class BatchFiles {
  objects = 0;
  count = 0;
  readonly #services: Services;
  readonly #run: Run;
  /** By schema: an object that became another type's stands in the backup twice, and has one history. */
  readonly #added = new Map<string, Set<string>>();
  #groups: { schema: ActivityBatchFile['groups'][number]['schema']; objectIds: string[] }[] = [];
  #inBatch = 0;

  constructor(services: Services, run: Run) {
    this.#services = services;
    this.#run = run;
  }

  async add(schema: ActivityBatchFile['groups'][number]['schema'], objectId: string): Promise<void> {
    const added = this.#added.get(schema.id) ?? new Set<string>();
    if (added.has(objectId)) return;
    this.#added.set(schema.id, added.add(objectId));
    const group = this.#groups.at(-1);
    if (group?.schema.id === schema.id) group.objectIds.push(objectId);
    else this.#groups.push({ schema, objectIds: [objectId] });
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
