import { messageOf, RequestRefusedError } from '../../errors.ts';
import { type AttributeId, idOf, type ObjectSchemaId, type ObjectTypeId } from '../../model/ids.ts';
import type { ApiRecord } from '../../model/json.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sideBySide } from '../../side-by-side.ts';
import { needJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import { finishSchemas } from '../id-map/configuration-journal.ts';
import { KnownObjects } from '../id-map/known-objects.ts';
import {
  type ConfigurationPlan,
  type ObjectPlan,
  type PlannedAttribute,
  type PlannedSchema,
  type PlannedType,
  schemasWritten,
} from '../plan-files.ts';
import { openContext } from '../restore-context.ts';
import { StepLosses } from '../step-losses.ts';
import type { PeopleFile } from '../values/people.ts';
import { changedFields } from './attribute-fields.ts';
import { byDepth } from './by-depth.ts';
import { withoutRefusedFields } from './create-once.ts';
import { ofConfiguration } from './may-not-manage.ts';
import { orderAttributes, orderTypes } from './put-in-order.ts';
import { RelaxedAttributes } from './relax-constraints.ts';
import { finalOptions, type OnTarget, onTarget, restrictionsOnTarget } from './wanted-attribute.ts';

/** Requests in flight come to about as many; the budget sets the speed. */
const piecesAtOnce = 16;

/**
 * Sets what would have been in the way of the objects: restrictions of attributes, whether other schemas may refer to one, and
 * the order of types and attributes. Touches only what this restore, or one before it that was stopped, has made, and what it has
 * relaxed.
 */
export async function applyConstraints(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const { choices, keys, journals, sameSite } = await openContext(services, run);
  const plan = await needJson<ConfigurationPlan>(work, keys.configurationPlan);
  const map = await needJson<ConfigurationMap>(work, keys.configuration);
  const objectPlan = await needJson<ObjectPlan>(work, keys.objectPlan);
  const known = await KnownObjects.read(work, objectPlan, keys, { keys: journals, restore: run.restore });
  const people = await needJson<PeopleFile>(work, keys.people);
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const losses = await StepLosses.open(services, run.restore, 'constraints');
  const parts = new Constraints({
    plan,
    map,
    reader,
    writer,
    losses,
    setsRestrictions: choices.setAttributeRestrictions,
    onTarget: onTarget({ plan, map, known, people, sameSite }),
  }).parts();
  if (from === 0) reporter.planned('constraints', parts.flat().length);
  try {
    for (const [at, part] of parts.entries()) {
      if (at < from) continue;
      if (at > from && isTimeShort(services)) return { next: at };
      await checkSiteLock(services, run);
      await sideBySide(part, piecesAtOnce, (piece) => piece());
      reporter.advanced('constraints', part.length);
    }
    const relaxed = await RelaxedAttributes.open({ services, run, journals, reader, writer });
    await relaxed.putBackOwn();
    const places = schemasWritten(plan).map(({ source, sourceKey, key }) => ({
      ...{ source, sourceKey, key },
      target: map.schemas[source],
    }));
    await finishSchemas(work, journals, { restore: run.restore, places, losses: losses.all });

    return { next: null };
  } catch (error) {
    throw ofConfiguration(error, plan);
  } finally {
    await losses.save();
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, writer);
  }
}

interface ConstraintsInput {
  readonly plan: ConfigurationPlan;
  readonly map: ConfigurationMap;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
  readonly setsRestrictions: boolean;
  readonly onTarget: OnTarget;
}

/** Finishes what was made. Everything here may be done twice. */
class Constraints {
  readonly #input: ConstraintsInput;

  constructor(input: ConstraintsInput) {
    this.#input = input;
  }

  /**
   * What is to be done, in parts whose pieces may be done side by side: types first, parents before their children because they
   * share the order of what is inherited, then what concerns a whole schema.
   */
  parts(): (() => Promise<void>)[][] {
    const { plan, map } = this.#input;
    const touched = new Set(plan.attributes.filter(({ finish }) => finish).map(({ type }) => type));
    const types = plan.types.filter(({ source, finish }) => map.types[source] && (finish || touched.has(source)));
    return [
      ...byDepth(types).map((level) => level.map((type) => () => this.#finishType(type))),
      plan.schemas.map((schema) => () => this.#finishSchema(schema)),
    ].flatMap((pieces) => inParts(pieces));
  }

  async #finishSchema(schema: PlannedSchema): Promise<void> {
    const { plan, map, writer } = this.#input;
    const schemaId = map.schemas[schema.source] as ObjectSchemaId | undefined;
    if (schemaId === undefined) return;
    const types = plan.types.filter((type) => type.schema === schema.source && map.types[type.source]);
    if (types.some(({ finish }) => finish)) await orderTypes(this.#input, schema, schemaId, types);
    const { properties } = schema;
    if (schema.finish && properties.allowOtherObjectSchema === false) {
      await writer.setObjectSchemaProperties(schemaId, properties);
    }
  }

  async #finishType(type: PlannedType): Promise<void> {
    const { plan, map, reader } = this.#input;
    const typeId = map.types[type.source]?.target as ObjectTypeId;
    const records = new Map((await reader.attributes(typeId)).map((record) => [idOf(record) as string, record]));
    const attributes = plan.attributes.filter((attribute) => attribute.type === type.source);
    for (const attribute of attributes) {
      const record = records.get(map.attributes[attribute.source] ?? '');
      if (attribute.finish && record) await this.#restrict(attribute, typeId, record);
    }
    await orderAttributes(this.#input, type, typeId, [...records.values()]);
  }

  async #restrict(attribute: PlannedAttribute, typeId: ObjectTypeId, record: ApiRecord): Promise<void> {
    const restrictions = this.#input.setsRestrictions
      ? restrictionsOnTarget(attribute, this.#input.onTarget, (reason) => this.#lose(attribute, reason))
      : {};
    const wanted = { ...restrictions, ...finalOptions(attribute) };
    const fields = changedFields(wanted, record);
    if (Object.keys(fields).length === 0) return;
    const id = idOf<'object type attribute'>(record) as AttributeId;
    try {
      await withoutRefusedFields(
        fields,
        [],
        (left) => this.#input.writer.updateAttribute(typeId, id, left),
        (field) => this.#lose(attribute, `the target does not take its restriction "${field}"`),
      );
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      this.#lose(attribute, `its restrictions were refused: ${messageOf(error)}`);
    }
  }

  #lose({ source, where }: PlannedAttribute, reason: string): void {
    this.#input.losses.add({ kind: 'attribute', source, where, values: 0, reason });
  }
}

function inParts<T>(pieces: readonly T[]): T[][] {
  const count = Math.ceil(pieces.length / piecesAtOnce);
  return Array.from({ length: count }, (_, at) => pieces.slice(at * piecesAtOnce, (at + 1) * piecesAtOnce));
}
