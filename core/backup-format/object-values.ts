import type { ApiRecord, Json, JsonRecord } from '../model/json.ts';
import { isRecord, recordsOf, textOf } from '../model/json.ts';

/** A reference from an object's attribute to another object, as it stands in the object's record. */
export interface ObjectReference {
  readonly from: string;
  readonly attributeId: string;
  readonly to: string;
}

/** Every reference that an object's record holds; the API gives the referred object whole, with its id. */
export function referencesOf(object: ApiRecord): ObjectReference[] {
  return recordsOf(object.attributes).flatMap((attribute) =>
    recordsOf(attribute.objectAttributeValues).flatMap((value) => {
      const to = isRecord(value.referencedObject) ? textOf(value.referencedObject.id) : undefined;
      const attributeId = textOf(attribute.objectTypeAttributeId) ?? '';
      return to === undefined ? [] : [{ from: String(object.id), attributeId, to }];
    }),
  );
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
export function readableObject(object: ApiRecord, attributeNames: ReadonlyMap<string, string>): JsonRecord {
  const readable: Record<string, Json> = {};
  for (const attribute of recordsOf(object.attributes)) {
    const id = textOf(attribute.objectTypeAttributeId) ?? '';
    const name = attributeNames.get(id) ?? id;
    const values = recordsOf(attribute.objectAttributeValues).map(readableValue);
    const field = Object.hasOwn(readable, name) ? `${name} (${id})` : name;
    Object.defineProperty(readable, field, {
      value: values.length > 1 ? values : (values[0] ?? null),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return readable;
}

/** References and users keep what identifies them beside what is shown: a label alone could be anyone's. */
function readableValue(value: JsonRecord): Json {
  const { referencedObject, user, status, group } = value;
  const named = [status, group].find(isRecord)?.name;
  const shown = value.displayValue ?? value.value ?? named ?? value.searchValue ?? null;
  if (isRecord(referencedObject)) return { label: shown, objectKey: referencedObject.objectKey ?? null };
  if (isRecord(user)) return { displayName: shown, accountId: user.key ?? null };
  return value.value ?? shown;
}
