import { ShardWriter, type StoredShards, saysOf } from '../backup/shard-writer.ts';
import type { SchemaToExport } from '../backup/work-files.ts';
import type { schemaKeys } from '../backup-format/keys.ts';
import { type LeftOut, leftOutOf, leftOutOfNone, leftOutTogether } from '../backup-format/left-out.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../model/json.ts';
import { kindOfAttribute } from '../reading/attribute-kinds.ts';
import type { ConversionServices } from './conversion-services.ts';
import { type DisplayedContext, displayedIn, valuesOfDisplayed } from './displayed-values.ts';
import type { ScriptFiles } from './script-files.ts';
import { attributeIdOf, attributeIdsOf, type ScriptType, type TypedSchema } from './type-files.ts';

/** How objects stand in the scripts' files. */
export interface WhereObjectsStand {
  both: number;
  raw: number;
  displayed: number;
}

export interface TypeToConvert {
  readonly backup: string;
  readonly keys: ReturnType<typeof schemaKeys>;
  readonly schema: SchemaToExport;
  readonly type: ScriptType;
  readonly attributesKey: string | null;
  readonly typeOf: TypedSchema['typeOf'];
  readonly context: DisplayedContext;
  /** Gets some of the records: they may name their site. */
  readonly see: (record: JsonRecord) => void;
}

/** What was stored of a type. */
export interface ConvertedObjects {
  readonly shards: StoredShards;
  readonly stored: number;
  /** Attributes that objects have and the type's list lacks. */
  readonly unlisted: readonly string[];
  /** Values that stand with an attribute which nothing names: they are left out. */
  readonly nameless: number;
  /** Names of attributes that displayed objects have and the type's list lacks, or has twice. */
  readonly unknownNames: readonly string[];
  /** What its objects have and nobody stores. */
  readonly leftOut: LeftOut;
}

/**
 * Stores the objects of one type: as the API gave them, where the scripts kept that, and for the rest as far as what they displayed tells.
 */
export class ObjectConversion {
  readonly #to: TypeToConvert;
  readonly #files: ScriptFiles;
  readonly #writer: ShardWriter;
  readonly #attributes: ReadonlyMap<string, readonly ApiRecord[]>;
  readonly #unknownNames = new Set<string>();
  #nameless = 0;
  #leftOut = leftOutOfNone;

