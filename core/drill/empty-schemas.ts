import { NotFoundError } from '../errors.ts';
import { idOf, mentionedId, type ObjectSchemaId, typeIdOf } from '../model/ids.ts';
import { type ApiRecord, textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { AssetsWriter } from '../ports/assets-writer.ts';
import { kind, kindOfAttribute } from '../reading/attribute-kinds.ts';
import { sideBySide } from '../side-by-side.ts';

const inFlight = 16;
const objectsAPage = 100;

type Site = { readonly reader: AssetsReader; readonly writer: AssetsWriter };

/**
 * Deletes what is in scratch schemas, piece by piece, for sites that delete nothing that is in use: first all references, since a type that is
 * referred to is in use, also from another schema; then objects, then types from the leaves up. The schemas' own statuses and reference types go
 * with them: a site may list those of no schema with those of each, and these are not ours.
 */
export async function emptySchemas(site: Site, schemas: readonly ObjectSchemaId[]): Promise<void> {
  const typesOf = new Map<ObjectSchemaId, readonly ApiRecord[]>();
  for (const schema of schemas) typesOf.set(schema, await ownTypes(site, schema));
  for (const types of typesOf.values()) await deleteReferences(site, types);
  for (const [schema, types] of typesOf) await deleteObjects(site, schema, types);
  for (const types of typesOf.values()) await deleteTypes(site, types);
}

/** Whatever a list holds: what says that it is another schema's is none of this one. */
async function ownTypes({ reader }: Site, schema: ObjectSchemaId): Promise<ApiRecord[]> {
  const types = await reader.objectTypes(schema);
  return types.filter(({ objectSchemaId }) => (textOf(objectSchemaId) ?? schema) === schema);
}

async function deleteReferences({ reader, writer }: Site, types: readonly ApiRecord[]): Promise<void> {
  const seen = new Set<string>();
  for (const type of types) {
    for (const attribute of await reader.attributes(idOf<'object type'>(type))) {
      if (kindOfAttribute(attribute, undefined)?.type !== kind.reference || seen.has(idOf(attribute))) continue;
      seen.add(idOf(attribute));
      await gone(writer.deleteAttribute(idOf(attribute)));
    }
  }
}

async function deleteObjects(
  { reader, writer }: Site,
  schema: ObjectSchemaId,
  types: readonly ApiRecord[],
): Promise<void> {
  const own = new Set<string>(types.map((type) => idOf(type)));
  const asked = { objectSchemaId: schema, startAt: 0, maxResults: objectsAPage, withValues: false };
  for (;;) {
    const { objects } = await reader.objects(asked);
    let deleted = 0;
    await sideBySide(objects, inFlight, async (object) => {
      if (!own.has(typeIdOf(object) ?? '')) return;
      if (await gone(writer.deleteObject(idOf(object)))) deleted += 1;
    });
    // A search that lags still lists what is gone.
    if (deleted === 0) return;
  }
}

async function deleteTypes({ writer }: Site, types: readonly ApiRecord[]): Promise<void> {
  const left = new Map(
    types.map((type) => [idOf<'object type'>(type), mentionedId<'object type'>(type, 'parentObjectTypeId')]),
  );
  while (left.size > 0) {
    const parents = new Set(left.values());
    const leaves = [...left.keys()].filter((id) => !parents.has(id));
    if (leaves.length === 0) return;
    for (const id of leaves) {
      await gone(writer.deleteObjectType(id));
      left.delete(id);
    }
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
