import type { StoredFile } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, recordsOf, textOf } from '../model/json.ts';
import { type AttributeKind, kind, kindOfValue } from './attribute-kinds.ts';
import type { BackupSource } from './backup-source.ts';
import type { StoredConfiguration } from './stored-configuration.ts';
import { type ReadValue, readValue } from './value.ts';

/** A file of objects of one type. */
export interface Shard {
  readonly file: StoredFile;
  readonly schemaId: string;
  readonly typeId: string;
  /** Of a schema that is not restored: only references from there matter. */
  readonly isReferrer?: true;
}

/** Every object of the chosen schemas, in columns by its number: there may be a million. */
export interface StoredObjects {
  readonly shards: readonly Shard[];
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  /** Number of the object's shard. */
  readonly shardOf: readonly number[];
  readonly numberOf: ReadonlyMap<string, number>;
  /** Ids of objects that stand in the backup more than once, and the shard whose object is taken. */
  readonly twice: ReadonlyMap<string, number>;
  /** References, in three columns: the object's number, the attribute's id, the id of the object referred to. */
  readonly references: {
    readonly from: readonly number[];
    readonly attribute: readonly string[];
    readonly to: readonly string[];
  };
  /** The kind that an attribute's values show, where they hold something nested. */
  readonly kindsOfValues: ReadonlyMap<string, number>;
  readonly mostValues: ReadonlyMap<string, number>;
  /** By type: how many objects it has, and by attribute how many of them have a value of it. */
  readonly filled: ReadonlyMap<string, { objects: number; readonly byAttribute: ReadonlyMap<string, number> }>;
  /** Everybody whom a value names, by what identifies them, or else by what people see. */
  readonly users: ReadonlyMap<string, ReadValue>;
  readonly groups: ReadonlyMap<string, ReadValue>;
}

/**
 * Reads all objects of the schemas once. Throws DamagedBackupError.
 * @param kinds those that attributes say of themselves
 */
export async function scanStoredObjects(
  source: BackupSource,
  shards: readonly Shard[],
  kinds: ReadonlyMap<string, AttributeKind>,
  onShard: (objects: number) => void,
): Promise<StoredObjects> {
  const scan = new Scan(shards, kinds);
  const files = shards.map(({ file }) => file);
  let number = 0;
  for await (const objects of source.objectsOfEach(files)) {
    for (const object of objects) scan.add(object, number);
    onShard(files[number]?.records ?? 0);
    number += 1;
  }
  return scan.result();
}

/** Attributes of which some object to be restored has no value, as far as their types' counts tell. */
export function missingIn({ schemas }: StoredConfiguration, { filled }: StoredObjects): Set<string> {
  const missing = new Set<string>();
  for (const { types } of schemas) {
    for (const type of types) {
      const counts = filled.get(type.id);
      for (const id of type.attributeIds) {
        if (counts && (counts.byAttribute.get(id) ?? 0) < counts.objects) missing.add(id);
      }
    }
  }
  return missing;
}

class Scan {
  readonly #shards: readonly Shard[];
  readonly #ids: string[] = [];
  readonly #keys: string[] = [];
  readonly #shardOf: number[] = [];
  readonly #numberOf = new Map<string, number>();
  readonly #twice = new Map<string, number>();
  readonly #references = { from: [] as number[], attribute: [] as string[], to: [] as string[] };
  readonly #kindsOfValues = new Map<string, number>();
  readonly #mostValues = new Map<string, number>();
  readonly #filled = new Map<string, { objects: number; byAttribute: Map<string, number> }>();
  readonly #users = new Map<string, ReadValue>();
  readonly #groups = new Map<string, ReadValue>();
  readonly #kinds: ReadonlyMap<string, AttributeKind>;

  constructor(shards: readonly Shard[], kinds: ReadonlyMap<string, AttributeKind>) {
    this.#shards = shards;
    this.#kinds = kinds;
  }

  add(object: ApiRecord, shard: number): void {
    const id: string = idOf(object);
    // An object that became another type's while it was backed up may stand in two; the first is taken.
    const known = this.#numberOf.get(id);
    if (known !== undefined) {
      this.#twice.set(id, this.#shardOf[known] ?? shard);
      return;
    }
    const number = this.#ids.length;
    this.#numberOf.set(id, number);
    this.#ids.push(id);
    this.#keys.push(textOf(object.objectKey) ?? '');
    this.#shardOf.push(shard);
    const typeId = this.#shards[shard]?.typeId ?? '';
    const filled = this.#filled.get(typeId) ?? { objects: 0, byAttribute: new Map<string, number>() };
    this.#filled.set(typeId, filled);
    filled.objects += 1;
    for (const attribute of recordsOf(object.attributes)) {
      const attributeId = textOf(attribute.objectTypeAttributeId);
      if (attributeId === undefined) throw new DamagedBackupError(`Object ${id} has an attribute without an id.`);
      const values = recordsOf(attribute.objectAttributeValues);
      if (values.length > 0) filled.byAttribute.set(attributeId, (filled.byAttribute.get(attributeId) ?? 0) + 1);
      this.#mostValues.set(attributeId, Math.max(values.length, this.#mostValues.get(attributeId) ?? 0));
      for (const value of values) {
        const shown = kindOfValue(value);
        if (shown !== undefined) this.#kindsOfValues.set(attributeId, shown);
        const { type } = this.#kinds.get(attributeId) ?? { type: shown };
        if (type === kind.reference) this.#refer(number, attributeId, readValue(value, { type }));
        if (this.#shards[shard]?.isReferrer) continue;
        if (type === kind.user) this.#note(this.#users, readValue(value, { type }));
        if (type === kind.group) this.#note(this.#groups, readValue(value, { type }));
      }
    }
  }

  #refer(from: number, attribute: string, to: ReadValue | undefined): void {
    if (to?.id === undefined) return;
    this.#references.from.push(from);
    this.#references.attribute.push(attribute);
    this.#references.to.push(to.id);
  }

  result(): StoredObjects {
    return {
      shards: this.#shards,
      ids: this.#ids,
      keys: this.#keys,
      shardOf: this.#shardOf,
      numberOf: this.#numberOf,
      twice: this.#twice,
      references: this.#references,
      kindsOfValues: this.#kindsOfValues,
      mostValues: this.#mostValues,
      filled: this.#filled,
      users: this.#users,
      groups: this.#groups,
    };
  }

  #note(people: Map<string, ReadValue>, person: ReadValue | undefined): void {
    const name = person?.id ?? person?.names.at(-1);
    if (person && name !== undefined && !people.has(name)) people.set(name, person);
  }
}
