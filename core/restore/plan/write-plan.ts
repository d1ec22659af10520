import { DamagedBackupError } from '../../errors.ts';
import type { Loss, PlanSummary, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import { readStoredConfiguration } from '../../reading/stored-configuration.ts';
import { missingIn, type Shard, scanStoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import { planConfiguration } from '../configuration/plan-configuration.ts';
import { OwnConfiguration } from '../id-map/configuration-journal.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { ConfigurationPlan, ObjectPlan } from '../plan-files.ts';
import type { RestoreContext } from '../restore-context.ts';
import { peopleOf, readPeople } from '../values/people.ts';
import { checkChosenAttributes, checkChosenObjects } from './check-choices.ts';
import { writeCommentBatches } from './comment-batches.ts';
import { addObjectLosses, ForeseenLosses } from './foreseen-losses.ts';
import { writeMissingPeople } from './missing-people.ts';
import { writeObjectBatches } from './object-batches.ts';
import { findOutside } from './outside-references.ts';
import { configurationItems, objectItems, type PlanItems } from './plan-items.ts';
import { ObjectPlanner } from './plan-objects.ts';
import { summarise } from './plan-summary.ts';
import { readTarget, type TargetReading, typesToRead } from './target-reading.ts';
import { uniqueValues } from './unique-values.ts';
import { writeReused } from './write-reused.ts';

interface PlanInput extends RestoreContext {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly run: RestoreRun;
  readonly source: BackupSource;
  readonly items: PlanItems;
  readonly reading: TargetReading;
  readonly earlier: EarlierRestores;
}

/** How often each object is looked at: scanned, decided about, prepared. */
const passes = 3;

/**
 * Makes a plan and everything that the steps after it read. It reads the target and changes nothing there. Gives nothing where
 * the target's objects have to be read first, in invocations to come.
 */
export async function writePlan(input: PlanInput): Promise<PlanSummary | undefined> {
  const {
    services,
    run,
    keys,
    journals,
    choices,
    manifest,
    sameSite,
    source,
    schemas,
    items,
    earlier,
    reader,
    reading,
  } = input;
  const { work, reporter } = services;
  const sourceWorkspaceId = manifest.site.workspaceId;
  const shards = shardsOf(input);
  const isContinued = reading.configuration !== undefined;
  const records = shards.reduce((sum, { file }) => sum + file.records, 0);
  if (!isContinued) reporter.planned('planning', records);
  const advance = inPasses(passes, (objects) => reporter.advanced('planning', objects), isContinued ? records : 0);
  const scan = await scanStoredObjects(source, shards, isContinued ? () => undefined : advance);
  checkChosenObjects(choices, { backup: run.backup, schemas, scan });

  const stored = await readStoredConfiguration(source, schemas, scan.kindsOfValues);
  checkChosenAttributes(choices, { backup: run.backup, configuration: stored });
  const target = reading.configuration ?? (await readTarget(reader, { run, choices, stored, sameSite }));
  const own = await OwnConfiguration.read(work, journals);
  const { plan, losses, approvals } = planConfiguration({
    source: stored,
    target,
    choices,
    sourceWorkspaceId,
    own,
    mostValues: scan.mostValues,
    missingIn: missingIn(stored, scan),
  });
  if (!isContinued) {
    reading.begin(target, choices.processObjects ? typesToRead(plan, target) : []);
    if (!(await reading.goOn())) return undefined;
  }
  await writeJson<ConfigurationPlan>(work, keys.configurationPlan, plan);
  for (const item of configurationItems(plan)) await items.add(item);

  const planner = new ObjectPlanner(scan, plan, choices, {
    earlier,
    targets: reading.objects,
    unfinished: new Set(own.unfinished),
  });
  const decisions = await planner.decide(await uniqueValues(source, { plan, scan, target }), advance);
  const outside = await findOutside(reader, { scan, decisions, sameSite, earlier });
  const needed = {
    accounts: scan.accounts,
    groups: new Set([...scan.groups, ...plan.attributes.flatMap(({ restrictions }) => restrictions.groups)]),
  };
  const peopleFile = await readPeople(reader, work, choices, needed);
  await writeJson(work, keys.people, peopleFile);
  const people = peopleOf(peopleFile);

  const foreseen = new ForeseenLosses(work, keys);
  for (const loss of [...losses, ...earlierLosses(plan, own)]) await foreseen.add(loss, 'stands');
  await addObjectLosses(foreseen, { source, choices, plan, scan, decisions, outside, people, advance });
  await foreseen.close();
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
    approvals,
    missing,
    usage: await reader.usage(),
  });
}

function shardsOf({ schemas, source }: PlanInput): Shard[] {
  const needFile = (key: string) => {
    const file = source.file(key);
    if (!file) throw new DamagedBackupError(`The manifest's lists do not name ${key}.`);
    return file;
  };
  return schemas.flatMap((schema) =>
    schema.objectTypes.flatMap((type) =>
      type.objectsMeta.map((key): Shard => ({ file: needFile(key), schemaId: schema.id, typeId: type.id })),
    ),
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
  const keys = new Set(plan.schemas.flatMap(({ key, action }) => (action === 'reuse' ? [key] : [])));
  const isMadeAnew = new Set(
    [
      ...plan.statusTypes.map((planned) => ['status-type', planned] as const),
      ...plan.referenceTypes.map((planned) => ['reference-type', planned] as const),
      ...plan.types.map((planned) => ['object-type', planned] as const),
      ...plan.attributes.map((planned) => ['attribute', planned] as const),
    ].flatMap(([kind, { source, action }]) => (action === 'create' ? [`${kind} ${source}`] : [])),
  );
  return own.lossesOf(keys).filter(({ kind, source }) => !isMadeAnew.has(`${kind} ${source}`));
}
