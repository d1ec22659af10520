import { storeFile } from '../backup/store-file.ts';
import type { SchemaToExport } from '../backup/work-files.ts';
import type { ListedAttribute } from '../backup-format/attribute-list.ts';
import { type SchemaConfigFile, schemaKeys } from '../backup-format/keys.ts';
import type { ManifestObjectType, ManifestSchema, StoredFile } from '../backup-format/manifest.ts';
import { arrayFile, recordFile } from '../backup-format/record-files.ts';
import { counted } from '../counted.ts';
import { type JsonRecord, textOf } from '../model/json.ts';
import type { Gap, Notice } from '../model/outcome.ts';
import type { ConversionServices } from './conversion-services.ts';
import { ObjectConversion, scriptAttributesOf, type WhereObjectsStand } from './convert-objects.ts';
import type { DisplayedContext } from './displayed-values.ts';
import type { ScriptFiles } from './script-files.ts';
import type { SchemaFiles, ScriptsConfigFile } from './script-layout.ts';
import type { ScriptType, TypedSchema } from './type-files.ts';

const shownNames = 5;

/** A schema of the scripts, of which it is known what its files are. */
export interface KnownSchema {
  readonly schema: SchemaToExport;
  readonly record: JsonRecord | undefined;
  readonly files: SchemaFiles;
  /** Undefined where the list of types cannot be read. */
  readonly typed: TypedSchema | undefined;
}

/** What all object types of a schema are converted with. */
interface ToldToAll {
  readonly context: DisplayedContext;
  readonly where: WhereObjectsStand;
  readonly see: (record: JsonRecord) => void;
}

/** What was stored of a schema. */
export interface ConvertedSchema {
  readonly manifest: ManifestSchema;
  readonly files: readonly StoredFile[];
  readonly indexes: readonly (readonly [typeId: string, keys: readonly string[]])[];
  readonly attributes: readonly ListedAttribute[];
  readonly values: number;
  readonly gaps: readonly Gap[];
  readonly notices: readonly Notice[];
}

/** Stores the configuration and the objects of one schema in our format. */
export class SchemaConversion {
  readonly #services: ConversionServices;
  readonly #files: ScriptFiles;
  readonly #known: KnownSchema;
  readonly #backup: string;
  readonly #keys: ReturnType<typeof schemaKeys>;
  readonly #stored: StoredFile[] = [];
  readonly #strays: string[] = [];
  readonly #gaps: Gap[] = [];
  readonly #notices: Notice[] = [];
  readonly #attributes: ListedAttribute[] = [];
  readonly #indexes: (readonly [string, readonly string[]])[] = [];
  #values = 0;

  constructor(services: ConversionServices, files: ScriptFiles, known: KnownSchema, backup: string) {
    this.#services = services;
    this.#files = files;
    this.#known = known;
    this.#backup = backup;
    this.#keys = schemaKeys(backup, known.schema.folder);
  }

