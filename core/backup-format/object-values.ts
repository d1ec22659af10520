import type { ApiRecord, Json, JsonRecord } from '../model/json.ts';
import { isRecord, recordsOf, textOf } from '../model/json.ts';
import { type AttributeKind, kind, kindOfValue } from '../reading/attribute-kinds.ts';
import { readValue } from '../reading/value.ts';

/** What an attribute says of the values of objects: their name, their kind where it says one, and the options of a select. */
export interface AttributeSays {
  readonly name: string;
  readonly kind: AttributeKind | undefined;
  readonly options?: ReadonlySet<string>;
  /** Whether its values are the site's to make: when an object was created, by what key it goes. */
  readonly isSystem?: boolean;
}

/** A reference from an object's attribute to another object, as it stands in the object's record. */
export interface ObjectReference {
  readonly from: string;
  readonly attributeId: string;
  readonly to: string;
}

/**
 * Every reference whose record holds the object that it leads to, with its id: those that the lists and counts of a backup are about.
 * Where a site gives less, a restore finds them by the kinds of the attributes.
 */
export function referencesOf(object: ApiRecord): ObjectReference[] {
  const references: ObjectReference[] = [];
  for (const attribute of recordsOf(object.attributes)) {
    for (const { referencedObject } of recordsOf(attribute.objectAttributeValues)) {
      const to = isRecord(referencedObject) ? textOf(referencedObject.id) : undefined;
      const attributeId = textOf(attribute.objectTypeAttributeId) ?? '';
      if (to !== undefined) references.push({ from: String(object.id), attributeId, to });
    }
  }
  return references;
}

/** Number of single values in an object, over all its attributes. */
export function countValues(object: ApiRecord): number {
  return recordsOf(object.attributes).reduce(
    (sum, attribute) => sum + recordsOf(attribute.objectAttributeValues).length,
    0,
  );
}

/**
 * An object as people read it: attribute name → value, or list of values, or null where there is none.
 * For looking things up; a restore reads the whole record. Two attributes of one name are told apart by their ids.
 */
export function readableObject(object: ApiRecord, attributes: ReadonlyMap<string, AttributeSays>): JsonRecord {
  const readable: Record<string, Json> = {};
  for (const attribute of recordsOf(object.attributes)) {
    const id = textOf(attribute.objectTypeAttributeId) ?? '';
    const { name = id, kind: of } = attributes.get(id) ?? {};
    const values = recordsOf(attribute.objectAttributeValues).map((value) => readableValue(value, of));
    const field = Object.hasOwn(readable, name) ? `${name} (${id})` : name;
    const told = values.length > 1 ? values : (values[0] ?? null);
    // Set so, this one name would be no field; all others are set in a fraction of the time of a definition.
    if (field === '__proto__') Object.defineProperty(readable, field, { value: told, enumerable: true });
    else readable[field] = told;
  }
  return readable;
}

/** References and users keep what identifies them beside what is shown: a label alone could be anyone's. */
function readableValue(value: JsonRecord, of?: AttributeKind): Json {
  const { type, text, id, key } = displayedValue(value, of);
  if (type === kind.reference) return { label: text, objectKey: key ?? null };
  if (type === kind.user) return { displayName: text, accountId: id ?? null };
  return text;
}

/** One value as people see it. */
export interface ValueSeen {
  /** Of its kind (`kind`), 0 for a plain one. */
  readonly type: number;
  /** As a site gave it, mostly a text; null where nothing is to be seen. */
  readonly text: Json;
  /** What identifies it: of a reference the object's id, of a user the account. */
  readonly id: string | undefined;
  /** Of a reference: the key of the object. */
  readonly key: string | undefined;
}

/** @param of its attribute's kind, where that says one */
export function displayedValue(value: JsonRecord, of: AttributeKind | undefined): ValueSeen {
  const as = of ?? { type: kindOfValue(value) ?? 0 };
  const { id, key, names = [] } = readValue(value, as) ?? {};
  const shown = names.at(-1) ?? value.value ?? value.searchValue ?? null;
  const isNamed = as.type === kind.reference || as.type === kind.user;
  return { type: as.type, text: isNamed ? shown : (value.value ?? shown), id, key };
}

/** What is shown of a value, as text: of a reference whose label nobody has told its key. Empty where there is nothing to be seen. */
export function displayedText({ text, key, id }: ValueSeen): string {
  if (text === null) return key ?? id ?? '';
  return typeof text === 'string' ? text : JSON.stringify(text);
}
