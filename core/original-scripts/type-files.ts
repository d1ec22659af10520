import { isRecord, type JsonRecord, recordsOf, textOf } from '../model/json.ts';
import type { ScriptFiles } from './script-files.ts';
import type { SchemaFiles } from './script-layout.ts';

/** An object type of the scripts, with the files that hold something of it. */
export interface ScriptType {
  readonly id: string;
  readonly name: string;
  readonly record: JsonRecord;
  readonly attributes: readonly JsonRecord[] | undefined;
  /** Files that hold objects of it as the API gave them, and as displayed. */
  readonly raw: readonly string[];
  readonly displayed: readonly string[];
}

/** Which objects a schema has where. */
export interface TypedSchema {
  readonly types: readonly ScriptType[];
  /** Ids of the types of all objects, by the objects' ids. */
  readonly typeOf: ReadonlyMap<string, string>;
  /** Ids of objects that stand under more than one type: the first is taken. */
  readonly moved: readonly string[];
  /** Ids of objects of which a type has more than one record: the first is taken. */
  readonly repeated: readonly string[];
}

/**
 * Finds out of which type each file is: by what stands in it, and by its name only where that does not say. Each file of objects is read
 * once for it.
 */
export class TypeFiles {
  readonly #files: ScriptFiles;
  readonly #schema: SchemaFiles;
  readonly #schemaKey: string;
  readonly #records: ReadonlyMap<string, JsonRecord>;

  constructor(
    files: ScriptFiles,
    schema: SchemaFiles,
    { key, types }: { readonly key: string; readonly types: readonly JsonRecord[] },
  ) {
    this.#files = files;
    this.#schema = schema;
    this.#schemaKey = key;
    this.#records = new Map(types.map((type) => [textOf(type.id) ?? '', type]));
  }

