import type { ActivityKind } from '../../model/activity.ts';
import { activityKinds } from '../../model/activity.ts';
import type { Run } from '../../model/run.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sideBySide } from '../../side-by-side.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import {
  type ActivityBatch,
  type ActivityBatchFile,
  type ActivityPlan,
  type ActivityRecord,
  type BackupPlan,
  type GivenUp,
  type UnfinishedUnit,
  workKeys,
} from '../work-files.ts';
import { ActivityByObject } from './activity-by-object.ts';
import { ActivityByType } from './activity-by-type.ts';
import { type ActivityObject, objectsOf } from './activity-layout.ts';
import { ActivityPart } from './activity-part.ts';
import { inFlight } from './activity-reads.ts';
import { CarryOver } from './carry-over.ts';
import { noteGivenUp } from './given-up.ts';

/**
 * Stores history and comments of a batch's objects, from the object at `from` on: read from the site, or carried over from the base.
 * Hands back where to go on, or null when the batch is done. Running it again for the same part stores nothing twice. Whatever the
 * site answers to these requests is a gap at worst.
 */
export async function exportActivity(
  services: Services,
  { run, batch, from }: { run: Run; batch: ActivityBatch; from: number },
): Promise<{ next: number | null }> {
  const { work, backups } = services;
  await checkSiteLock(services, run);
  const keys = workKeys(run.backup);
  const { options } = await needJson<BackupPlan>(work, keys.plan);
  const batchFile = await needJson<ActivityBatchFile>(work, batch.key);
  const objects = objectsOf(batchFile);
  const reader = services.site.reader(run.workspace, batch.budget);
  const givenUp = (await readJson<GivenUp>(work, keys.givenUp)) ?? {};
  const strays: string[] = [];
  const carryOver = new CarryOver(backups, batchFile.files);
  const place = { backups, backup: run.backup, carryOver, strays };
  const isByType = options.activityFiles === 'type';
  const isInsideUnit = (objects[from]?.place ?? 0) > 0;
  const earlier =
    isByType && isInsideUnit
      ? await needJson<UnfinishedUnit>(work, keys.unfinishedUnit(batch.number, from))
      : undefined;
  const layout = isByType ? new ActivityByType(place, batchFile.units, { from, earlier }) : new ActivityByObject(place);
  const refused = await refusedKinds(work, run, batch);
  const part = new ActivityPart(services, run, {
    ...{ batch, reader, givenUp, refused, layout, carryOver, from, earlier, strays },
  });
  let to = from;
  const untilTimeIsShort = function* () {
    for (; to < objects.length && (to === from || !isTimeShort(services)); to += 1) yield objects[to] as ActivityObject;
  };
  await sideBySide(untilTimeIsShort(), inFlight, (object) => part.exportObject(object));
  await part.end(to);
  await noteGivenUp(work, keys.givenUp, givenUp, part.givenUp);
  const { record, unfinished } = await part.result();
  // First what the next invocation needs: once there is a record, it may begin.
  if (unfinished) await writeJson(work, keys.unfinishedUnit(batch.number, to), unfinished);
  await writeJson<ActivityRecord>(work, keys.activity(batch.number, from), record);
  await recordRequests(work, keys.allRequests, reader);
  return { next: to < objects.length ? to : null };
}

/** Kinds that "Plan activity" has found refused for all objects: it has told so, and no batch asks for them. */
async function refusedKinds(work: WorkStore, run: Run, { kinds }: ActivityBatch): Promise<ActivityKind[]> {
  const notAsked = activityKinds.filter((kind) => !kinds.includes(kind));
  if (notAsked.length === 0) return [];
  const { gaps } = await needJson<ActivityPlan>(work, workKeys(run.backup).activityPlan);
  return notAsked.filter((kind) => gaps.some((gap) => gap.kind === kind));
}
