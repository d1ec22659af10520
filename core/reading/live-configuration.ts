import { isOfOneRead, NotFoundError } from '../errors.ts';
import { idOf, mentionedId, type ObjectSchemaId, type ObjectTypeId } from '../model/ids.ts';
import { type ApiRecord, type JsonRecord, textOf } from '../model/json.ts';
import type { AssetsReader } from '../ports/assets-reader.ts';
import { sideBySide } from '../side-by-side.ts';
import { pathOfType } from './type-path.ts';

/** The target as it is: all that a plan of the configuration depends on. */
export interface LiveConfiguration {
  readonly workspaceId: string;
  readonly schemas: readonly ApiRecord[];
  readonly globalStatusTypes: readonly ApiRecord[];
  readonly globalReferenceTypes: readonly JsonRecord[];
  readonly icons: readonly ApiRecord[];
  /** Schemas that this restore may write into, by id. */
  readonly existing: ReadonlyMap<string, LiveSchema>;
}

export interface LiveSchema {
  readonly record: ApiRecord;
  readonly statusTypes: readonly ApiRecord[];
  readonly referenceTypes: readonly JsonRecord[];
  readonly types: readonly LiveType[];
  /** Of all its types. */
  readonly attributes: readonly ApiRecord[];
  readonly properties: JsonRecord | undefined;
}

export interface LiveType {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | undefined;
  readonly path: readonly string[];
  readonly record: ApiRecord;
  /** Attributes that it defines itself. */
  readonly attributes: readonly ApiRecord[];
  /** Those and the inherited ones. */
  readonly allAttributes: readonly ApiRecord[];
}

/** Requests in flight at once; the budget, not this number, sets the speed. */
const inFlight = 16;

/**
 * @param wantedOf ids of the schemas whose inside matters, out of all
 * @param options.listsOf ids of the types whose own lists of attributes matter; left out, all. Otherwise the attributes of a
 * schema take one request
 */
export async function readLiveConfiguration(
  reader: AssetsReader,
  workspaceId: string,
  wantedOf: (schemas: readonly ApiRecord[]) => ReadonlySet<string>,
  { listsOf }: { readonly listsOf?: ReadonlySet<string> } = {},
): Promise<LiveConfiguration> {
  const [schemas, globalStatusTypes, globalReferenceTypes, icons] = await Promise.all([
    reader.objectSchemas(),
    reader.globalStatusTypes(),
    reader.globalReferenceTypes(),
    reader.globalIcons(),
  ]);
  const existing = new Map<string, LiveSchema>();
  const wanted = wantedOf(schemas);
  for (const schema of schemas) {
    if (wanted.has(idOf(schema))) existing.set(idOf(schema), await readSchema(reader, schema, listsOf));
  }
  return { workspaceId, schemas, globalStatusTypes, globalReferenceTypes, icons, existing };
}

/** The inside of one schema. */
async function readSchema(reader: AssetsReader, record: ApiRecord, listsOf?: ReadonlySet<string>): Promise<LiveSchema> {
  const id = idOf<'object schema'>(record);
  const [statusTypes, referenceTypes, properties, types] = await Promise.all([
    reader.statusTypes(id),
    reader.referenceTypes(id),
    readProperties(reader, id),
    readTypes(reader, id, listsOf),
  ]);
  const ofTypes = new Map(types.flatMap((type) => type.attributes.map((attribute) => [idOf(attribute), attribute])));
  const attributes = listsOf ? await reader.schemaAttributes(id) : [...ofTypes.values()];
  return { record, statusTypes, referenceTypes, properties, types, attributes };
}

/** Undocumented, and it may take an administrator: nothing depends on it but a comparison. */
async function readProperties(reader: AssetsReader, id: ObjectSchemaId): Promise<JsonRecord | undefined> {
  try {
    const answer = await reader.objectSchemaProperties(id);
    return answer.offered ? answer.value : undefined;
  } catch (error) {
    if (isOfOneRead(error)) return undefined;
    throw error;
  }
}

async function readTypes(
  reader: AssetsReader,
  schemaId: ObjectSchemaId,
  listsOf?: ReadonlySet<string>,
): Promise<LiveType[]> {
  const records = new Map((await reader.objectTypes(schemaId)).map((type) => [idOf(type) as string, type]));
  const attributes = new Map<string, readonly ApiRecord[]>();
  const wanted = records.keys().filter((id) => listsOf?.has(id) ?? true);
  await sideBySide(wanted, inFlight, async (id) => {
    attributes.set(id, await readAttributes(reader, id as ObjectTypeId));
  });
  return [...records].map(([id, record]) => {
    const parentId = mentionedId(record, 'parentObjectTypeId');
    const inherited = new Set((attributes.get(parentId ?? '') ?? []).map((attribute) => idOf(attribute)));
    return {
      id,
      name: textOf(record.name) ?? '',
      parentId: parentId !== undefined && records.has(parentId) ? parentId : undefined,
      path: pathOfType(id, records),
      record,
      attributes: (attributes.get(id) ?? []).filter((attribute) => !inherited.has(idOf(attribute))),
      allAttributes: attributes.get(id) ?? [],
    };
  });
}

/** A type that was deleted since it was listed has no attributes. */
async function readAttributes(reader: AssetsReader, id: ObjectTypeId): Promise<readonly ApiRecord[]> {
  try {
    return await reader.attributes(id);
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}
