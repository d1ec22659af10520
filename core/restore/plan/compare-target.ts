import { DamagedBackupError } from '../../errors.ts';
import type { Loss, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader, Offered, Usage } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { AttributeKind } from '../../reading/attribute-kinds.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { readStoredConfiguration, statedKinds, withKindsOfValues } from '../../reading/stored-configuration.ts';
import { missingIn, type Shard, type StoredObjects, scanStoredObjects } from '../../reading/stored-objects.ts';
import type { ReadValue } from '../../reading/value.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import { notInApprovedPlan } from '../approval-notices.ts';
import { planConfiguration } from '../configuration/plan-configuration.ts';
import { unrelaxed } from '../configuration/relaxation.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { KnownComments } from '../id-map/known-comments.ts';
import type { LackingFile } from '../lacking-files.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import type { RestoreContext } from '../restore-context.ts';
import { type NeededPeople, type People, type PeopleFile, peopleOf, readPeople } from '../values/people.ts';
import { checkChosenAttributes, checkChosenObjects } from './check-choices.ts';
import { Correspondence } from './correspondence.ts';
import { expectObjects } from './expect-objects.ts';
import { decideObjects, hiddenTypes } from './hidden-objects.ts';
import { PlanContexts } from './plan-contexts.ts';
import { type ObjectDecision, ObjectPlanner } from './plan-objects.ts';
import { subjectOf } from './plan-writes.ts';
import { Recreated } from './recreated.ts';
import { takeSame } from './take-same.ts';
import { readTarget, type TargetReading, typesToRead } from './target-reading.ts';
import { uniqueAttributes, uniqueValues } from './unique-values.ts';

export interface TargetInput extends RestoreContext {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly run: RestoreRun;
  readonly source: BackupSource;
  readonly lacking: readonly LackingFile[];
  readonly reading: TargetReading;
  readonly earlier: EarlierRestores;
  readonly knownComments: KnownComments;
}

/** What is to be made of the configuration, and what becomes of each object. */
export interface PlannedParts {
  readonly plan: ConfigurationPlan;
  /** As it is where nothing is relaxed. */
  readonly target: LiveConfiguration;
  readonly losses: readonly Loss[];
  readonly approvals: readonly string[];
  /** By the number of the object. */
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly contexts: PlanContexts;
}

/** The backup and the target side by side. */
export interface ComparedTarget extends PlannedParts {
  readonly scan: StoredObjects;
  readonly correspondence: Correspondence;
  readonly kinds: ReadonlyMap<string, AttributeKind | undefined>;
  readonly people: People;
  readonly needed: NeededPeople;
  readonly usage: Offered<Usage>;
  /** The same where some writes are left, by their subjects. */
  readonly leaving: (left: ReadonlySet<string>) => PlannedParts;
  /** Objects that have been looked at once more. */
  readonly advance: (objects: number) => void;
}

/** How often each object is looked at: scanned, expected on the target, judged. */
const passes = 3;

/**
 * Reads the backup's objects, and lets those of the target stream past them. Gives nothing where there is not the time for all:
 * then the next invocation goes on.
 */
export async function compareTarget(input: TargetInput): Promise<ComparedTarget | undefined> {
  const { services, run, keys, choices, manifest, sameSite, source, schemas, others } = input;
  const { earlier, reader, reading } = input;
  const { work, reporter } = services;
  const shards = shardsOf(input);
  const isContinued = reading.configuration !== undefined;
  const records = shards.reduce((sum, { file }) => sum + file.records, 0);
  if (!isContinued) reporter.planned('planning', records);
  const advance = inPasses(passes, (objects) => reporter.advanced('planning', objects), isContinued ? records * 2 : 0);
  const looked = isContinued ? () => undefined : advance;
  const chosen = await readStoredConfiguration(source, schemas);
  const scan = await scanStoredObjects(source, shards, statedKinds(chosen), looked);
  checkChosenObjects(choices, { backup: run.backup, schemas, scan });

  const referring = referrersOf(scan);
  const referrers = others.filter(({ id }) => referring.schemas.has(id));
  const held = referrers.length === 0 ? chosen : await readStoredConfiguration(source, [...schemas, ...referrers]);
  const stored = withKindsOfValues(held, scan.kindsOfValues);
  checkChosenAttributes(choices, { backup: run.backup, configuration: stored });
  const own = earlier.configuration;
  const read =
    reading.configuration ??
    (await readTarget(reader, { run, choices, stored, own, sameSite, isReferring: referring.schemas }));
  const target = unrelaxed(
    read,
    own.allRelaxed.flatMap(({ attributes }) => attributes),
  );

  const planWithout = (hiddenSchemas: ReadonlyMap<string, string>, left: ReadonlySet<string> = new Set()) =>
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
      left,
    });
  const seen = planWithout(new Map());
  const restricting = seen.plan.attributes.flatMap(({ restrictions }) => restrictions.groups);
  const needed = {
    users: scan.users,
    groups: new Map<string, ReadValue>([
      ...restricting.map((id) => [id, { id, names: [id] }] as const),
      ...scan.groups,
    ]),
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
  const leaving = (left: ReadonlySet<string>): PlannedParts => {
    const rest = planWithout(hiddenSchemas, left);
    return {
      ...rest,
      target,
      contexts: new PlanContexts({ plan: rest.plan, choices, scan, people }),
      decisions: decisionsLeaving(left, { plan: rest.plan, scan, decisions }),
    };
  };
  return {
    ...{ plan, target, losses, approvals, scan, decisions, correspondence, contexts, kinds },
    ...{ people, needed, usage, leaving, advance },
  };
}

/** Of what is to be made, nothing that is left, and nothing whose type is. */
function decisionsLeaving(
  left: ReadonlySet<string>,
  { plan, scan, decisions }: Pick<ComparedTarget, 'plan' | 'scan' | 'decisions'>,
): (ObjectDecision | undefined)[] {
  const types = new Map(plan.types.map((type) => [type.source, type]));
  return decisions.map((decision, number) => {
    if (decision?.action !== 'create') return decision;
    const type = types.get(scan.shards[scan.shardOf[number] ?? -1]?.typeId ?? '');
    const isLeft = left.has(subjectOf({ kind: 'object', source: scan.ids[number] ?? '' }));
    const isMade = type?.action === 'create' || type?.action === 'reuse';
    return isMade && !isLeft ? decision : { action: 'skip', reason: notInApprovedPlan, precondition: 'none' };
  });
}

/** Of every schema of the backup, since objects of any may refer to what is restored. */
function shardsOf({ schemas, others, source, choices }: TargetInput): Shard[] {
  const needFile = (key: string) => {
    const file = source.file(key);
    if (!file) throw new DamagedBackupError(`The manifest's lists do not name ${key}.`);
    return file;
  };
  const ofSchemas = (list: TargetInput['schemas'], more: Pick<Shard, 'isReferrer'>) =>
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
