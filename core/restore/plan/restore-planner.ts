import { WrongInputError } from '../../errors.ts';
import { isRecord, textOf } from '../../model/json.ts';
import type { Loss, PlanSummary, RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import { type LiveConfiguration, readLiveConfiguration } from '../../reading/live-configuration.ts';
import { readStoredConfiguration, type StoredConfiguration } from '../../reading/stored-configuration.ts';
import { missingIn, type Shard, type StoredObjects, scanStoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work/json-file.ts';
import { planConfiguration } from '../configuration/plan-configuration.ts';
import type { ConfigurationPlan } from '../configuration-plan.ts';
import { OwnConfiguration } from '../id-map/configuration-journal.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { RestoreContext } from '../restore-context.ts';
import { peopleOf, readPeople } from '../values/people.ts';
import { usersTemplate } from '../values/users-map.ts';
import { activityBatches } from './comment-batches.ts';
import { addObjectLosses, ForeseenLosses } from './foreseen-losses.ts';
import { writeBatches } from './object-batches.ts';
import { configurationItems, type PlanItems } from './plan-items.ts';
import { isWritten, type ObjectDecision, ObjectPlanner, type OutsideTarget, resolveOutside } from './plan-objects.ts';
import { summarise } from './plan-summary.ts';
import type { TargetReading } from './target-reading.ts';
import { uniqueValues } from './unique-values.ts';
import { writeReused } from './write-reused.ts';

export interface PlannerInput extends RestoreContext {
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

/** Makes a plan and everything that the steps after it read. It reads the target and changes nothing there. */
export class RestorePlanner {
  readonly #input: PlannerInput;
  readonly #sameSite: boolean;

  constructor(input: PlannerInput) {
    this.#input = input;
    this.#sameSite = input.manifest.site.workspaceId === input.run.workspace.workspaceId;
  }

  /** Gives nothing where the target's objects have to be read first, in invocations to come. */
  async run(): Promise<PlanSummary | undefined> {
    const { services, run, keys, choices, source, schemas, items, earlier, reader, reading } = this.#input;
    const { work, reporter } = services;
    const shards = schemas.flatMap((schema) =>
      schema.objectTypes.flatMap((type) =>
        type.objectsMeta.map((key): Shard => ({ file: this.#needFile(key), schemaId: schema.id, typeId: type.id })),
      ),
    );
    const isContinued = reading.configuration !== undefined;
    const records = shards.reduce((sum, { file }) => sum + file.records, 0);
    if (!isContinued) reporter.planned('planning', records);
    const advance = inPasses(passes, (objects) => reporter.advanced('planning', objects), isContinued ? records : 0);
    const scan = await scanStoredObjects(source, shards, isContinued ? () => undefined : advance);
    this.#checkIncluded(scan);

    const sourceConfiguration = await readStoredConfiguration(source, schemas, scan.kindsOfValues);
    this.#checkAttributes(sourceConfiguration);
    const target = reading.configuration ?? (await this.#readTarget(sourceConfiguration));
    const own = await OwnConfiguration.read(work, this.#input.manifest.site.workspaceId, run.workspace.workspaceId);
    const configuration = planConfiguration({
      source: sourceConfiguration,
      target,
      choices,
      sourceWorkspaceId: this.#input.manifest.site.workspaceId,
      own,
      mostValues: scan.mostValues,
      missingIn: missingIn(sourceConfiguration, scan),
    });
    const { plan } = configuration;
    if (!isContinued) {
      reading.begin(target, this.#typesToRead(plan, target));
      if (!(await reading.goOn())) return undefined;
    }
    await writeJson(work, keys.configurationPlan, plan);
    for (const item of configurationItems(plan)) await items.add(item);

    const planner = new ObjectPlanner(scan, plan, choices, {
      earlier,
      targets: reading.objects,
      unfinished: new Set(own.unfinished),
    });
    const decisions = await planner.decide(await uniqueValues(source, { plan, scan, target }), advance);
    const outside = await this.#resolveOutside(scan, decisions);
    const needed = {
      accounts: scan.accounts,
      groups: new Set([...scan.groups, ...plan.attributes.flatMap(({ restrictions }) => restrictions.groups)]),
    };
    const peopleFile = await readPeople(reader, work, choices, needed);
    await writeJson(work, keys.people, peopleFile);
    const people = peopleOf(peopleFile);

    const losses = new ForeseenLosses(work, keys);
    for (const loss of [...configuration.losses, ...earlierLosses(plan, own)]) await losses.add(loss, 'stands');
    await addObjectLosses(losses, { ...this.#input, plan, scan, decisions, outside, people, advance });
    await this.#addObjectItems(scan, decisions);
    const batches = await writeBatches(work, keys, { scan, decisions });
    const reused = await writeReused(work, keys, { scan, decisions });
    const comments = await activityBatches(this.#input, scan, decisions);
    await work.write(
      keys.objectPlan,
      JSON.stringify({
        shards: scan.shards,
        twice: Object.fromEntries(scan.twice),
        batches: batches.count,
        reusedParts: reused,
        commentBatches: comments.batches,
        commentedObjects: comments.objects,
        creates: batches.creates,
        links: batches.links,
        outside: Object.fromEntries(outside),
      }),
    );
    await losses.close();

    const missing = {
      accounts: missingPeople(needed.accounts, people.mapped, people.accounts),
      groups: missingPeople(needed.groups, people.mapped, people.groups),
    };
    const isComplete = !missing.accounts?.length && !missing.groups?.length;
    if (!isComplete) {
      const template = usersTemplate({ accounts: missing.accounts ?? [], groups: missing.groups ?? [] });
      await work.write(keys.usersTemplate, template);
    }
    return summarise({
      ...this.#input,
      plan,
      scan,
      decisions,
      outside,
      batches,
      comments,
      hash: await items.close(),
      losses,
      approvals: configuration.approvals,
      missing,
      usersTemplate: isComplete ? null : keys.usersTemplate,
      usage: await reader.usage(),
    });
  }

  #needFile(key: string) {
    const file = this.#input.source.file(key);
    if (!file) throw new Error(`The manifest's lists do not name ${key}.`);
    return file;
  }

  /** Names that lead to nothing would restore nothing without a word. */
  #checkIncluded(scan: StoredObjects): void {
    const { choices, schemas, run } = this.#input;
    const types = new Set(schemas.flatMap(({ objectTypes }) => objectTypes.flatMap(({ id, name }) => [id, name])));
    const objects = new Set([...scan.ids, ...scan.keys]);
    const unknown = [
      ...choices.include.objectTypes.filter((name) => !types.has(name)).map((name) => `object type ${name}`),
      ...choices.include.objects.filter((name) => !objects.has(name)).map((name) => `object ${name}`),
    ];
    if (unknown.length > 0) {
      throw new WrongInputError(
        `The chosen schemas of the backup ${run.backup} have no ${unknown.slice(0, 5).join(', no ')}.`,
      );
    }
  }

  #checkAttributes({ schemas }: StoredConfiguration): void {
    const { choices, run } = this.#input;
    const attributes = schemas.flatMap(({ types }) => types.flatMap((type) => type.attributes));
    const known = new Set(attributes.flatMap(({ id, name }) => [id, name]));
    const unknown = choices.include.attributes.filter((name) => !known.has(name));
    if (unknown.length === 0) return;
    throw new WrongInputError(
      `The chosen schemas of the backup ${run.backup} have no attribute ${unknown.slice(0, 5).join(', no ')}.`,
    );
  }

  /** The schemas that are written into, and on the same site those whose types attributes refer to. */
  async #readTarget(source: StoredConfiguration): Promise<LiveConfiguration> {
    const { reader, run, choices } = this.#input;
    const wanted = new Set(
      source.schemas.map(({ key }) => {
        const choice = choices.schemas?.find(({ oldObjectSchemaKey }) => oldObjectSchemaKey === key);
        return choice?.newObjectSchemaKey ?? key;
      }),
    );
    const own = new Set(source.schemas.map(({ id }) => id));
    const referred = new Set<string>();
    for (const { record } of this.#sameSite
      ? source.schemas.flatMap(({ types }) => types.flatMap(({ attributes }) => attributes))
      : []) {
      const { referenceObjectType } = record;
      const schemaId = isRecord(referenceObjectType) ? textOf(referenceObjectType.objectSchemaId) : undefined;
      if (schemaId !== undefined && !own.has(schemaId)) referred.add(schemaId);
    }
    return readLiveConfiguration(reader, run.workspace.workspaceId, (schema) => {
      return wanted.has(textOf(schema.objectSchemaKey) ?? '') || referred.has(String(schema.id));
    });
  }

  /** Types of the schemas that exist: their objects have to be known. */
  #typesToRead(plan: ConfigurationPlan, target: LiveConfiguration): string[] {
    if (!this.#input.choices.processObjects) return [];
    return plan.schemas.flatMap(({ target: id, action }) => {
      const there = id === undefined || action === 'skip' ? undefined : target.existing.get(id);
      return there?.types.map((type) => type.id) ?? [];
    });
  }

  /** Objects that are not restored but referred to by those that are: of other schemas, left out, or in conflict. */
  async #resolveOutside(
    scan: StoredObjects,
    decisions: readonly (ObjectDecision | undefined)[],
  ): Promise<Map<string, OutsideTarget>> {
    const { references, numberOf, keys, shardOf, shards } = scan;
    const wanted = new Map<string, { key: string; typeId: string }>();
    for (const [index, from] of references.from.entries()) {
      if (!isWritten(decisions[from])) continue;
      const to = references.to[index] ?? '';
      const number = numberOf.get(to);
      const decision = number === undefined ? undefined : decisions[number];
      if (decision && (isWritten(decision) || decision.target)) continue;
      const known =
        number === undefined
          ? scan.outside.get(to)
          : { key: keys[number] ?? '', typeId: shards[shardOf[number] ?? -1]?.typeId ?? '' };
      wanted.set(to, known ?? { key: '', typeId: '' });
    }
    const { reader, earlier } = this.#input;
    return resolveOutside(reader, wanted, { sameSite: this.#sameSite, earlier });
  }

  async #addObjectItems(scan: StoredObjects, decisions: readonly (ObjectDecision | undefined)[]): Promise<void> {
    for (const [number, decision] of decisions.entries()) {
      if (!decision) continue;
      const { action, reason, precondition, target } = decision;
      await this.#input.items.add({
        kind: 'object',
        source: scan.ids[number] ?? '',
        action,
        where: scan.keys[number] ?? '',
        reason,
        precondition,
        ...(target && { target: target.id }),
      });
    }
  }
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

function missingPeople(
  needed: ReadonlySet<string>,
  mapped: ReadonlyMap<string, string | null>,
  known: { has(name: string): boolean } | undefined,
): string[] | null {
  if (!known) return null;
  return [...needed].filter((name) => {
    const to = mapped.has(name) ? mapped.get(name) : name;
    return to !== null && to !== undefined && !known.has(to);
  });
}
