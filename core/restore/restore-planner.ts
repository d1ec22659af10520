import { WrongInputError } from '../errors.ts';
import { isRecord, textOf } from '../model/json.ts';
import type { Loss, PlanItem, PlanSummary, RestoreRun } from '../model/restore.ts';
import type { AssetsReader } from '../ports/assets-site.ts';
import type { Services } from '../ports/services.ts';
import { activityBatches } from './comment-batches.ts';
import { OwnConfiguration } from './configuration-journal.ts';
import type { ConfigurationPlan, Planned } from './configuration-plan.ts';
import type { EarlierRestores } from './earlier-restores.ts';
import { writeBatches } from './object-batches.ts';
import { peopleOf, readPeople } from './people.ts';
import { planConfiguration } from './plan-configuration.ts';
import type { ReusedObject } from './plan-files.ts';
import type { PlanItems } from './plan-items.ts';
import { isWritten, type ObjectDecision, ObjectPlanner, type OutsideTarget, resolveOutside } from './plan-objects.ts';
import { summarise } from './plan-summary.ts';
import { addObjectLosses, PlannedLosses } from './planned-losses.ts';
import type { RestoreContext } from './restore-context.ts';
import { type ScannedObjects, type Shard, scanObjects } from './scan-objects.ts';
import type { BackupSource } from './source.ts';
import { readSourceConfiguration, type SourceConfiguration } from './source-configuration.ts';
import { readTargetConfiguration, type TargetConfiguration } from './target-configuration.ts';
import { TargetObjects } from './target-objects.ts';
import { uniqueValues } from './unique-values.ts';
import { usersTemplate } from './users-map.ts';

export interface PlannerInput extends RestoreContext {
  readonly services: Services;
  readonly reader: AssetsReader;
  readonly run: RestoreRun;
  readonly source: BackupSource;
  readonly items: PlanItems;
  readonly earlier: EarlierRestores;
}

