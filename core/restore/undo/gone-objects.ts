import type { ObjectSchemaId, ObjectTypeId } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { Staying } from '../../model/undo.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import { readObjects } from '../../reading/read-objects.ts';
import { sayWaiting } from '../../waiting.ts';
import type { CreatedEntry } from '../id-map/object-journal.ts';

const mayBeHidden =
  'this login does not see it: it was deleted, or a role hides it, for the site counts more objects there than it shows';

/**
 * Of objects that a restore has made and the site does not show, those that may be hidden from this login: what a role hides is
 * answered like what is gone, and only counts may tell. Counts may lag behind, so they are asked for twice.
 */
export async function mayBeThere(
  services: Services,
  reader: AssetsReader,
  notShown: readonly CreatedEntry[],
): Promise<Staying[]> {
  let doubtful = await inDoubt(reader, notShown);
  if (doubtful.length > 0) {
    const { searchLagMilliseconds: milliseconds } = services;
    const what = 'for the site to count no more what is gone';
    await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
    doubtful = await inDoubt(reader, doubtful);
  }
  return doubtful.map(({ target, key }) => ({
    ...{ kind: 'object', source: target, where: key, values: 1, reason: mayBeHidden },
  }));
}

async function inDoubt(reader: AssetsReader, notShown: readonly CreatedEntry[]): Promise<CreatedEntry[]> {
  const doubtful: CreatedEntry[] = [];
  if (notShown.length === 0) return doubtful;
  const schemas = new Map((await reader.objectSchemas()).map((schema) => [String(schema.id), schema]));
  const usage = await reader.usage();
  for (const id of new Set(notShown.map(({ schema }) => schema))) {
    const schema = schemas.get(id);
    const inSchema = notShown.filter((entry) => entry.schema === id);
    const objectSchemaId = id as ObjectSchemaId;
    // Whether all of it is gone or hidden, its own list says as little.
    if (!schema) continue;
    const used = usage.offered ? usage.value.schemas.find((one) => String(one.id) === id)?.objects : undefined;
    const counted = Math.max(countIn(schema), used ?? 0);
    if (counted > (await reader.countObjects({ objectSchemaId }))) {
      doubtful.push(...inSchema);
      continue;
    }
    const types = await reader.objectTypes(objectSchemaId);
    for (const type of new Set(inSchema.map((entry) => entry.type))) {
      if (await countsMore(reader, type, types)) doubtful.push(...inSchema.filter((entry) => entry.type === type));
    }
  }
  return doubtful;
}

async function countsMore(reader: AssetsReader, id: string, types: readonly ApiRecord[]): Promise<boolean> {
  const type = types.find((one) => String(one.id) === id);
  if (!type) return false;
  const counted = Math.max(countIn(type), await reader.countObjects({ objectTypeId: id as ObjectTypeId }));
  if (counted === 0) return false;
  const { ids } = await readObjects(reader, id as ObjectTypeId, () => undefined, {
    proves: false,
    expected: counted,
  });
  if (counted <= ids.length) return false;
  // Nobody says whether a type's count takes its child types along.
  let below = 0;
  for (const child of childrenOf(id, types))
    below += await reader.countObjects({ objectTypeId: child as ObjectTypeId });
  return counted !== ids.length + below;
}

function childrenOf(id: string, types: readonly ApiRecord[]): string[] {
  const children = types.filter((type) => textOf(type.parentObjectTypeId) === id).map((type) => String(type.id));
  return children.flatMap((child) => [child, ...childrenOf(child, types)]);
}

function countIn(record: ApiRecord): number {
  const count = Number(textOf(record.objectCount));
  return Number.isFinite(count) ? count : 0;
}
