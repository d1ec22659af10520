import { isOfOneRead, NotFoundError } from '../errors.ts';
import { idOf, type ObjectSchemaId } from '../model/ids.ts';
import type { Gap, ReadKind } from '../model/outcome.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { SchemaToExport } from './work-files.ts';

const ofWhatIsGone: readonly ReadKind[] = ['configuration', 'objects', 'counts', 'checks'];

/**
 * What was deleted while a backup went on is no fault of the backup: of a schema or an object type that the site does not have any
 * more, all that could not be read becomes one gap, of a kind that leaves the backup usable. Whether it was deleted, or only hidden
 * from this account meanwhile, an answer does not tell; so it is a gap and no notice.
 */
export async function toldAsGone(
  reader: AssetsReader,
  schemas: readonly SchemaToExport[],
  gaps: readonly Gap[],
): Promise<Gap[]> {
  const gone: Gap[] = [];
  let left = gaps;
  for (const { id, key } of schemas) {
    const isOfGone = (gap: Gap) => gap.schemaKey === key && ofWhatIsGone.includes(gap.kind);
    if (!left.some(isOfGone)) continue;
    const types = await typesNow(reader, id as ObjectSchemaId);
    if (types === 'unknown') continue;
    if (types === 'gone') {
      left = left.filter((gap) => !isOfGone(gap));
      gone.push(goneThing(`schema ${key}`, { schemaKey: key }));
      continue;
    }
    const isOfGoneType = (gap: Gap) => isOfGone(gap) && gap.objectTypeId !== undefined && !types.has(gap.objectTypeId);
    const ids = new Set(left.filter(isOfGoneType).map(({ objectTypeId = '' }) => objectTypeId));
    for (const typeId of ids) {
      const { what } = left.find((gap) => isOfGoneType(gap) && gap.objectTypeId === typeId) ?? { what: typeId };
      gone.push(goneThing(what, { schemaKey: key, objectTypeId: typeId }));
    }
    left = left.filter((gap) => !isOfGoneType(gap));
  }
  return [...left, ...gone];
}

function goneThing(what: string, place: Pick<Gap, 'schemaKey' | 'objectTypeId'>): Gap {
  const reason =
    'It was there when the backup began and is not any more: it was deleted meanwhile, or this account may not see it any more. What had been read of it is stored.';
  return { kind: 'checks', what, error: 'NotFoundError', reason, ...place };
}

/** Gone is what neither the list of schemas names nor an answer of its own shows: one of the two may fail. */
async function typesNow(reader: AssetsReader, id: ObjectSchemaId): Promise<ReadonlySet<string> | 'gone' | 'unknown'> {
  try {
    const isListed = (await reader.objectSchemas()).some((schema) => idOf(schema) === id);
    if (!isListed) return (await isThere(reader, id)) ? 'unknown' : 'gone';
    // One list may leave a type out by a fault.
    const listed = [...(await reader.objectTypes(id)), ...(await reader.objectTypes(id))];
    return new Set(listed.map((type) => idOf(type) as string));
  } catch (error) {
    if (!isOfOneRead(error)) throw error;
    return 'unknown';
  }
}

async function isThere(reader: AssetsReader, id: ObjectSchemaId): Promise<boolean> {
  try {
    await reader.objectSchema(id);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
