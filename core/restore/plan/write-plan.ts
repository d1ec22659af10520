import { DamagedBackupError } from '../../errors.ts';
import type { Loss, PlanSummary, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import { readStoredConfiguration } from '../../reading/stored-configuration.ts';
import { missingIn, type Shard, type StoredObjects, scanStoredObjects } from '../../reading/stored-objects.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import { workList } from '../../work-store/list-writer.ts';
import { backupLosses } from '../backup-losses.ts';
import { planConfiguration } from '../configuration/plan-configuration.ts';
import type { OwnConfiguration } from '../id-map/configuration-journal.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { LackingFile } from '../lacking-files.ts';
import type { ConfigurationPlan, ObjectPlan } from '../plan-files.ts';
import type { RestoreContext } from '../restore-context.ts';
import { ChangedCounts } from '../values/changed-values.ts';
import { type PeopleFile, peopleOf, readPeople } from '../values/people.ts';
import { checkChosenAttributes, checkChosenObjects } from './check-choices.ts';
import { writeCommentBatches } from './comment-batches.ts';
import { Correspondence } from './correspondence.ts';
import { expectObjects } from './expect-objects.ts';
import { ForeseenLosses } from './foreseen-losses.ts';
import { decideObjects, hiddenTypes } from './hidden-objects.ts';
import { judgeExisting } from './judge-existing.ts';
import { LinksAgain } from './links-again.ts';
import { writeMissingPeople } from './missing-people.ts';
import { writeObjectBatches } from './object-batches.ts';
import { findOutside } from './outside-references.ts';
import { PlanContexts } from './plan-contexts.ts';
import { configurationItems, objectItems, type PlanItems } from './plan-items.ts';
import { ObjectPlanner } from './plan-objects.ts';
import { summarise } from './plan-summary.ts';
import { Recreated } from './recreated.ts';
import { saidNow, takeSame } from './take-same.ts';
import { readTarget, type TargetReading, typesToRead } from './target-reading.ts';
import { uniqueAttributes, uniqueValues } from './unique-values.ts';
import { writeReused } from './write-reused.ts';

interface PlanInput extends RestoreContext {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly run: RestoreRun;
  readonly source: BackupSource;
  readonly lacking: readonly LackingFile[];
  readonly items: PlanItems;
  readonly reading: TargetReading;
  readonly earlier: EarlierRestores;
}

/** How often each object is looked at: scanned, expected on the target, judged. */
const passes = 3;

/**
 * Makes a plan and everything that the steps after it read. It reads the target and changes nothing there. Gives nothing where
 * the target's objects have to be read first, in invocations to come.
 */
export async function writePlan(input: PlanInput): Promise<PlanSummary | undefined> {
  const { services, run, keys, choices, manifest, sameSite, source, schemas, others } = input;
  const { items, earlier, reader, reading } = input;
  const { work, reporter } = services;
  const shards = shardsOf(input);
  const isContinued = reading.configuration !== undefined;
  const records = shards.reduce((sum, { file }) => sum + file.records, 0);
  if (!isContinued) reporter.planned('planning', records);
  const advance = inPasses(passes, (objects) => reporter.advanced('planning', objects), isContinued ? records * 2 : 0);
  const looked = isContinued ? () => undefined : advance;
  const scan = await scanStoredObjects(source, shards, looked);
  checkChosenObjects(choices, { backup: run.backup, schemas, scan });

  const referring = referrersOf(scan);
  const withReferrers = [...schemas, ...others.filter(({ id }) => referring.schemas.has(id))];
  const stored = await readStoredConfiguration(source, withReferrers, scan.kindsOfValues);
  checkChosenAttributes(choices, { backup: run.backup, configuration: stored });
  const own = earlier.configuration;
  const target =
    reading.configuration ??
    (await readTarget(reader, { run, choices, stored, own, sameSite, isReferring: referring.schemas }));

  const planWithout = (hiddenSchemas: ReadonlyMap<string, string>) =>
    planConfiguration({
      source: stored,
      target,
      choices,
      sourceWorkspaceId: manifest.site.workspaceId,
      own,
      mostValues: scan.mostValues,
      missingIn: missingIn(stored, scan),
      referring: referring.schemas,
      typesWithObjects: new Set(shards.flatMap(({ file, typeId }) => (file.records > 0 ? [typeId] : []))),
      hidden: new Map([...hiddenTypes(target), ...hiddenSchemas]),
    });
  const seen = planWithout(new Map());
  const needed = {
    accounts: scan.accounts,
    groups: new Set([...scan.groups, ...seen.plan.attributes.flatMap(({ restrictions }) => restrictions.groups)]),
  };
  const known = await readJson<PeopleFile>(work, keys.people);
  const peopleFile = known ?? (await readPeople(reader, work, choices, needed));
  if (!known) await writeJson(work, keys.people, peopleFile);
  const people = peopleOf(peopleFile);

  const correspondence = new Correspondence(scan, { plan: seen.plan, earlier, sameSite });
  const allTheSame = await takeSame({ reader, work, keys, run, choices, scan, correspondence, earlier });
  const contexts = new PlanContexts({ plan: seen.plan, choices, scan, people });
  const kinds = contexts.kinds(seen.plan);
  const expected = await expectObjects(source, { scan, correspondence, contexts, advance: looked });
  if (!isContinued) reading.begin(target);
  const isRead = await reading.goOn({
    typeIds: choices.processObjects ? typesToRead(seen.plan, target, referring.types) : [],
    expected,
    kinds,
    uniqueIds: uniqueAttributes(seen.plan, target),
    watched: earlier.ambiguousCandidates,
    since: Date.parse(manifest.startedAt),
    shardOf: scan.shardOf,
    keyOf: (number, id) => correspondence.candidates(number).find((candidate) => candidate.id === id)?.key,
    typeOf: (number) => correspondence.typeOf(number),
  });
  if (!isRead) return undefined;
  const recreated = new Recreated({ scan, correspondence, reading, earlier, allTheSame });
  await recreated.readLabels(source);
  const planner = new ObjectPlanner(scan, seen.plan, choices, { earlier, correspondence, reading, recreated });
  const uniques = await uniqueValues(source, { plan: seen.plan, scan, target });
  const usage = await reader.usage();
  const decide = () => planner.decide(uniques);
  const decided = await decideObjects({ reader, reading, target, scan, plan: seen.plan, usage, decide });
  if (!decided) return undefined;
  const { decisions, hiddenSchemas } = decided;
  const identified = new Map(
    decisions.flatMap((decision, number) =>
      decision?.target && !decision.target.isItself && !decision.target.isOwn
        ? [[decision.target.id, number] as const]
        : [],
    ),
  );
  await reading.differing.place((id) => {
    const number = identified.get(id);
    return number === undefined ? undefined : [scan.shardOf[number] ?? -1, number];
  });
  const { plan, losses, approvals } = hiddenSchemas.size > 0 ? planWithout(hiddenSchemas) : seen;
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

/** Of every schema of the backup, since objects of any may refer to what is restored. */
function shardsOf({ schemas, others, source, choices }: PlanInput): Shard[] {
  const needFile = (key: string) => {
    const file = source.file(key);
    if (!file) throw new DamagedBackupError(`The manifest's lists do not name ${key}.`);
    return file;
  };
  const ofSchemas = (list: PlanInput['schemas'], more: Pick<Shard, 'isReferrer'>) =>
    list.flatMap(({ id: schemaId, objectTypes }) =>
      objectTypes.flatMap(({ id: typeId, objectsMeta }) =>
        objectsMeta.map((key): Shard => ({ file: needFile(key), schemaId, typeId, ...more })),
      ),
    );
  return [...ofSchemas(schemas, {}), ...(choices.processObjects ? ofSchemas(others, { isReferrer: true }) : [])];
}

/** Types of schemas that are not chosen, whose objects refer to some that are: ids of the schemas and of the types. */
function referrersOf({ references, numberOf, shardOf, shards }: StoredObjects) {
  const shardOfObject = (number: number | undefined) => shards[shardOf[number ?? -1] ?? -1];
  const referring = { schemas: new Set<string>(), types: new Set<string>() };
  for (const [index, from] of references.from.entries()) {
    const by = shardOfObject(from);
    if (!by?.isReferrer) continue;
    const to = shardOfObject(numberOf.get(references.to[index] ?? ''));
    if (!to || to.isReferrer) continue;
    referring.schemas.add(by.schemaId);
    referring.types.add(by.typeId);
  }
  return referring;
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

/** An object counts as done when it has been looked at in every pass; `looks` is what an earlier invocation has done. */
function inPasses(count: number, advance: (objects: number) => void, looks = 0): (objects: number) => void {
  let done = Math.floor(looks / count);
  return (objects) => {
    looks += objects;
    const now = Math.floor(looks / count);
    if (now > done) advance(now - done);
    done = now;
  };
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
