import type { Gap } from '../../model/outcome.ts';
import type { Loss } from '../../model/restore.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { workList } from '../../work-store/list-writer.ts';
import { backupLosses } from '../backup-losses.ts';
import { gapsOfChosen } from '../chosen-gaps.ts';
import { approvalOf } from '../configuration/relaxation.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';
import { type IssueCandidates, type IssuesToLink, issuesToLink } from '../issues/planned-issues.ts';
import type { ConfigurationPlan, OutsideTarget } from '../plan-files.ts';
import { ChangedCounts } from '../values/changed-values.ts';
import { SetBack } from '../values/set-back.ts';
import { findComments } from './comment-batches.ts';
import type { ComparedTarget, PlannedParts, TargetInput } from './compare-target.ts';
import { ForeseenLosses } from './foreseen-losses.ts';
import { findInTheWay, type NeededOrder } from './in-the-way.ts';
import { judgeExisting } from './judge-existing.ts';
import type { LastChanges } from './last-changes.ts';
import { LinksAgain } from './links-again.ts';
import type { ExistingInput } from './objects-there.ts';
import { withNotRestored } from './outside-references.ts';
import type { ObjectDecision } from './plan-objects.ts';
import { PlanWrites, subjectOf } from './plan-writes.ts';
import { type CommentFiles, configurationWrites, placesOf, relaxationWrites } from './write-digests.ts';

/** A plan as it is judged: what is lost, linked again and changed is listed in files, what it writes is not. */
export interface JudgedPlan extends PlannedParts {
  readonly decisions: (ObjectDecision | undefined)[];
  readonly writes: PlanWrites;
  readonly outside: ReadonlyMap<string, OutsideTarget>;
  readonly order: NeededOrder;
  readonly newAttributes: ReadonlySet<string>;
  readonly comments: ReadonlyMap<number, CommentFiles>;
  readonly foreseen: ForeseenLosses;
  readonly links: LinksAgain;
  readonly changed: ChangedCounts;
  readonly changedFiles: readonly string[];
  readonly overwritten: ChangedCounts;
  readonly overwrittenFiles: readonly string[];
  /** What chosen objects have otherwise than the backup, and that stays so. */
  readonly clashes: ChangedCounts;
  /** Undefined where it was not asked for. */
  readonly issues: IssuesToLink | undefined;
}

/** What is known of the target before a plan is judged, however often that is. */
export interface JudgedBy {
  /** Where references lead to objects that are not restored. */
  readonly outside: ReadonlyMap<string, OutsideTarget>;
  /** Undefined where it does not matter who has changed a value. */
  readonly lastChanges: LastChanges | undefined;
  /** Undefined where no issues are to be linked. */
  readonly issues: IssueCandidates | undefined;
}

/** Where objects or types are chosen, what the backup lacks of others is not asked for. */
async function gapsAskedFor(
  { source, manifest, choices: { include } }: TargetInput,
  { numberOf }: StoredObjects,
  decisions: readonly (ObjectDecision | undefined)[],
): Promise<readonly Gap[]> {
  if (include.objects.length === 0 && include.objectTypes.length === 0) return manifest.gaps;
  return gapsOfChosen(source, (id) => {
    const decision = decisions[numberOf.get(id) ?? -1];
    return decision !== undefined && !decision.refersBy;
  });
}

/**
 * Judges what the comparison has found: what is lost, what is written to objects that are there, and all that is written.
 * @param left subjects of writes that are left
 */