  async assign(): Promise<TypedSchema> {
    const attributes = await this.#attributes();
    const { raw, typeOf, moved, repeated } = await this.#raw();
    const displayed = await this.#displayed(typeOf);
    const types = [...this.#records].map(([id, record]) => ({
      id,
      name: textOf(record.name) ?? id,
      record,
      attributes: attributes.get(id),
      raw: raw.get(id) ?? [],
      displayed: displayed.get(id) ?? [],
    }));
    return { types, typeOf, moved: [...moved], repeated: [...repeated] };
  }

  async #attributes(): Promise<Map<string, readonly JsonRecord[]>> {
    const found = new Map<string, readonly JsonRecord[]>();
    for (const [name, path] of this.#schema.ofTypes.attributes) {
      const named = this.#byName(name);
      const place = { kind: 'configuration', what: `attributes in ${path}`, schemaKey: this.#schemaKey } as const;
      const records = await this.#files.records(path, named === undefined ? place : { ...place, objectTypeId: named });
      if (!records) continue;
      const type = this.#typeOfAttributes(records, named);
      if (type === undefined) this.#files.fail(path, place, 'says of no object type of its schema that it is its own');
      else if (found.has(type)) this.#files.fail(path, place, 'is a second list of the attributes of its object type');
      else found.set(type, records);
    }
    return found;
  }

  /**
   * Attributes name the type that defines them, which is the file's own or one above it. A type that defines none is told by its name
   * alone, where it lies below all that are named.
   */
  #typeOfAttributes(records: readonly JsonRecord[], named: string | undefined): string | undefined {
    const mentioned = new Set(
      records.flatMap(({ objectType }) => (isRecord(objectType) ? (textOf(objectType.id) ?? []) : [])),
    );
    const known = [...mentioned].filter((id) => this.#records.has(id));
    const isBelowAll = (id: string) => {
      const above = this.#withParents(id);
      return known.every((one) => above.has(one));
    };
    return named !== undefined && isBelowAll(named) ? named : known.find(isBelowAll);
  }

  async #raw() {
    const raw = new Map<string, string[]>();
    const typeOf = new Map<string, string>();
    const moved = new Set<string>();
    const repeated = new Set<string>();
    for (const [name, path] of this.#schema.ofTypes.objectsmeta) {
      const named = this.#byName(name);
      const place = this.#placeOfObjects(path, named);
      const records = await this.#files.records(path, place);
      if (!records) continue;
      const types = new Set<string>();
      for (const record of records) {
        const type = this.ofObject(record) ?? named;
        const id = textOf(record.id);
        if (type === undefined || id === undefined)
          this.#files.fail(path, place, 'holds objects without an id, or of no object type of its schema');
        else {
          types.add(type);
          if (!typeOf.has(id)) typeOf.set(id, type);
          else if (typeOf.get(id) === type) repeated.add(id);
          else moved.add(id);
        }
      }
      if (records.length === 0 && named !== undefined) types.add(named);
      for (const type of types) raw.set(type, [...(raw.get(type) ?? []), path]);
    }
    return { raw, typeOf, moved, repeated };
  }

  /** An object that stands nowhere else is of the type of its file, which its name tells, or else the other objects in it. */
  async #displayed(typeOf: Map<string, string>): Promise<Map<string, string[]>> {
    const displayed = new Map<string, string[]>();
    for (const [name, path] of this.#schema.ofTypes.objects) {
      const named = this.#byName(name);
      const place = this.#placeOfObjects(path, named);
      const objects = await this.#files.displayed(path, place);
      if (!objects) continue;
      const ids = [...objects.keys()];
      const types = new Set(ids.flatMap((id) => typeOf.get(id) ?? []));
      const [only] = types.size === 1 ? types : [];
      const own = named ?? only;
      const others = ids.filter((id) => !typeOf.has(id));
      if (own === undefined && others.length > 0)
        this.#files.fail(path, place, 'has objects of which nothing says their object type');
      else if (own !== undefined) {
        for (const id of others) typeOf.set(id, own);
        types.add(own);
      }
      for (const type of types) displayed.set(type, [...(displayed.get(type) ?? []), path]);
    }
    return displayed;
  }

  /** The type of this schema that an object says it has. */
  ofObject({ objectType }: JsonRecord): string | undefined {
    const id = isRecord(objectType) ? textOf(objectType.id) : undefined;
    return id !== undefined && this.#records.has(id) ? id : undefined;
  }

  /** `Laptop_23`, and of old versions `laptop`: what some disk refuses, and blanks, are `_` in it. */
  #byName(name: string): string | undefined {
    const id = /_([^_]+)$/.exec(name)?.[1];
    if (id !== undefined && this.#records.has(id)) return id;
    const wanted = asFileName(name);
    const found = [...this.#records].filter(([, record]) => asFileName(textOf(record.name) ?? '') === wanted);
    return found.length === 1 ? found[0]?.[0] : undefined;
  }

  #withParents(id: string): Set<string> {
    const chain = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !chain.has(at); ) {
      chain.add(at);
      at = textOf(this.#records.get(at)?.parentObjectTypeId);
    }
    return chain;
  }

  #placeOfObjects(path: string, type: string | undefined) {
    const name = textOf(this.#records.get(type ?? '')?.name);
    const what = name === undefined ? `objects in ${path}` : `objects of ${name}`;
    return {
      ...({ kind: 'objects', what, schemaKey: this.#schemaKey } as const),
      ...(type !== undefined && { objectTypeId: type }),
    };
  }
}

const asFileName = (name: string) => name.replace(/[<>:"/\\|?*\s]/g, '_').toLowerCase();

/** Ids of the attributes of which an object has an entry. */
export function attributeIdsOf(object: JsonRecord): Set<string> {
  return new Set(recordsOf(object.attributes).flatMap((entry) => attributeIdOf(entry) ?? []));
}

/** Answers for one object nest the attribute, and lists name its id. */
export function attributeIdOf({ objectTypeAttributeId, objectTypeAttribute }: JsonRecord): string | undefined {
  return textOf(objectTypeAttributeId) ?? (isRecord(objectTypeAttribute) ? textOf(objectTypeAttribute.id) : undefined);
}
