import { InterruptedError, OutcomeUnknownError, PlanChangedError } from '../../errors.ts';
import { idOf } from '../../model/ids.ts';
import type { Loss, RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { type LiveConfiguration, readLiveConfiguration } from '../../reading/live-configuration.ts';
import { Deadline } from '../../runs/deadline.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { type ConfigurationMap, emptyMap } from '../configuration-map.ts';
import {
  type ConfigurationIntents,
  type Intent,
  OwnConfiguration,
  writeIntents,
} from '../id-map/configuration-journal.ts';
import { beginJournals } from '../id-map/journal-files.ts';
import { type ConfigurationPlan, type ObjectPlan, schemasWritten } from '../plan-files.ts';
import { openSource } from '../restore-context.ts';
import { StepLosses } from '../step-losses.ts';
import { ConfigurationMaker, iconsToSettle } from './configuration-maker.ts';
import { FieldsToMake } from './create-once.ts';
import { ofConfiguration } from './may-not-manage.ts';
import { RelaxedAttributes } from './relax-constraints.ts';
import { standsAs, unrelaxed } from './relaxation.ts';

/**
 * Makes the configuration that the plan names: schemas, statuses, reference types, icons, types, attributes without their
 * restrictions; and takes off what is in the way of the objects. Before its first write it looks whether the target is still as the plan saw it, and writes down what it
 * is about to make. Hands back a number to be called again with while there is more to do. Throws PlanChangedError.
 */
export async function restoreConfiguration(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const { keys, journals, source } = await openSource(services, run);
  const plan = await needJson<ConfigurationPlan>(work, keys.configurationPlan);
  const earlier = await readJson<ConfigurationMap>(work, keys.configuration);
  if (earlier?.isComplete) return { next: null };
  const reader = site.reader(run.workspace, budget);
  const map = earlier ?? emptyMap();
  const existing = new Set([...targetsOf(plan), ...Object.values(map.schemas)]);
  const target = await readLiveConfiguration(reader, run.workspace.workspaceId, () => existing);
  const own = await OwnConfiguration.read(work, journals);
  const foreseen = lossesOfMade(plan, (await StepLosses.open(services, run.restore, 'plan')).all);
  let begun: Pick<ConfigurationIntents, 'files' | 'same'>;
  if (earlier) {
    const { files, same } = await needJson<ConfigurationIntents>(work, journals.configuration(run.restore));
    begun = { files: files ?? [], ...(same && { same }) };
  } else {
    const open = own.allRelaxed.flatMap(({ attributes }) => attributes);
    checkUnchanged(plan, unrelaxed(target, open));
    const objects = await needJson<ObjectPlan>(work, keys.objectPlan);
    const files = await beginJournals(work, journals, run.restore, objects);
    begun = { files, ...(objects.same && { same: objects.same }) };
    await writeIntents(work, journals, { ...journalOf(run, plan, map), losses: foreseen, ...begun });
    await writeJson(work, keys.configuration, map);
    reporter.planned('configuration', sizeOf(plan));
  }
  const writer = site.writer(run.workspace, budget);
  const losses = await StepLosses.open(services, run.restore, 'configuration');
  let [made, unnoted, writing] = [0, 0, Promise.resolve()];
  // The more is made the rarer: the file grows, and at most one in fifty things is not noted when the process dies.
  const note = async () => {
    made += 1;
    unnoted += 1;
    if (unnoted * 50 < made) return;
    unnoted = 0;
    writing = writing.then(async () => {
      await losses.save();
      await writeJson(work, keys.configuration, map);
    });
    await writing;
  };
  const maker = new ConfigurationMaker({
    services,
    reader,
    writer,
    plan,
    target,
    map,
    losses,
    source,
    isContinued: earlier !== undefined,
    deadline: new Deadline(services),
    fields: new FieldsToMake(),
    note,
  });
  let mayBeMade = true;
  try {
    const isDone = await maker.run();
    if (isDone) {
      const relaxed = await RelaxedAttributes.open({ services, run, journals, reader, writer });
      await relaxed.putBackOfOthers(own);
      await relaxed.takeOff(plan.relaxed);
    }
    map.isComplete = isDone;
    return { next: isDone ? null : from + 1 };
  } catch (error) {
    mayBeMade = error instanceof OutcomeUnknownError || error instanceof InterruptedError;
    throw ofConfiguration(error, plan);
  } finally {
    await writeJson(work, keys.configuration, map);
    const journal = journalOf(run, plan, map);
    // A schema that was surely not made is nobody's yet: who makes one of its key later is somebody else.
    const intents = journal.intents.filter(
      ({ kind, source: id }) => mayBeMade || kind !== 'schema' || journal.schemas[id],
    );
    await writeIntents(work, journals, { ...journal, intents, losses: [...foreseen, ...losses.all], ...begun });

    await losses.save();
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, writer);
  }
}

/** What the plan says will be otherwise of things that are made: later restores find them made, and have to tell. */
function lossesOfMade(plan: ConfigurationPlan, losses: readonly Loss[]): Loss[] {
  const made = new Set(
    [...plan.statusTypes, ...plan.referenceTypes, ...plan.icons, ...plan.types, ...plan.attributes].flatMap(
      ({ source, where, action }) => (action === 'create' ? [`${source} ${where}`] : []),
    ),
  );
  return losses.filter(({ source, where }) => made.has(`${source} ${where}`));
}

