import { messageOf, NotFoundError, RequestRefusedError } from '../../errors.ts';
import { type AttributeId, idOf, type ObjectSchemaId, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import { inOrder, isSystem } from '../../reading/stored-configuration.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { ConfigurationPlan, PlannedSchema, PlannedType } from '../plan-files.ts';
import type { StepLosses } from '../step-losses.ts';

interface OrderInput {
  readonly plan: ConfigurationPlan;
  readonly map: ConfigurationMap;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
}

/**
 * Puts a type's attributes into the order of the backup, inherited ones among them. The endpoint is undocumented, and so is what
 * it counts: the place in the list that the site answers, or the place among the type's own. The first is tried, and the
 * second where the site then answers another order. Attributes were made in their order, so mostly nothing is to be moved.
 * Only what was made is moved. `records` is what the site answers for the type now.
 */
export async function orderAttributes(
  { plan, map, reader, writer, losses }: OrderInput,
  type: PlannedType,
  typeId: ObjectTypeId,
  records: readonly ApiRecord[],
): Promise<void> {
  const attributes = plan.attributes.filter((attribute) => attribute.type === type.source);
  const inherited = new Set(
    plan.attributes.filter((other) => other.type !== type.source).map(({ source }) => map.attributes[source]),
  );
  const made = new Set(attributes.filter(({ finish }) => finish).map(({ source }) => map.attributes[source]));
  const isOwn = (id: string) => !inherited.has(id);
  const mayMove = (id: string) => (type.finish ? isOwn(id) : made.has(id));
  const { source, where } = type;
  const lose = (reason: string) => losses.add({ kind: 'object-type', source, where, values: 0, reason });
  let now = records;
  for (const counts of [() => true, isOwn]) {
    const wanted = attributesInOrder({ plan, map }, type, now);
    const list = inOrder(now).map((record) => idOf(record) as string);
    if (standIn(wanted, list)) return;
    for (const { id, position } of movesInto(wanted.filter(counts), list.filter(counts), mayMove)) {
      const refused = await moveAttribute(writer, typeId, id as AttributeId, position);
      if (refused !== undefined) return lose(`the order of its attributes: ${refused}`);
    }
    now = await reader.attributes(typeId);
  }
  const wanted = attributesInOrder({ plan, map }, type, now);
  const list = inOrder(now).map((record) => idOf(record) as string);
  if (standIn(wanted, list)) return;
  // Where those that stood there before have been put into another order, that was somebody's work.
  const isOurs =
    type.finish ||
    standIn(
      wanted.filter((id) => !mayMove(id)),
      list,
    );
  if (isOurs)
    lose('the order of its attributes: the site answers another one than the backup, also after they were moved');
}

/**
 * Ids of a type's attributes on the target in the order in which the backup lists them, inherited ones among them. What the
 * target does not answer for the type is left out.
 */
export function attributesInOrder(
  { plan, map }: Pick<OrderInput, 'plan' | 'map'>,
  type: PlannedType,
  records: readonly ApiRecord[],
): string[] {
  const there = new Set(records.map((record) => idOf(record) as string));
  const planned = new Map(plan.attributes.map((attribute) => [attribute.source, attribute]));
  return type.attributeOrder.flatMap((source) => {
    const attribute = planned.get(source);
    const id: string | undefined =
      attribute?.role === 'system' && attribute.type === type.source
        ? records.filter((record) => isSystem(record) && record.name === attribute.name).map(idOf)[0]
        : map.attributes[source];
    return id !== undefined && there.has(id) ? [id] : [];
  });
}

/** Whether things stand in an order; others may stand between them. */
export function standIn(wanted: readonly string[], now: readonly string[]): boolean {
  const known = new Set(wanted);
  const found = now.filter((id) => known.has(id));
  return found.every((id, index) => id === wanted[index]);
}

async function moveAttribute(
  writer: AssetsWriter,
  typeId: ObjectTypeId,
  id: AttributeId,
  position: number,
): Promise<string | undefined> {
  try {
    const answer = await writer.moveAttribute(typeId, id, position);
    return answer.offered ? undefined : answer.reason;
  } catch (error) {
    if (error instanceof RequestRefusedError || error instanceof NotFoundError) return messageOf(error);
    throw error;
  }
}

/** Of a schema that exists only the types that were made are put into their places. */
export async function orderTypes(
  { map, reader, writer, losses }: OrderInput,
  schema: PlannedSchema,
  schemaId: ObjectSchemaId,
  types: readonly PlannedType[],
): Promise<void> {
  const records = await reader.objectTypes(schemaId);
  const made = new Set(types.filter(({ finish }) => finish).map(({ source }) => map.types[source]?.target));
  for (const [parent, siblings] of Map.groupBy(types, (type) => type.parent)) {
    const parentId = parent === null ? undefined : (map.types[parent]?.target as ObjectTypeId | undefined);
    const wanted = siblings.flatMap(({ source }) => map.types[source]?.target ?? []);
    const now = inOrder(records.filter((record) => textOf(record.parentObjectTypeId) === parentId)).map(
      (record) => idOf(record) as string,
    );
    for (const { id, position } of movesInto(wanted, now, (id) => schema.finish || made.has(id))) {
      const place = { position, ...(parentId !== undefined && { toObjectTypeId: parentId }) };
      try {
        await writer.moveObjectType(id as ObjectTypeId, place);
      } catch (error) {
        if (!(error instanceof RequestRefusedError)) throw error;
        const { source, where } = siblings.find((type) => map.types[type.source]?.target === id) ?? schema;
        losses.add({
          kind: 'object-type',
          source,
          where,
          values: 0,
          reason: `its place among its siblings: ${messageOf(error)}`,
        });
      }
    }
  }
}

/**
 * The moves that bring things into an order, each to a place in the list as it then is. What is not in `wanted` stays between
 * them where it is, and nothing is moved that stands right. Where something that may not be moved has to come first, what stands
 * in its place goes behind it.
 */
function* movesInto(
  wanted: readonly string[],
  now: readonly string[],
  mayMove: (id: string) => boolean,
): Generator<{ readonly id: string; readonly position: number }> {
  const order = [...now];
  const known = new Set(wanted.filter((id) => order.includes(id)));
  const moves = (id: string) => known.has(id) && mayMove(id);
  const rest = [...known];
  // The wanted ones share the places that they hold among the others.
  const goal = order.map((id) => (known.has(id) ? (rest.shift() ?? id) : id));
  const move = (id: string, position: number) => {
    order.splice(order.indexOf(id), 1);
    order.splice(position, 0, id);
    return { id, position };
  };
  for (const [position, id] of goal.entries()) {
    if (moves(id)) {
      if (order[position] !== id) yield move(id, position);
      continue;
    }
    const place = order.indexOf(id);
    for (const before of order.slice(position, place)) if (moves(before)) yield move(before, order.indexOf(id));
  }
}
