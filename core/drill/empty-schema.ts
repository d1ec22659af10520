import { NotFoundError } from '../errors.ts';
import { idOf, mentionedId, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import { textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { AssetsWriter } from '../ports/assets-writer.ts';
import { sideBySide } from '../side-by-side.ts';

const inFlight = 16;
const objectsAPage = 100;

/**
 * Deletes what is in a scratch schema, piece by piece: references first, since a type that is referred to is in use, then objects, then types
 * from the leaves up, then the schema's own statuses and reference types.
 */
export async function emptySchema(
  { reader, writer }: { readonly reader: AssetsReader; readonly writer: AssetsWriter },
  schema: ObjectSchemaId,
): Promise<void> {
  for (const attribute of await reader.schemaAttributes(schema)) {
    if (attribute.referenceObjectTypeId === undefined && attribute.referenceObjectType === undefined) continue;
    await gone(writer.deleteAttribute(idOf(attribute)));
  }
  for (;;) {
    const { objects } = await reader.objects({
      ...{ objectSchemaId: schema, startAt: 0, maxResults: objectsAPage, withValues: false },
    });
    let deleted = 0;
    await sideBySide(objects, inFlight, async (object) => {
      if (await gone(writer.deleteObject(idOf(object)))) deleted += 1;
    });
    // A search that lags still lists what is gone.
    if (deleted === 0) break;
  }
  const types = await reader.objectTypes(schema);
  const left = new Map(
    types.map((type) => [idOf<'object type'>(type), mentionedId<'object type'>(type, 'parentObjectTypeId')]),
  );
  while (left.size > 0) {
    const parents = new Set(left.values());
    const leaves = [...left.keys()].filter((id: ObjectTypeId) => !parents.has(id));
    if (leaves.length === 0) break;
    for (const id of leaves) {
      await gone(writer.deleteObjectType(id));
      left.delete(id);
    }
  }
  for (const status of await reader.statusTypes(schema)) await gone(writer.deleteStatusType(idOf(status)));
  for (const { id } of await reader.referenceTypes(schema)) {
    const known = textOf(id);
    if (known !== undefined) await gone(writer.deleteReferenceType(known));
  }
}

/** False where it was gone already. */
async function gone(deleted: Promise<unknown>): Promise<boolean> {
  try {
    await deleted;
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