function journalOf(
  { restore }: RestoreRun,
  plan: ConfigurationPlan,
  { schemas, types, attributes, statusTypes, referenceTypes }: ConfigurationMap,
): ConfigurationIntents {
  const written = schemasWritten(plan);
  return {
    restore,
    intents: intentsOf(plan),
    schemas: Object.fromEntries(
      written.flatMap(({ source, target }) => {
        const id = schemas[source] ?? target;
        return id === undefined ? [] : [[source, id]];
      }),
    ),
    schemaKeys: written.map(({ key }) => key),
    keysBySource: Object.fromEntries(written.map(({ source, key }) => [source, key])),
    finishedKeys: [],
    relaxed: plan.relaxed,
    ids: {
      types: Object.fromEntries(Object.entries(types).map(([source, { target }]) => [source, target])),
      ...{ attributes, statusTypes, referenceTypes },
    },
    losses: [],
  };
}

const targetsOf = ({ schemas }: ConfigurationPlan) => schemas.flatMap(({ target }) => target ?? []);

function intentsOf(plan: ConfigurationPlan): Intent[] {
  const keyOf = new Map(plan.schemas.map(({ source, key }) => [source, key]));
  const schemaOf = new Map(plan.types.map(({ source, schema }) => [source, schema]));
  const made = <T extends { action: string; source: string; finish: boolean }>(
    kind: Intent['kind'],
    list: readonly T[],
    schema: (item: T) => string | undefined,
  ): Intent[] =>
    list
      .filter(({ finish }) => finish)
      .map((item) => ({ kind, source: item.source, schemaKey: keyOf.get(schema(item) ?? '') ?? '' }));
  const names = new Map(plan.schemas.map(({ source, name }) => [source, name]));
  return [
    ...made('schema', plan.schemas, ({ source }) => source).map((intent) => ({
      ...intent,
      name: names.get(intent.source) ?? '',
    })),
    ...made('object-type', plan.types, ({ schema }) => schema),
    ...made('attribute', plan.attributes, ({ type }) => schemaOf.get(type)),
  ];
}

/** A refusal here comes before the first write. */
function checkUnchanged(plan: ConfigurationPlan, target: LiveConfiguration): void {
  const ids = new Set(target.schemas.map((schema) => idOf(schema) as string));
  const schemaKeys = new Set(target.schemas.map(({ objectSchemaKey }) => objectSchemaKey));
  const types = new Map(
    [...target.existing.values()].flatMap((schema) => schema.types.map((type) => [type.id, type] as const)),
  );
  const changed: string[] = [];
  for (const { action, key, target: id } of plan.schemas) {
    if (action === 'create' && schemaKeys.has(key)) changed.push(`a schema ${key} has appeared`);
    if (action === 'reuse' && !ids.has(id ?? '')) changed.push(`the schema ${key} is gone`);
  }
  for (const planned of plan.types) {
    if (planned.action === 'reuse' && !types.has(planned.target ?? '')) changed.push(`${planned.where} is gone`);
    const isAbstract = types.get(planned.target ?? '')?.record.abstractObjectType === true;
    if (isAbstract && !planned.holdsNoObjects) changed.push(`${planned.where} is abstract now`);
    if (planned.action !== 'create') continue;
    const parent = plan.types.find(({ source }) => source === planned.parent);
    const schema = plan.schemas.find(({ source }) => source === planned.schema)?.target;
    if (schema === undefined || (parent && parent.target === undefined)) continue;
    const siblings = target.existing.get(schema)?.types.filter(({ parentId }) => parentId === parent?.target) ?? [];
    const planneds = plan.types.filter(({ target: id }) => id !== undefined).map(({ target: id }) => id);
    if (siblings.some(({ id, name }) => name === planned.name && !planneds.includes(id))) {
      changed.push(`${planned.where} has appeared`);
    }
  }
  const owners = new Map(plan.types.map(({ source, target: id }) => [source, id]));
  const known = new Set(plan.attributes.map(({ target: id }) => id));
  for (const planned of plan.attributes) {
    const owner = types.get(owners.get(planned.type) ?? '');
    if (!owner || planned.role === 'system') continue;
    const isThere = owner.attributes.some(({ id }) => String(id) === planned.target);
    if (planned.target !== undefined && !isThere) changed.push(`${planned.where} is gone`);
    const hasName = owner.attributes.some(({ id, name }) => name === planned.name && !known.has(String(id)));
    if (planned.action === 'create' && hasName) {
      changed.push(`${planned.where} has appeared`);
    }
  }
  const records = new Map(
    [...types.values()].flatMap((type) => type.attributes.map((record) => [idOf(record) as string, record] as const)),
  );
  for (const { id, where, before } of plan.relaxed) {
    const record = records.get(id);
    if (!record || !standsAs(record, before)) changed.push(`${where} demands something else`);
  }
  if (changed.length === 0) return;
  throw new PlanChangedError(
    `The target has changed since the plan was made: ${changed.slice(0, 5).join('; ')}. Nothing was written. Start again: a new plan takes it into account.`,
  );
}

function sizeOf(plan: ConfigurationPlan): number {
  const { schemas, statusTypes, referenceTypes, types, attributes } = plan;
  const named = schemas.length + statusTypes.length + referenceTypes.length + iconsToSettle(plan).length;
  return named + types.length + attributes.length;
}