const reusedAPart = 20_000;
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

  async run(): Promise<PlanSummary> {
    const { services, run, keys, choices, source, schemas, items, earlier, reader } = this.#input;
    const { work, reporter } = services;
    const shards = schemas.flatMap((schema) =>
      schema.objectTypes.flatMap((type) =>
        type.objectsMeta.map((key): Shard => ({ file: this.#needFile(key), schemaId: schema.id, typeId: type.id })),
      ),
    );
    reporter.planned(
      'planning',
      shards.reduce((sum, { file }) => sum + file.records, 0),
    );
    const advance = inPasses(passes, (objects) => reporter.advanced('planning', objects));
    const scan = await scanObjects(source, shards, advance);
    this.#checkIncluded(scan);

    const sourceConfiguration = await readSourceConfiguration(source, schemas, scan.kindsOfValues);
    this.#checkAttributes(sourceConfiguration);
    const target = await this.#readTarget(sourceConfiguration);
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
    await work.write(keys.configurationPlan, JSON.stringify(plan));
    for (const item of configurationItems(plan)) await items.add(item);

    const targets = await this.#readTargetObjects(plan, target);
    const planner = new ObjectPlanner(scan, plan, choices, {
      earlier,
      targets,
      unfinished: new Set(own.unfinished),
    });
    const decisions = await planner.decide(await uniqueValues(source, { plan, scan, target }), advance);
    const outside = await this.#resolveOutside(scan, decisions);
    const needed = {
      accounts: scan.accounts,
      groups: new Set([...scan.groups, ...plan.attributes.flatMap(({ restrictions }) => restrictions.groups)]),
    };
    const peopleFile = await readPeople(reader, work, choices, needed);
    await work.write(keys.people, JSON.stringify(peopleFile));
    const people = peopleOf(peopleFile);

    const losses = new PlannedLosses(work, keys);
    for (const loss of [...configuration.losses, ...earlierLosses(plan, own)]) await losses.add(loss, 'stands');
    await addObjectLosses(losses, { ...this.#input, plan, scan, decisions, outside, people, advance });
    await this.#addObjectItems(scan, decisions);
    const batches = await writeBatches(work, keys, { scan, decisions });
    const reused = await this.#writeReused(scan, decisions);
    const comments = await activityBatches(this.#input, scan, decisions);
    await work.write(
      keys.objectPlan,
      JSON.stringify({
        shards: scan.shards,
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
  #checkIncluded(scan: ScannedObjects): void {
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

  #checkAttributes({ schemas }: SourceConfiguration): void {
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
  async #readTarget(source: SourceConfiguration): Promise<TargetConfiguration> {
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
    return readTargetConfiguration(reader, run.workspace.workspaceId, (schema) => {
      return wanted.has(textOf(schema.objectSchemaKey) ?? '') || referred.has(String(schema.id));
    });
  }

  /** All objects of the schemas that exist, and, for whoever settles lost answers later, which they were. */
  async #readTargetObjects(plan: ConfigurationPlan, target: TargetConfiguration): Promise<TargetObjects> {
    const { reader, services, keys, choices } = this.#input;
    const targets = new TargetObjects(reader);
    if (!choices.processObjects) return targets;
    for (const schema of plan.schemas) {
      const there = schema.target === undefined ? undefined : target.existing.get(schema.target);
      if (!there || schema.action === 'skip') continue;
      for (const type of there.types) {
        await targets.readType(type, type.allAttributes);
        await services.work.write(keys.before(type.id), JSON.stringify(targets.idsOf(type.id)));
      }
    }
    return targets;
  }

  /** Objects that are not restored but referred to by those that are: of other schemas, left out, or in conflict. */
  async #resolveOutside(
    scan: ScannedObjects,
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

  async #addObjectItems(scan: ScannedObjects, decisions: readonly (ObjectDecision | undefined)[]): Promise<void> {
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

  /** Gives the number of files. */
  async #writeReused(scan: ScannedObjects, decisions: readonly (ObjectDecision | undefined)[]): Promise<number> {
    const { services, keys } = this.#input;
    let part: ReusedObject[] = [];
    let parts = 0;
    const flush = async () => {
      if (part.length === 0) return;
      await services.work.write(keys.reused(parts), JSON.stringify(part));
      parts += 1;
      part = [];
    };
    for (const [number, decision] of decisions.entries()) {
      if (!decision?.target) continue;
      const { id, key, digest } = decision.target;
      const { isOwn, isStrict, losses, action } = decision;
      part.push({
        source: scan.ids[number] ?? '',
        target: id,
        key,
        digest,
        ...(isOwn && { isOwn }),
        ...(isStrict && { isStrict }),
        ...(action === 'update' && { isUpdated: true }),
        ...(losses && { losses }),
      });
      if (part.length === reusedAPart) await flush();
    }
    await flush();
    return parts;
  }
}

/** An object counts as done when it has been looked at in every pass. */
function inPasses(count: number, advance: (objects: number) => void): (objects: number) => void {
  let looks = 0;
  let done = 0;
  return (objects) => {
    looks += objects;
    const now = Math.floor(looks / count);
    if (now > done) advance(now - done);
    done = now;
  };
}

/** Attributes of which some object to be restored has no value, as far as their types' counts tell. */
function missingIn({ schemas }: SourceConfiguration, { filled }: ScannedObjects): Set<string> {
  const missing = new Set<string>();
  for (const { types } of schemas) {
    for (const type of types) {
      const counts = filled.get(type.id);
      for (const id of type.attributeIds) {
        if (counts && (counts.byAttribute.get(id) ?? 0) < counts.objects) missing.add(id);
      }
    }
  }
  return missing;
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

function configurationItems(plan: ConfigurationPlan): PlanItem[] {
  const lists: readonly (readonly [PlanItem['kind'], readonly Planned[]])[] = [
    ['schema', plan.schemas],
    ['status-type', plan.statusTypes],
    ['reference-type', plan.referenceTypes],
    ['icon', plan.icons],
    ['object-type', plan.types],
    ['attribute', plan.attributes],
  ];
  return lists.flatMap(([kind, planned]) =>
    planned.map(({ source, action, where, reason, precondition, target }) => ({
      kind,
      source,
      action,
      where,
      reason,
      precondition,
      ...(target !== undefined && { target }),
    })),
  );
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