export async function judgePlan(
  input: TargetInput,
  compared: ComparedTarget,
  { outside: known, lastChanges, issues: candidates }: JudgedBy,
  left: ReadonlySet<string>,
): Promise<JudgedPlan> {
  const { services, run, keys, choices, source, schemas, earlier } = input;
  const { target, losses, scan, contexts, advance } = compared;
  const { work } = services;
  const isRelaxed = choices.relaxConstraints;
  // A relaxation that is left leaves all of them in force: which objects each of them lets in nobody can tell apart.
  const searched = await searchWay(isRelaxed);
  const isLeft = relaxationWrites(searched.plan).some((write) => left.has(subjectOf(write)));
  const { plan, order, decisions, outside, losses: inTheWay } = isLeft ? await searchWay(false) : searched;
  const approvals = [...compared.approvals, ...plan.relaxed.map(approvalOf)];
  const writes = new PlanWrites(run.workspace.workspaceId);
  for (const write of configurationWrites(plan, choices.setAttributeRestrictions)) writes.add(write);
  for (const write of relaxationWrites(plan)) writes.add(write);
  const issues = candidates && issuesToLink(candidates, { scan, decisions, earlier, left });
  for (const write of issues?.writes ?? []) writes.add(write);
  const folders = schemas.map(({ folder }) => `${run.backup}/${folder}/`);
  const comments = await findComments({ source, folders, choices, scan, decisions });
  const foreseen = new ForeseenLosses(work, keys);
  const manifest = { ...input.manifest, gaps: await gapsAskedFor(input, scan, decisions) };
  const ofBackup = backupLosses({ ...input, manifest });
  for (const loss of [...losses, ...earlierLosses(plan, earlier.configuration), ...ofBackup])
    await foreseen.add(loss, 'stands');
  for (const loss of inTheWay) await foreseen.add(loss, 'comes');
  const links = new LinksAgain(work, keys);
  const [changed, overwritten, clashes] = [new ChangedCounts(), new ChangedCounts(), new ChangedCounts()];
  const changedLines = workList(work, keys.changed);
  const overwrittenLines = workList(work, keys.plannedOverwrites);
  const existing = existingIn(input, { ...compared, plan, outside });
  const notLinked: Loss[] = [];
  await judgeExisting({
    ...{
      ...existing,
      decisions,
      lastChanges,
      losses: foreseen,
      links,
      comments,
      knownComments: input.knownComments,
      left,
      places: placesOf(plan),
      advance,
    },
    onWrite: (write) => writes.add(write),
    onLeft: (loss) => notLinked.push(loss),
    onChanged: async (one) => {
      changed.add(one);
      await changedLines.add(one);
    },
    onOverwritten: async (one) => {
      overwritten.add(one);
      await overwrittenLines.add(one);
    },
    onClash: (one) => clashes.add(one),
  });
  await Promise.all([foreseen.close(), links.close(), changedLines.close(), overwrittenLines.close()]);
  // "Link references" would have written them, and the proof asks there why they are lacking.
  if (notLinked.length > 0) await writeJson(work, keys.losses('links'), notLinked);
  return {
    ...{ plan, target, losses, approvals, contexts, decisions, writes, outside, order, comments },
    ...{ newAttributes: existing.newAttributes, foreseen, links, changed, changedFiles: changedLines.files },
    ...{ overwritten, overwrittenFiles: overwrittenLines.files, clashes, issues },
  };

  async function searchWay(isRelaxed: boolean) {
    const decisions = [...compared.decisions];
    const outside = withNotRestored(known, { scan, decisions });
    const existing = existingIn(input, { ...compared, decisions, outside });
    const way = { ...existing, plan: compared.plan, live: target, decisions, outside, lastChanges };
    return { ...(await findInTheWay({ ...way, isRelaxed })), decisions, outside };
  }
}

/** What objects that are there are judged by. */
export function existingIn(
  { source, earlier, reading, choices }: TargetInput,
  { plan, scan, decisions, outside, correspondence, contexts, kinds }: ComparedTarget & Pick<JudgedBy, 'outside'>,
): ExistingInput {
  const newAttributes = newAttributesOf(plan, earlier.configuration);
  const setBack = new SetBack(choices);
  return {
    source,
    scan,
    decisions,
    outside,
    correspondence,
    contexts,
    kinds,
    reading,
    earlier,
    newAttributes,
    setBack,
    choices,
  };
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
