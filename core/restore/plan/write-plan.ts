import type { PlanSummary } from '../../model/restore.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { fieldRefusals, unreadFields } from '../issues/field-refusals.ts';
import { type RelinkPlanFile, writeRelinkBatches } from '../issues/issue-batches.ts';
import { readIssueCandidates } from '../issues/planned-issues.ts';
import { leftOutOfRestore } from '../left-out-of-restore.ts';
import type { ConfigurationPlan, ObjectPlan } from '../plan-files.ts';
import { asApproved } from './as-approved.ts';
import { writeCameLater } from './came-later.ts';
import { writeCommentBatches } from './comment-batches.ts';
import { compareTarget, type TargetInput } from './compare-target.ts';
import { existingIn, type JudgedPlan, judgePlan } from './judge-plan.ts';
import { LastChanges } from './last-changes.ts';
import { writeMissingPeople } from './missing-people.ts';
import { writeObjectBatches } from './object-batches.ts';
import { findOutside } from './outside-references.ts';
import { configurationItems, objectItems, PlanItems } from './plan-items.ts';
import { summarise } from './plan-summary.ts';
import { saidNow } from './take-same.ts';
import { writeReused } from './write-reused.ts';

/**
 * Makes a plan and everything that the steps after it read. It reads the target and changes nothing there. Gives nothing where
 * the target's objects have to be read first, in invocations to come. Throws PlanChangedError, DamagedWorkFileError.
 */
export async function writePlan(input: TargetInput): Promise<PlanSummary | undefined> {
  const compared = await compareTarget(input);
  if (!compared) return undefined;
  const { services, run, keys, choices, manifest, schemas, earlier, knownComments, reader, reading, sameSite } = input;
  const { scan, people, needed, usage, correspondence } = compared;
  const { work } = services;
  const schemaKeys = new Map(manifest.schemas.map(({ id, key }) => [id, key]));
  const chosen = new Set(schemas.map(({ id }) => id));
  const outside = await findOutside(reader, {
    scan,
    decisions: compared.decisions,
    sameSite,
    earlier,
    correspondence,
    reading,
    schemaLeftOut: (id) => (chosen.has(id) ? undefined : schemaKeys.get(id)),
  });

  const lastChanges = await LastChanges.open(services, keys, choices);
  if (lastChanges) {
    const existing = existingIn(input, { ...compared, outside });
    const { isThrough, hasRead } = await lastChanges.read(reader, existing, compared.target);
    // The rest of the plan cannot be cut, and takes an invocation of its own.
    if (!isThrough || (hasRead && !reading.isTimeToPlan)) {
      await reading.leaveRead();
      return undefined;
    }
  }
  const by = { outside, lastChanges, issues: await readIssueCandidates(input) };
  const whole = await judgePlan(input, compared, by, new Set());
  await whole.writes.keep(work);
  const { judged, left } = await asApproved(input, compared, by, whole);
  const { plan, decisions, writes, comments: files, newAttributes, foreseen, links, changed, overwritten } = judged;
  const cameLater = await writeCameLater(work, keys, {
    ...{ plan, target: compared.target, include: choices.include, decisions, young: reading.young },
  });

  await writeJson<ConfigurationPlan>(work, keys.configurationPlan, plan);
  const items = new PlanItems(work, keys.items);
  for (const item of configurationItems(plan)) await items.add(item);
  for (const item of objectItems(scan, decisions)) await items.add(item);
  await items.close();
  const { creates, ...objectBatches } = await writeObjectBatches(work, keys, { scan, decisions, needed: judged.order });
  const batches = { ...objectBatches, creates: creates.length };
  const comments = await writeCommentBatches(work, keys, { files, knownComments, scan, decisions, creates });
  await writeJson<ObjectPlan>(work, keys.objectPlan, {
    shards: scan.shards,
    twice: Object.fromEntries(scan.twice),
    batches: batches.count,
    reusedParts: await writeReused(work, keys, { scan, decisions }),
    commentBatches: comments.batches,
    commentedObjects: comments.objects,
    creates: batches.creates,
    links: batches.links,
    outside: Object.fromEntries(judged.outside),
    newAttributes: [...newAttributes],
    same: saidNow(run.restore, { scan, decisions, earlier }),
  });
  const { issues } = judged;
  if (issues) {
    const written = await writeRelinkBatches(work, keys, issues.held);
    await writeJson<RelinkPlanFile>(work, keys.relinkPlan, { ...written, firstJournal: 0 });
  }
  const ofIssues = await warningsOfIssues(input, judged, scan);
  const missing = await writeMissingPeople(work, keys, needed, people);
  return summarise({
    run,
    budget: services.budget,
    setsRestrictions: choices.setAttributeRestrictions,
    manifest,
    notStored: leftOutOfRestore(schemas, choices),
    items,
    plan,
    scan,
    decisions,
    outside: judged.outside,
    batches,
    comments,
    writes,
    left,
    losses: foreseen,
    links,
    changed: changed.counted,
    changedFiles: judged.changedFiles,
    overwritten: overwritten.counted,
    overwrittenFiles: judged.overwrittenFiles,
    clashes: judged.clashes.counted,
    cameLater,
    histories: lastChanges?.count ?? 0,
    ofHistories: lastChanges?.warnings ?? [],
    approvals: judged.approvals,
    issues,
    ofIssues,
    missing,
    usage,
    lacking: input.lacking,
  });
}

/** Fields of issues that would refuse what is made anew, and why no issue is linked though it was asked for. */
async function warningsOfIssues(
  { services, run, keys }: TargetInput,
  { issues, plan }: Pick<JudgedPlan, 'issues' | 'plan'>,
  scan: StoredObjects,
): Promise<string[]> {
  if (!issues) return [];
  const reader = services.site.issuesReader(run.workspace, services.budget);
  const refusals = await fieldRefusals({ issues, plan, scan, reader });
  await recordRequests(services.work, keys.allRequests, reader);
  const { notLinked } = issues.counted;
  return [...refusals, ...(notLinked === null ? [] : [notLinked]), ...unreadFields(issues.fields)];
}
