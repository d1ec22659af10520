import { imageKinds } from '../backup-format/image-kind.ts';
import { type SchemaConfigFile, schemaKeys } from '../backup-format/keys.ts';
import type { ManifestSchema, StoredFile } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, isRecord, type JsonRecord, textOf } from '../model/json.ts';
import { type AttributeKind, kindOfAttribute } from './attribute-kinds.ts';
import type { BackupSource } from './backup-source.ts';
import { typeTree } from './type-tree.ts';

/** The configuration of the schemas that a restore brings back, as the backup holds it. */
export interface StoredConfiguration {
  readonly schemas: readonly StoredSchema[];
  /** All schemas that the site listed, also those that are not restored. */
  readonly listed: readonly ApiRecord[];
  readonly globalStatusTypes: readonly ApiRecord[];
  readonly globalReferenceTypes: readonly JsonRecord[];
}

export interface StoredSchema {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly record: ApiRecord;
  readonly properties: JsonRecord | undefined;
  readonly statusTypes: readonly ApiRecord[];
  readonly referenceTypes: readonly JsonRecord[];
  /** Parents before their children, siblings in their order. */
  readonly types: readonly StoredType[];
  readonly icons: ReadonlyMap<string, StoredIcon>;
}

export interface StoredIcon {
  readonly name: string;
  readonly image: StoredFile | undefined;
}

export interface StoredType {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | undefined;
  /** Names from the root down. */
  readonly path: readonly string[];
  readonly record: ApiRecord;
  /** Attributes that this type defines, in their order. Inherited ones stand with the type that defines them. */
  readonly attributes: readonly StoredAttribute[];
  /** Ids of all attributes of its objects, inherited ones included, in the order of the site's answer. */
  readonly attributeIds: readonly string[];
  readonly objectsMeta: readonly string[];
}

export interface StoredAttribute {
  readonly id: string;
  readonly name: string;
  readonly record: ApiRecord;
  /** Undefined where neither the attribute nor a value tells it. */
  readonly kind: AttributeKind | undefined;
  /** Key, Created and Updated are the site's own; Name comes with every type and is adapted. */
  readonly role: AttributeRole | undefined;
}

export type AttributeRole = 'system' | 'name';

/** Throws DamagedBackupError where a file of the configuration is missing or damaged. */
export async function readStoredConfiguration(
  source: BackupSource,
  schemas: readonly ManifestSchema[],
): Promise<StoredConfiguration> {
  const listed = new Map((await source.schemaList()).map((record) => [idOf(record) as string, record]));
  const read: StoredSchema[] = [];
  for (const schema of schemas) read.push(await readSchema(source, schema, listed.get(schema.id)));
  return {
    schemas: read,
    listed: [...listed.values()],
    globalStatusTypes: await readGlobal(source, schemas, 'global_statustypes'),
    globalReferenceTypes: await readGlobal(source, schemas, 'global_referencetypes'),
  };
}

/** Kinds that attributes say of themselves, by id. */
export function statedKinds({ schemas }: Pick<StoredConfiguration, 'schemas'>): Map<string, AttributeKind> {
  const attributes = schemas.flatMap(({ types }) => types.flatMap((type) => type.attributes));
  return new Map(attributes.flatMap(({ id, kind }) => (kind ? [[id, kind] as const] : [])));
}

/** The same, where the values of objects show the kinds of attributes that do not say theirs. */
export function withKindsOfValues(
  configuration: StoredConfiguration,
  kindsOfValues: ReadonlyMap<string, number>,
): StoredConfiguration {
  const known = (attribute: StoredAttribute): StoredAttribute => ({
    ...attribute,
    kind: attribute.kind ?? kindOfAttribute(attribute.record, kindsOfValues.get(attribute.id)),
  });
  const schemas = configuration.schemas.map((schema) => ({
    ...schema,
    types: schema.types.map((type) => ({ ...type, attributes: type.attributes.map(known) })),
  }));
  return { ...configuration, schemas };
}

/** Ids of the schemas outside a configuration that attributes refer to. */
export function referredSchemas({ schemas }: StoredConfiguration): ReadonlySet<string> {
  const own = new Set(schemas.map(({ id }) => id));
  const attributes = schemas.flatMap(({ types }) => types.flatMap((type) => type.attributes));
  const referred = attributes.flatMap(({ record: { referenceObjectType } }) =>
    isRecord(referenceObjectType) ? (textOf(referenceObjectType.objectSchemaId) ?? []) : [],
  );
  return new Set(referred.filter((id) => !own.has(id)));
}