  async run(told: ToldToAll): Promise<ConvertedSchema> {
    const { schema, typed } = this.#known;
    await this.#configuration();
    const objectTypes: ManifestObjectType[] = [];
    for (const type of typed?.types ?? []) objectTypes.push(await this.#type(type, typed, told));
    this.#moved(
      typed?.moved ?? [],
      (objects) => `${objects} became another type's while the scripts ran; the first that stands there is taken.`,
    );
    this.#moved(
      typed?.repeated ?? [],
      (objects) =>
        `${objects} of ${schema.key} stood on two pages: something changed while the scripts read them, and what slipped between two pages is missing, nobody can tell how much.`,
    );
    return {
      manifest: { ...schema, objectTypes, base: { backup: null, passedOver: [] } },
      files: this.#stored,
      indexes: this.#indexes,
      attributes: this.#attributes,
      values: this.#values,
      gaps: this.#gaps,
      notices: this.#notices,
    };
  }

  #moved(objectIds: readonly string[], say: (objects: string) => string): void {
    if (objectIds.length === 0) return;
    const message = say(counted(objectIds.length, 'object'));
    this.#notices.push({ kind: 'moved-while-reading', message, schemaKey: this.#known.schema.key, objectIds });
  }

  async #configuration(): Promise<void> {
    const { record, typed, schema } = this.#known;
    if (record) await this.#put('objectschema', recordFile(record), Object.keys(record).length);
    else this.#missing('objectschema', 'object schema');
    await this.#properties();
    if (typed)
      await this.#putList(
        'objecttypes',
        typed.types.map((type) => type.record),
      );
    else this.#missing('objecttypes', 'object types');
    for (const [file, what] of lists) {
      const records = await this.#files.records(this.#path(file), { ...this.#place, what: `${what} of ${schema.key}` });
      if (records) await this.#putList(file, records);
      else this.#missing(file, what);
    }
  }

  /** The layout that the scripts' own README shows has no such file. */
  async #properties(): Promise<void> {
    const place = { ...this.#place, kind: 'checks' as const, what: 'properties of the schema' };
    const path = this.#path('objectschema_properties');
    const properties = await this.#files.record(path, place);
    if (properties) await this.#put('objectschema_properties', recordFile(properties), Object.keys(properties).length);
    else if (path === undefined) {
      const message = `It does not hold the properties of ${this.#known.schema.key} (whether other schemas may refer to it, and the like).`;
      this.#notices.push({ kind: 'not-held', message, schemaKey: this.#known.schema.key });
    }
  }

  async #type(
    type: ScriptType,
    { typeOf }: Pick<TypedSchema, 'typeOf'> = { typeOf: new Map() },
    { context, where, see }: ToldToAll,
  ): Promise<ManifestObjectType> {
    const { schema } = this.#known;
    const { id, name } = type;
    const place = { schemaKey: schema.key, objectTypeId: id };
    const attributes = await this.#typeAttributes(type);
    const to = {
      backup: this.#backup,
      keys: this.#keys,
      schema,
      type,
      attributesKey: attributes,
      typeOf,
      context,
      see,
    };
    const { shards, stored, ...found } = await new ObjectConversion(this.#services, this.#files, to).run(where);
    this.#stored.push(...shards.files);
    this.#indexes.push([id, shards.indexes]);
    this.#values += shards.values;
    const gap = (kind: 'objects' | 'configuration', what: string, reason: string) =>
      this.#gaps.push({ kind, what, error: 'MissingKeyError', reason, ...place });
    const hasFile = type.raw.length + type.displayed.length > 0;
    if (!hasFile && !this.#isNamedAsDamaged(id) && type.record.abstractObjectType !== true)
      gap('objects', `objects of ${name}`, 'The backup of the original scripts has no file of its objects.');
    if (attributes !== null && found.unlisted.length > 0)
      gap(
        'configuration',
        `attributes of object type ${name}`,
        `Its objects have ${counted(found.unlisted.length, 'attribute')} that its list of attributes does not name (${some(found.unlisted)}).`,
      );
    if (found.nameless > 0)
      gap('objects', `values of ${name}`, `${counted(found.nameless, 'value')} of its objects name no attribute.`);
    if (found.unknownNames.length > 0)
      gap(
        'objects',
        `values of ${name}`,
        `Its displayed objects have values of attributes that its list does not name, or has twice: ${some(found.unknownNames)}.`,
      );
    return {
      ...{ id, name, expected: null, stored },
      ...{ objectsMeta: shards.objectsMeta, objects: shards.objects, attributes, activity: null },
      ...found.leftOut,
    };
  }

  /** Gives the key that its list of attributes has got. */
  async #typeAttributes(type: ScriptType): Promise<string | null> {
    const what = `attributes of object type ${type.name}`;
    const place = { schemaKey: this.#known.schema.key, objectTypeId: type.id };
    if (!type.attributes) {
      const reason = 'The backup of the original scripts has no list of them that can be read.';
      this.#gaps.push({ kind: 'configuration', what, error: 'MissingKeyError', reason, ...place });
      return null;
    }
    const records = scriptAttributesOf(type);
    const lines = records.map((record) => JSON.stringify(record));
    const key = await this.#store(this.#keys.attributes(type), arrayFile(lines), lines.length);
    for (const { id, name } of records)
      this.#attributes.push({ type: type.id, id: String(id), name: textOf(name) ?? '' });
    return key;
  }

  #isNamedAsDamaged(typeId: string): boolean {
    return this.#files.gaps.some(({ kind, objectTypeId }) => kind === 'objects' && objectTypeId === typeId);
  }

  #path(file: ScriptsConfigFile): string | undefined {
    return this.#known.files.config.get(file);
  }

  get #place() {
    return { kind: 'configuration', schemaKey: this.#known.schema.key } as const;
  }

  /** One that is there and cannot be read has its gap already. */
  #missing(file: ScriptsConfigFile, what: string): void {
    if (this.#path(file) !== undefined) return;
    const reason = `The backup of the original scripts has no ${this.#known.files.folder}/config/${file}.json.`;
    this.#gaps.push({ ...this.#place, what, error: 'MissingKeyError', reason });
  }

  #putList(file: SchemaConfigFile, records: readonly JsonRecord[]): Promise<string> {
    const lines = records.map((record) => JSON.stringify(record));
    return this.#put(file, arrayFile(lines), lines.length);
  }

  #put(file: SchemaConfigFile, bytes: Uint8Array, records: number): Promise<string> {
    return this.#store(this.#keys.config(file), bytes, records);
  }

  async #store(key: string, bytes: Uint8Array, records: number): Promise<string> {
    const file = await storeFile(this.#services.backups, key, bytes, records, this.#strays);
    this.#stored.push(file);
    return file.key;
  }
}

const lists = [
  ['global_referencetypes', 'reference types of the site'],
  ['global_statustypes', 'status types of the site'],
  ['referencetypes', 'reference types'],
  ['statustypes', 'status types'],
] as const;

const some = (names: readonly string[]) => names.slice(0, shownNames).join(', ');
