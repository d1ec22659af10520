import { hash } from 'node:crypto';
import { type ApiRecord, isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../model/json.ts';
import { kindOfValue } from '../reading/attribute-kinds.ts';
import { readValue } from '../reading/value.ts';
import type { AttributeSays } from './object-values.ts';

/**
 * An object in 32 hex digits: two nights give the same where nothing of it has changed. Of a value what identifies it counts, and what
 * is shown only where nothing does: that a referenced object is renamed, the address of an avatar, and the order of values are no
 * change of the object that holds them.
 * @param attributes what the attributes of its type say, by their ids; a value of another one is taken for what it looks like
 */
export function recordDigest(object: ApiRecord, attributes: ReadonlyMap<string, Pick<AttributeSays, 'kind'>>): string {
  const type = isRecord(object.objectType) ? object.objectType.id : null;
  const values = new Map<string, string[]>();
  for (const attribute of recordsOf(object.attributes)) {
    const id = textOf(attribute.objectTypeAttributeId) ?? '';
    const { kind } = attributes.get(id) ?? {};
    for (const value of recordsOf(attribute.objectAttributeValues)) {
      const read = readValue(value, kind ?? { type: kindOfValue(value) ?? 0 });
      if (!read) continue;
      const told = JSON.stringify(read.id === undefined ? ['shown', read.names.at(-1) ?? value] : ['is', read.id]);
      const known = values.get(id);
      if (known) known.push(told);
      else values.set(id, [told]);
    }
  }
  const sorted = [...values].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [, of] of sorted) of.sort();
  const told = [...fields(object), plain(type), sorted];
  return hash('sha256', JSON.stringify(told)).slice(0, 32);
}

const fields = ({ id, objectKey, label, updated, timestamp }: JsonRecord) =>
  [id, objectKey, label, updated, timestamp].map(plain);

/** An id may be spelt as text or as a number; a field that is not there is null. */
const plain = (value: Json | undefined): Json => textOf(value) ?? value ?? null;