/** They are the same in every schema, so that each restores by itself: the first that is there is read. */
async function readGlobal<T extends JsonRecord>(
  source: BackupSource,
  schemas: readonly ManifestSchema[],
  file: SchemaConfigFile,
): Promise<T[]> {
  for (const { folder } of schemas) {
    const records = await source.configuration<T[]>(schemaKeys(source.manifest.name, folder).config(file));
    if (records) return records;
  }
  return [];
}

async function readSchema(
  source: BackupSource,
  schema: ManifestSchema,
  listed: ApiRecord | undefined,
): Promise<StoredSchema> {
  const keys = schemaKeys(source.manifest.name, schema.folder);
  const list = async <T>(file: Parameters<typeof keys.config>[0]) =>
    (await source.configuration<T[]>(keys.config(file))) ?? [];
  const record = (await source.configuration<ApiRecord>(keys.config('objectschema'))) ?? listed;
  if (!record) throw new DamagedBackupError(`${keys.config('objectschema')} is missing in the backup.`);
  const attributeRecords = new Map<string, readonly ApiRecord[]>();
  for (const { id, attributes } of schema.objectTypes) {
    const file = attributes === null ? undefined : source.file(attributes);
    if (file) attributeRecords.set(id, await source.json<ApiRecord[]>(file));
  }
  const icons = await list<ApiRecord>('icons');
  return {
    id: schema.id,
    key: schema.key,
    name: schema.name,
    record,
    properties: await source.configuration<JsonRecord>(keys.config('objectschema_properties')),
    statusTypes: await list<ApiRecord>('statustypes'),
    referenceTypes: await list<JsonRecord>('referencetypes'),
    types: parentsFirst(schema, await list<ApiRecord>('objecttypes'), attributeRecords),
    icons: new Map(
      icons.map((icon) => [
        idOf(icon) as string,
        {
          name: textOf(icon.name) ?? '',
          image: imageKinds.map((kind) => source.file(keys.icon(idOf(icon), kind))).find((file) => file !== undefined),
        },
      ]),
    ),
  };
}

/**
 * A type whose parent is not in the backup becomes a root. One whose attributes the backup does not hold cannot be made, nor can those
 * below it, which inherit them: they are left out.
 */
function parentsFirst(
  schema: ManifestSchema,
  records: readonly ApiRecord[],
  attributeRecords: ReadonlyMap<string, readonly ApiRecord[]>,
): StoredType[] {
  const stored = new Map(schema.objectTypes.map((type) => [type.id, type]));
  const types = new Map<string, StoredType>();
  for (const { id, record, parentId, path } of typeTree(records)) {
    const all = attributeRecords.get(id);
    const parent = parentId === undefined ? undefined : types.get(parentId);
    if (!all || (parentId !== undefined && !parent)) continue;
    const inherited = new Set(parent?.attributeIds);
    const own = all.filter((attribute) => !inherited.has(idOf(attribute)));
    types.set(id, {
      ...{ id, record, parentId, path },
      name: textOf(record.name) ?? '',
      attributes: ownAttributes(own),
      attributeIds: inOrder(all).map((attribute) => idOf(attribute)),
      objectsMeta: stored.get(id)?.objectsMeta ?? [],
    });
  }
  return [...types.values()];
}

function ownAttributes(records: readonly ApiRecord[]): readonly StoredAttribute[] {
  const ordered = inOrder(records);
  const nameId = automaticName(ordered);
  return ordered.map((record) => {
    const id: string = idOf(record);
    const role = isSystem(record) ? 'system' : id === nameId ? 'name' : undefined;
    const kind = kindOfAttribute(record, undefined);
    return { id, name: textOf(record.name) ?? '', record, kind, role };
  });
}

/** By `position`, which every attribute and type has; where it is equal, or missing, as the site answered. */
export function inOrder<T extends JsonRecord>(records: readonly T[]): T[] {
  return records.toSorted((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0));
}

/** Key, Created, Updated: official examples mark them `system: true` and `editable: false`. */
export function isSystem(attribute: JsonRecord): boolean {
  return attribute.system === true;
}

/**
 * The attribute that every type has from its creation beside the system's: `Name`, which is not removable (reference,
 * section 6) and may have been renamed. A label that was moved is not removable either; the automatic one is older.
 */
export function automaticName(attributes: readonly ApiRecord[]): string | undefined {
  const candidates = attributes.filter(
    (attribute) => !isSystem(attribute) && attribute.removable === false && isText(attribute),
  );
  const named = candidates.find((attribute) => attribute.name === 'Name');
  const [oldest] = candidates.toSorted((a, b) => Number(a.id) - Number(b.id));
  const found = named ?? oldest;
  return found && idOf(found);
}

function isText({ defaultType }: ApiRecord): boolean {
  return isRecord(defaultType) && textOf(defaultType.id) === '0';
}
