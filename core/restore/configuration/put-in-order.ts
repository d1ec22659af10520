import { messageOf, NotFoundError, RequestRefusedError } from '../../errors.ts';
import { type AttributeId, idOf, type ObjectSchemaId, type ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import { isSystem } from '../../reading/stored-configuration.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { ConfigurationPlan, PlannedAttribute, PlannedSchema, PlannedType } from '../plan-files.ts';
import type { StepLosses } from '../step-losses.ts';

interface OrderInput {
  readonly plan: ConfigurationPlan;
  readonly map: ConfigurationMap;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
}

/** The endpoint is undocumented; attributes were made in their order, so mostly nothing is to be moved. */
export async function orderAttributes(
  { plan, map, writer, losses }: OrderInput,
  type: PlannedType,
  typeId: ObjectTypeId,
  attributes: readonly PlannedAttribute[],
  records: readonly ApiRecord[],
): Promise<void> {
  const inherited = new Set(
    plan.attributes.filter((other) => other.type !== type.source).map(({ source }) => map.attributes[source]),
  );
  const own = records
    .filter((record) => !inherited.has(idOf(record)))
    .toSorted((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0));
  const wanted = attributes.flatMap(({ source, role, name }) =>
    role === 'system'
      ? own.filter((record) => isSystem(record) && record.name === name).map((record) => idOf(record) as string)
      : (map.attributes[source] ?? []),
  );
  for (const { id, position } of movesInto(
    wanted,
    own.map((record) => idOf(record)),
  )) {
    const reason = await moveAttribute(writer, typeId, id as AttributeId, position);
    if (reason === undefined) continue;
    const { source, where } = type;
    losses.add({
      kind: 'object-type',
      source,
      where,
      values: 0,
      reason: `the order of its attributes: ${reason}`,
    });
    return;
  }
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
    const now = records
      .filter((record) => textOf(record.parentObjectTypeId) === parentId)
      .toSorted((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0))
      .map((record) => idOf(record) as string);
    for (const { id, position } of movesInto(wanted, now)) {
      if (!schema.finish && !made.has(id)) continue;
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
 * The moves that bring things into an order, each to the place where it belongs, from the first on. What is not in `wanted`
 * stays between them where it is. Nothing is moved that stands right.
 */
function movesInto(
  wanted: readonly string[],
  now: readonly string[],
): { readonly id: string; readonly position: number }[] {
  const moves: { id: string; position: number }[] = [];
  const order = [...now];
  const known = wanted.filter((id) => order.includes(id));
  // The places that the wanted ones hold among the others.
  const places = order.flatMap((id, index) => (known.includes(id) ? [index] : []));
  for (const [index, id] of known.entries()) {
    const position = places[index] ?? index;
    if (order[position] === id) continue;
    order.splice(order.indexOf(id), 1);
    order.splice(position, 0, id);
    moves.push({ id, position });
  }
  return moves;
}
