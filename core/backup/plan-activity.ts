import { messageOf, NotFoundError } from '../errors.ts';
import type { ObjectId } from '../model/ids.ts';
import type { NotOffered } from '../model/outcome.ts';
import { divideBudget } from '../model/request-budget.ts';
import type { Run } from '../model/run.ts';
import type { AssetsReader } from '../ports/assets-site.ts';
import type { Services } from '../ports/services.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { failureLimit, isOfOneRead } from './gaps.ts';
import { plannedTypes } from './plan-objects.ts';
import { slots } from './slots.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityKind,
  type ActivityPlan,
  activityKinds,
  type BackupPlan,
  needWork,
  type ObjectsRecord,
  readWork,
  recordRequests,
  type ShardIndex,
  workKeys,
  writeWork,
} from './work-files.ts';

/** Objects a batch: about a minute and a half at the default budget, far from a function's 15 minutes. */
const batchSize = 1_000;
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
  const { work, reporter, site, budget } = services;
  await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
  const keys = workKeys(run.backup);
  const summary = (count: number) => ({ count, key: keys.activityBatches, slots: slots.activity });
  if (!(await needWork<BackupPlan>(work, keys.plan)).options.activity) return summary(0);

  const batchFiles = new BatchFiles(services, run);
  const probes: ObjectId[] = [];
  for (const type of await plannedTypes(work, run.backup)) {
    const record = await readWork<ObjectsRecord>(work, keys.objects(type.id));
    for (const index of record?.indexes ?? []) {
      for (const id of (await needWork<ShardIndex>(work, index)).ids) {
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
  for (const kind of activityKinds) {
    const reason = await reasonNotOffered(reader, kind, probes);
    if (reason === undefined) kinds.push(kind);
    else notOffered.push({ what: kind, reason });
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
      budget: divideBudget(budget, slots.activity),
      failureLimit: failureLimit(objects),
    }),
  );
  await writeWork(work, keys.activityBatches, batches);
  await writeWork<ActivityPlan>(work, keys.activityPlan, { objects, batches: count, notOffered });
  await recordRequests(services, run, reader);
  reporter.planned('activity', count === 0 ? 0 : objects);
  return summary(count);
}

/**
 * Why the site does not offer history or comments; undefined where it does, or may. A 404 can be a fault of a moment,
 * or mean that the object is gone: only where the first few objects are all still there, and none has an answer, is the
 * endpoint missing.
 */
async function reasonNotOffered(
  reader: AssetsReader,
  kind: ActivityKind,
  probes: readonly ObjectId[],
): Promise<string | undefined> {
  let reason: string | undefined;
  for (const id of probes) {
    try {
      const answer = kind === 'comments' ? await reader.comments(id) : await reader.history(id);
      if (!('offered' in answer) || answer.offered) return undefined;
      ({ reason } = answer);
    } catch (error) {
      if (!isOfOneRead(error)) throw error;
      // What this request suffered the batches will meet again, and record as gaps.
      if (!(error instanceof NotFoundError)) return undefined;
      reason = messageOf(error);
    }
    const isThere = await reader.object(id).catch((error: unknown) => {
      if (!isOfOneRead(error)) throw error;
      return undefined;
    });
    if (!isThere) return undefined;
  }
  return reason;
}

class BatchFiles {
  objects = 0;
  count = 0;
  readonly #services: Services;
  readonly #run: Run;
  #groups: { schema: ActivityBatchFile['groups'][number]['schema']; objectIds: string[] }[] = [];
  #inBatch = 0;

  constructor(services: Services, run: Run) {
    this.#services = services;
    this.#run = run;
  }

  async add(schema: ActivityBatchFile['groups'][number]['schema'], objectId: string): Promise<void> {
    const group = this.#groups.at(-1);
    if (group?.schema.id === schema.id) group.objectIds.push(objectId);
    else this.#groups.push({ schema, objectIds: [objectId] });
    this.objects += 1;
    this.#inBatch += 1;
    if (this.#inBatch === batchSize) await this.close();
  }

  async close(): Promise<void> {
    if (this.#inBatch === 0) return;
    this.count += 1;
    const key = workKeys(this.#run.backup).activityBatch(this.count);
    await writeWork<ActivityBatchFile>(this.#services.work, key, { groups: this.#groups });
    this.#groups = [];
    this.#inBatch = 0;
  }
}
