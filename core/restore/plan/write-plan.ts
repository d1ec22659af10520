import type { Loss, PlanSummary } from '../../model/restore.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { workList } from '../../work-store/list-writer.ts';
import { backupLosses } from '../backup-losses.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';
import type { ConfigurationPlan, ObjectPlan } from '../plan-files.ts';
import { ChangedCounts } from '../values/changed-values.ts';
import { writeCommentBatches } from './comment-batches.ts';
import { compareTarget, type TargetInput } from './compare-target.ts';
import { ForeseenLosses } from './foreseen-losses.ts';
import { judgeExisting } from './judge-existing.ts';
import { LinksAgain } from './links-again.ts';
import { writeMissingPeople } from './missing-people.ts';
import { writeObjectBatches } from './object-batches.ts';
import { findOutside } from './outside-references.ts';
import { configurationItems, objectItems, type PlanItems } from './plan-items.ts';
import { summarise } from './plan-summary.ts';
import { saidNow } from './take-same.ts';
import { writeReused } from './write-reused.ts';

interface PlanInput extends TargetInput {
  readonly items: PlanItems;
}

/**
 * Makes a plan and everything that the steps after it read. It reads the target and changes nothing there. Gives nothing where
 * the target's objects have to be read first, in invocations to come.
 */
export async function writePlan(input: PlanInput): Promise<PlanSummary | undefined> {
  const compared = await compareTarget(input);
  if (!compared) return undefined;
  const { services, run, keys, choices, manifest, sameSite, source, schemas } = input;
  const { items, earlier, reader, reading } = input;
  const { plan, losses, approvals, scan, decisions, correspondence, contexts, kinds, people, needed } = compared;
  const { usage, advance } = compared;
  const { work } = services;
  const own = earlier.configuration;
  await writeJson<ConfigurationPlan>(work, keys.configurationPlan, plan);
  for (const item of configurationItems(plan)) await items.add(item);
  const schemaKeys = new Map(manifest.schemas.map(({ id, key }) => [id, key]));
  const chosen = new Set(schemas.map(({ id }) => id));
  const outside = await findOutside(reader, {
    scan,
    decisions,
    sameSite,
    earlier,
    correspondence,
    reading,
    schemaLeftOut: (id) => (chosen.has(id) ? undefined : schemaKeys.get(id)),
  });

  const foreseen = new ForeseenLosses(work, keys);
  for (const loss of [...losses, ...earlierLosses(plan, own), ...backupLosses(input)])
    await foreseen.add(loss, 'stands');
  const links = new LinksAgain(work, keys);
  const changed = new ChangedCounts();
  const changedLines = workList(work, keys.changed);
  const newAttributes = newAttributesOf(plan, own);
  await judgeExisting({
    ...{ source, scan, decisions, outside, correspondence, contexts, kinds, reading, earlier, newAttributes },
    ...{ losses: foreseen, links, advance },
    onChanged: async (one) => {
      changed.add(one);
      await changedLines.add(one);
    },
  });
  await Promise.all([foreseen.close(), links.close(), changedLines.close()]);

  for (const item of objectItems(scan, decisions)) await items.add(item);
  const batches = await writeObjectBatches(work, keys, { scan, decisions });
  const folders = schemas.map(({ folder }) => `${run.backup}/${folder}/`);
  const comments = await writeCommentBatches(work, keys, { source, folders, choices, earlier, scan, decisions });
  await writeJson<ObjectPlan>(work, keys.objectPlan, {
    shards: scan.shards,
    twice: Object.fromEntries(scan.twice),
    batches: batches.count,
    reusedParts: await writeReused(work, keys, { scan, decisions }),
    commentBatches: comments.batches,
    commentedObjects: comments.objects,
    creates: batches.creates,
    links: batches.links,
    outside: Object.fromEntries(outside),
    newAttributes: [...newAttributes],
    same: saidNow(run.restore, { scan, decisions, earlier }),
  });
  const missing = await writeMissingPeople(work, keys, needed, people);
  const hash = await items.close();
  return summarise({
    run,
    budget: services.budget,
    setsRestrictions: choices.setAttributeRestrictions,
    manifest,
    items,
    plan,
    scan,
    decisions,
    outside,
    batches,
    comments,
    hash,
    losses: foreseen,
    links,
    changed: changed.counted,
    changedFiles: changedLines.files,
    approvals,
    missing,
    usage,
    lacking: input.lacking,
  });
}

/** Attributes of the target that a restore has made where the type was there: older objects have no value in them. */
function newAttributesOf(plan: ConfigurationPlan, own: OwnConfiguration): Set<string> {
  const schemaOf = new Map(plan.types.map(({ source, schema }) => [source, schema]));
  const placeOf = new Map(plan.schemas.map((schema) => [schema.source, schema]));
  return new Set(
    plan.attributes.flatMap(({ source, type, target }) => {
      const place = placeOf.get(schemaOf.get(type) ?? '');
      return target !== undefined && place && own.hasSetOut('attribute', source, place) ? [target] : [];
    }),
  );
}

/** What earlier restores could not bring back of things that are there by now, as they made them. */
function earlierLosses(plan: ConfigurationPlan, own: OwnConfiguration): Loss[] {
  const found = plan.schemas.filter(({ action }) => action === 'reuse');
  const isMadeAnew = new Set(
    [
      ...plan.statusTypes.map((planned) => ['status-type', planned] as const),
      ...plan.referenceTypes.map((planned) => ['reference-type', planned] as const),
      ...plan.types.map((planned) => ['object-type', planned] as const),
      ...plan.attributes.map((planned) => ['attribute', planned] as const),
    ].flatMap(([kind, { source, action }]) => (action === 'create' ? [`${kind} ${source}`] : [])),
  );
  return own.lossesOf(found).filter(({ kind, source }) => !isMadeAnew.has(`${kind} ${source}`));
}
