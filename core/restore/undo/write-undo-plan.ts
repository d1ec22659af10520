import { counted } from '../../counted.ts';
import { type EndpointClass, minutesInTurn } from '../../model/request-budget.ts';
import type { ItemKind, LeftByApproval, RestoreRun, UndoChoices } from '../../model/restore.ts';
import type { Staying, UndoCounts, UndoItem, UndoPlanSummary } from '../../model/undo.ts';
import { deleteScopeOf } from '../../model/undo-scopes.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { workList } from '../../work-store/list-writer.ts';
import { approvalNotices, notInApprovedPlan } from '../approval-notices.ts';
import type { Relaxation } from '../configuration/relaxation.ts';
import { OwnConfiguration } from '../id-map/configuration-journal.ts';
import { lookRequests } from '../issues/issue-batches.ts';
import type { WrittenField } from '../issues/issue-journal.ts';
import { LossGroups } from '../loss-groups.ts';
import { leftWrites, type PlannedWrite, PlanWrites } from '../plan/plan-writes.ts';
import { restoreKeys } from '../restore-keys.ts';
import { type ConfigurationGoing, goingConfiguration } from './going-configuration.ts';
import { GoingObjects } from './going-objects.ts';
import { readMadeConfiguration } from './live-made.ts';
import { byIssues, stayingField } from './own-links.ts';
import type { OverwrittenObject, UndoBatch, UndoPlanFile, UntouchedObject } from './undo-files.ts';
import { undoApprovals } from './undo-outcome.ts';
import type { UndoStage } from './undo-stage.ts';
import { deleteOf, deleteOfThing, putBackOf, setBackOf, setBackOfField } from './undo-writes.ts';

/** What the looks at all objects have found. */
export interface FoundToUndo {
  readonly untouched: readonly UntouchedObject[];
  readonly overwritten: readonly OverwrittenObject[];
  /** Fields of issues. */
  readonly issues: readonly WrittenField[];
  readonly stays: readonly Staying[];
  /** Ids of objects that are gone, which a search may still show. */
  readonly gone: ReadonlySet<string>;
  /** How many files this is from. */
  readonly parts: number;
}

interface UndoPlanInput {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly reader: AssetsReader;
  readonly choices: UndoChoices;
  /** Undefined where the restore has written nothing, or nothing is left of it. */
  readonly stage: UndoStage | undefined;
  readonly found: FoundToUndo;
}

const objectsABatch = 100;
const shownStays = 1_000;
const shownGroups = 100;

/** Decides what an undo does, keeps its writes for whoever approves them, and writes down what its steps carry out. */
export async function writeUndoPlan(input: UndoPlanInput): Promise<UndoPlanSummary> {
  const { services, run, stage } = input;
  const { work } = services;
  const keys = restoreKeys(run.restore);
  const configuration = stage && (await readMadeConfiguration(services, run, input.reader));
  const decide = (mayBe: (write: PlannedWrite) => boolean) => decided(input, configuration, mayBe);
  const whole = await decide(() => true);
  await whole.writes.keep(work);
  const { judged, left } = await asApproved(input, whole, decide);

  const { issues, overwritten, going, things, stays } = judged;
  const batches: UndoBatch[] = [
    // What is deleted must be connected to no issue.
    ...byIssues(issues).map((part) => ({ issues: part, overwritten: [], deletes: [] })),
    ...inBatches(overwritten).map((part) => ({ overwritten: part, deletes: [] })),
    ...inBatches(going).map((part) => ({ overwritten: [], deletes: part })),
  ];
  for (const [number, batch] of batches.entries()) await writeJson<UndoBatch>(work, keys.undoBatch(number), batch);
  await writeJson<UndoPlanFile>(work, keys.undoPlan, {
    ...{ batches: batches.length, looked: input.found.parts, things: things.going, relaxed: judged.relaxed },
  });
  const items = workList(work, keys.items);
  for (const item of itemsOf(judged)) await items.add(item);
  await items.close();
  const lines = workList(work, keys.plannedLosses);
  const groups = new LossGroups();
  for (const one of stays) {
    await lines.add(one);
    groups.add(one);
  }
  await lines.close();
  const counts = countsOf(judged);
  const requests = requestsOf(judged);
  return {
    ...{ restore: run.restore, undo: run.undo ?? '', backup: run.backup, target: run.workspace.siteName },
    hash: judged.writes.hash,
    counts,
    stays: stays.slice(0, shownStays),
    stayCount: stays.length,
    stayGroups: groups.grouped.slice(0, shownGroups),
    stayFiles: lines.files,
    requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
    minutes: Math.ceil(minutesInTurn(requests, services.budget)),
    approvals: undoApprovals(counts),
    warnings: warningsOf(counts),
    notices: [...(await noticesOf(input)), ...approvalNotices(left)],
    itemFiles: items.files,
  };
}

