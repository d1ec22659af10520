import { NotFoundError } from '../errors.ts';
import { idOf, mentionedId, type ObjectSchemaId } from '../model/ids.ts';
import { textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import type { AssetsWriter } from '../ports/assets-writer.ts';
import { kind, kindOfAttribute } from '../reading/attribute-kinds.ts';
import { sideBySide } from '../side-by-side.ts';

const inFlight = 16;
const objectsAPage = 100;

type Site = { readonly reader: AssetsReader; readonly writer: AssetsWriter };

/**
 * Deletes what is in scratch schemas, piece by piece, for sites that delete nothing that is in use: first all references, since a type that is
 * referred to is in use, also from another schema; then objects, then types from the leaves up, then the schemas' own statuses and
 * reference types.
 */
export async function emptySchemas(site: Site, schemas: readonly ObjectSchemaId[]): Promise<void> {
  for (const schema of schemas) await deleteReferences(site, schema);
  for (const schema of schemas) await deleteObjects(site, schema);
  for (const schema of schemas) await deleteTypes(site, schema);
  for (const schema of schemas) await deleteNamed(site, schema);
}

async function deleteReferences({ reader, writer }: Site, schema: ObjectSchemaId): Promise<void> {
  for (const attribute of await reader.schemaAttributes(schema)) {
    if (kindOfAttribute(attribute, undefined)?.type !== kind.reference) continue;
    await gone(writer.deleteAttribute(idOf(attribute)));
  }
}

async function deleteObjects({ reader, writer }: Site, schema: ObjectSchemaId): Promise<void> {
  const asked = { objectSchemaId: schema, startAt: 0, maxResults: objectsAPage, withValues: false };
  for (;;) {
    const { objects } = await reader.objects(asked);
    let deleted = 0;
    await sideBySide(objects, inFlight, async (object) => {
      if (await gone(writer.deleteObject(idOf(object)))) deleted += 1;
    });
    // A search that lags still lists what is gone.
    if (deleted === 0) return;
  }
}

async function deleteTypes({ reader, writer }: Site, schema: ObjectSchemaId): Promise<void> {
  const types = await reader.objectTypes(schema);
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

/** What stays of these goes with the schema. */
async function deleteNamed({ reader, writer }: Site, schema: ObjectSchemaId): Promise<void> {
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