  constructor(services: ConversionServices, files: ScriptFiles, to: TypeToConvert) {
    this.#to = to;
    this.#files = files;
    const records = scriptAttributesOf(to.type);
    const { id, name } = to.type;
    this.#writer = new ShardWriter(services, {
      backup: to.backup,
      keys: to.keys,
      type: { id, name, objectCount: 0, attributes: to.attributesKey, schema: to.schema },
      attributes: new Map(records.map((attribute) => [String(attribute.id), saysOf(attribute)])),
    });
    this.#attributes = Map.groupBy(records, (attribute) => textOf(attribute.name) ?? '');
  }

  async run(where: WhereObjectsStand): Promise<ConvertedObjects> {
    const { type, typeOf } = this.#to;
    const displayed = await this.#displayed();
    const added = new Set<string>();
    for (const path of type.raw) {
      const records = (await this.#files.records(path, this.#place())) ?? [];
      for (const record of records.slice(0, 1)) this.#to.see(record);
      for (const record of records) {
        const id = textOf(record.id);
        if (id === undefined || typeOf.get(id) !== type.id || added.has(id)) continue;
        added.add(id);
        const shown = displayed.get(id);
        where[shown === undefined ? 'raw' : 'both'] += 1;
        displayed.delete(id);
        await this.#add(this.#whole({ ...record, id }, shown));
      }
    }
    for (const [id, shown] of displayed) {
      where.displayed += 1;
      await this.#add(this.#whole(this.#newRecord(id, shown), shown));
    }
    await this.#writer.flush(true);
    return {
      shards: this.#writer.shards,
      stored: this.#writer.objectCount,
      unlisted: [...this.#writer.unlisted],
      nameless: this.#nameless,
      unknownNames: [...this.#unknownNames],
      leftOut: this.#leftOut,
    };
  }

  async #add(object: ApiRecord): Promise<void> {
    this.#writer.take(this.#writer.entryOf(object, { attributes: [] }));
    this.#leftOut = leftOutTogether([this.#leftOut, leftOutOf(object)]);
    if (this.#writer.isFull()) await this.#writer.flush();
  }

  /** Displayed objects of this type, by their ids. */
  async #displayed(): Promise<Map<string, JsonRecord>> {
    const { type, typeOf } = this.#to;
    const displayed = new Map<string, JsonRecord>();
    for (const path of type.displayed) {
      const all = (await this.#files.displayed(path, this.#place())) ?? [];
      for (const [id, shown] of all) {
        if (typeOf.get(id) === type.id) displayed.set(id, shown);
      }
    }
    return displayed;
  }

  /** With an id for each attribute, and what was displayed where a value is missing. */
  #whole(object: ApiRecord, shown: JsonRecord | undefined): ApiRecord {
    const { id, name } = this.#to.type;
    const entries = recordsOf(object.attributes).flatMap((entry) => this.#entry(entry));
    const missing = shown === undefined ? [] : this.#missing(object, shown);
    return {
      ...object,
      ...(!isRecord(object.objectType) && { objectType: { id, name } }),
      attributes: [...entries, ...missing],
    };
  }

  #entry(entry: JsonRecord): JsonRecord[] {
    const id = attributeIdOf(entry);
    if (id === undefined) {
      this.#nameless += recordsOf(entry.objectAttributeValues).length;
      return [];
    }
    return [entry.objectTypeAttributeId === undefined ? { ...entry, objectTypeAttributeId: id } : entry];
  }

  #missing(object: ApiRecord, shown: JsonRecord): JsonRecord[] {
    const there = attributeIdsOf(object);
    return Object.entries(shown).flatMap(([name, entry]) => {
      const values = displayedIn(entry);
      const named = this.#attributes.get(name) ?? [];
      if (values.length === 0 || named.some((attribute) => there.has(String(attribute.id)))) return [];
      const [attribute] = named;
      if (attribute === undefined || named.length > 1) {
        this.#unknownNames.add(name);
        return [];
      }
      return [this.#entryOf(object, attribute, entry)];
    });
  }

  #entryOf(object: ApiRecord, attribute: ApiRecord, entry: Json | undefined): JsonRecord {
    const { context } = this.#to;
    const isSystem = attribute.system === true;
    const values = displayedIn(entry);
    const takesMany = Number(attribute.maximumCardinality ?? 1) !== 1;
    return {
      objectTypeAttributeId: String(attribute.id),
      objectAttributeValues: isSystem
        ? values.map(({ shown }) => ({ displayValue: shown }))
        : valuesOfDisplayed(values, kindOfAttribute(attribute, undefined), takesMany, context),
      objectId: String(object.id),
    };
  }

  /** An object of which nothing but what was displayed is known. */
  #newRecord(id: string, shown: JsonRecord): ApiRecord {
    const { schema, type } = this.#to;
    const key = displayedIn(shown.Key)[0]?.shown ?? `${schema.key}-${id}`;
    const label = displayedLabel(type, shown);
    return { id, objectKey: key, ...(label !== undefined && { label }), objectType: { id: type.id, name: type.name } };
  }

  #place() {
    const { schema, type } = this.#to;
    return {
      kind: 'objects',
      what: `objects of ${type.name}`,
      schemaKey: schema.key,
      objectTypeId: type.id,
    } as const;
  }
}

/** Records with an id: no other is an attribute. */
export function scriptAttributesOf({ attributes }: Pick<ScriptType, 'attributes'>): ApiRecord[] {
  return (attributes ?? []).filter((attribute): attribute is ApiRecord => textOf(attribute.id) !== undefined);
}

/** What a displayed object is called: the value of the attribute that is its type's label. */
export function displayedLabel({ attributes }: Pick<ScriptType, 'attributes'>, shown: JsonRecord): string | undefined {
  const label = attributes?.find((attribute) => attribute.label === true);
  return displayedIn(shown[textOf(label?.name) ?? 'Name'])[0]?.shown;
}