interface Decided {
  readonly writes: PlanWrites;
  readonly issues: readonly WrittenField[];
  readonly overwritten: readonly OverwrittenObject[];
  /** Whatever refers to another of them before what it refers to, but in circles. */
  readonly going: readonly UntouchedObject[];
  readonly things: ConfigurationGoing;
  readonly relaxed: readonly Relaxation[];
  readonly stays: readonly Staying[];
}

const noThings: ConfigurationGoing = { going: [], deletes: [], stays: [] };

async function decided(
  { services, run, reader, stage, found }: UndoPlanInput,
  configuration: Awaited<ReturnType<typeof readMadeConfiguration>>,
  mayBe: (write: PlannedWrite) => boolean,
): Promise<Decided> {
  const stays: Staying[] = [...found.stays];
  const kept: OverwrittenObject['attributes'][number][] = [];
  const overwritten = found.overwritten.flatMap((object) => {
    const attributes = object.attributes.filter((attribute) => mayBe(setBackOf(object, attribute)));
    for (const attribute of object.attributes.filter((one) => !attributes.includes(one))) {
      kept.push(attribute);
      stays.push({ ...placeOf(object.id, object.key), attribute: attribute.name, reason: notInApprovedPlan });
    }
    return attributes.length > 0 ? [{ ...object, attributes }] : [];
  });
  const going = new GoingObjects(found.untouched, overwritten);
  const issues = found.issues.filter((field) => mayBe(setBackOfField(field)));
  for (const field of found.issues.filter((one) => !issues.includes(one))) {
    stays.push(stayingField(field, notInApprovedPlan));
    for (const object of field.after) if (going.has(object)) going.stay(object, notInApprovedPlan);
  }
  going.keeps({ attributes: kept });
  for (const object of found.untouched) {
    if (mayBe(deleteOf(object))) going.checkInbound(object);
    else going.stay(object.target, notInApprovedPlan);
  }
  // Each that stays is one referrer more of others, which was seen as one that goes.
  for (const [{ target, key }, reason] of going.takeStaying()) stays.push({ ...placeOf(target, key), reason });
  const setBack = new Set(overwritten.flatMap(({ id, attributes }) => attributes.map((one) => `${id} ${one.id}`)));
  const foreseen = {
    isGoing: (id: string) => going.has(id) || found.gone.has(id),
    isSetBack: (id: string, attribute: string) => setBack.has(`${id} ${attribute}`),
  };
  const things = configuration
    ? await goingConfiguration({ services, reader }, configuration, foreseen, (thing) => mayBe(deleteOfThing(thing)))
    : noThings;
  for (const { kind, id, where, reason } of things.stays) stays.push({ kind, source: id, where, values: 0, reason });
  // What was made last refers to what was made before it.
  const order = new Map(found.untouched.map(({ target }, index) => [target, index]));
  const inOrder = going.all.toSorted((a, b) => (order.get(b.target) ?? 0) - (order.get(a.target) ?? 0));
  // The journal forgets them together.
  const allRelaxed = await stillRelaxed(services.work, run, stage);
  const relaxed = allRelaxed.every((one) => mayBe(putBackOf(one))) ? allRelaxed : [];
  const writes = new PlanWrites(run.workspace.workspaceId);
  for (const one of relaxed) writes.add(putBackOf(one));
  for (const field of issues) writes.add(setBackOfField(field));
  for (const object of overwritten) for (const one of object.attributes) writes.add(setBackOf(object, one));
  for (const object of inOrder) writes.add(deleteOf(object));
  for (const thing of things.going) writes.add(deleteOfThing(thing));
  return { writes, issues, overwritten, going: inOrder, things, relaxed, stays };
}

/** What a restore that was stopped has taken off of restrictions, and nobody has put back yet. */
async function stillRelaxed(work: WorkStore, { undo }: RestoreRun, stage: UndoStage | undefined) {
  if (!stage) return [];
  const { allRelaxed } = await OwnConfiguration.read(work, stage.stage.context.journals);
  return allRelaxed.filter(({ restore }) => restore === undo).flatMap(({ attributes }) => attributes);
}

/** The plan as far as an approved one holds it: what is left takes along what would lose something without it. */
async function asApproved(
  { services, run, choices }: UndoPlanInput,
  whole: Decided,
  decide: (mayBe: (write: PlannedWrite) => boolean) => Promise<Decided>,
): Promise<{ judged: Decided; left: LeftByApproval }> {
  const { approve } = choices;
  if (approve === null || approve === whole.writes.hash) {
    return { judged: whole, left: { notApproved: null, droppedOut: null } };
  }
  const approved = await PlanWrites.kept(services.work, run.workspace.workspaceId, approve);
  const judged = await decide((write) => approved.has(write));
  const notApproved = leftWrites(whole.writes.without(judged.writes));
  // What an undo before this one has done is not left: only what is there still.
  const stays = new Set(judged.stays.map(({ kind, source }) => `${kind} ${source}`));
  const droppedOut = approved.without(judged.writes).filter(({ kind, target }) => stays.has(`${kind} ${target}`));
  return {
    judged,
    left: {
      notApproved: notApproved && { ...notApproved, hash: whole.writes.hash },
      droppedOut: leftWrites(droppedOut),
    },
  };
}

const placeOf = (id: string, key: string) => ({ kind: 'object', source: id, where: key, values: 1 }) as const;

function* itemsOf({ issues, overwritten, going, things, relaxed }: Decided): Generator<UndoItem> {
  for (const { issue, key, name } of issues)
    yield { kind: 'issue', source: issue, action: 'set-back', where: key, attributes: [name] };
  for (const { id, key, attributes } of overwritten)
    yield {
      kind: 'object',
      source: id,
      action: 'set-back',
      where: key,
      attributes: attributes.map(({ name }) => name),
    };
  for (const { target, key } of going) yield { kind: 'object', source: target, action: 'delete', where: key };
  for (const { kind, id, where } of things.going) yield { kind, source: id, action: 'delete', where };
  for (const { id, where } of relaxed) yield { kind: 'attribute', source: id, action: 'set-back', where };
}

function countsOf({ issues, overwritten, going, things, relaxed }: Decided): UndoCounts {
  const deleted: Partial<Record<ItemKind, number>> = going.length > 0 ? { object: going.length } : {};
  for (const { kind } of things.going) deleted[kind] = (deleted[kind] ?? 0) + 1;
  return {
    deleted,
    setBackObjects: overwritten.length,
    setBackAttributes: overwritten.reduce((sum, { attributes }) => sum + attributes.length, 0),
    setBackIssues: issues.length,
    restrictions: relaxed.length,
  };
}

/** An estimate: each object is looked at before it is written to, twice before it goes, and once more afterwards. */
function requestsOf({ issues, overwritten, going, things, relaxed }: Decided): Partial<Record<EndpointClass, number>> {
  const deletes = going.length;
  return {
    // The object itself three times, and twice the issues that are connected to it.
    object: 5 * deletes + 2 * overwritten.length,
    history: 2 * deletes,
    comments: 2 * deletes,
    'object-references': 2 * deletes,
    'object-delete': deletes,
    'object-update': overwritten.length,
    issue: lookRequests(0, issues.length),
    'issue-update': issues.length,
    configuration: 2 * things.deletes.length + relaxed.length,
  };
}

async function noticesOf({ services, stage, run }: UndoPlanInput): Promise<string[]> {
  if (!stage) return [`Nothing is left to undo of ${run.undo}: it wrote nothing, or it was undone already.`];
  const others = await stage.foundOfOthers(services.work);
  return [...others].map(
    ([restore, count]) =>
      `${counted(count, 'object')} that it found ${count === 1 ? 'was' : 'were'} made by the restore ${restore}, which is undone by itself.`,
  );
}

function warningsOf({ deleted, setBackObjects, setBackIssues }: UndoCounts): string[] {
  const touched = (deleted.object ?? 0) + setBackObjects;
  const scopes = new Set([
    ...Object.entries(deleteScopeOf).flatMap(([kind, scope]) => (deleted[kind as ItemKind] ? [scope] : [])),
    ...((setBackIssues ?? 0) > 0 ? ['read:jira-work', 'write:jira-work'] : []),
  ]);
  return [
    ...(touched > 0
      ? [
          `Jira automation rules that watch objects may fire for ${counted(touched, 'object')}: switch them off for the time of the undo.`,
        ]
      : []),
    ...(scopes.size > 0
      ? [
          `A token with scopes needs ${[...scopes].join(', ')} for it; without them what they are for stays, and is named.`,
        ]
      : []),
  ];
}

function inBatches<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / objectsABatch);
  return Array.from({ length: count }, (_, at) => list.slice(at * objectsABatch, (at + 1) * objectsABatch));
}
