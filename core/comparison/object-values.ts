import { hash } from 'node:crypto';
import type { AttributeSays } from '../backup-format/object-values.ts';
import { idOf } from '../model/ids.ts';
import { type ApiRecord, type JsonRecord, recordsOf, textOf } from '../model/json.ts';
import { type AttributeKind, kindOfAttribute, kindOfValue } from '../reading/attribute-kinds.ts';
import { isSystem } from '../reading/stored-configuration.ts';
import { readValue } from '../reading/value.ts';
import { comparable } from './spellings.ts';

/** Kinds of a type's attributes by id, without those whose values the site makes. */
export function kindsOf(attributes: readonly ApiRecord[]): Map<string, AttributeKind | undefined> {
  return new Map(
    attributes
      .filter((attribute) => !isSystem(attribute))
      .map((attribute) => [idOf(attribute) as string, kindOfAttribute(attribute, undefined)]),
  );
}

/**
 * The values of an object as its site gives it, by attribute id, each in the spelling by which values are compared.
 * @param kinds of the attributes whose values count
 */
export function comparableValues(
  object: ApiRecord,
  kinds: Pick<ReadonlyMap<string, AttributeKind | undefined>, 'has' | 'get'>,
): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const entry of recordsOf(object.attributes)) {
    const id = textOf(entry.objectTypeAttributeId) ?? '';
    if (!kinds.has(id)) continue;
    const of = kinds.get(id) ?? kindShown(entry);
    const texts: string[] = [];
    for (const value of recordsOf(entry.objectAttributeValues)) {
      const { id, names = [] } = readValue(value, of) ?? {};
      const shown = names.at(-1);
      if (id !== undefined) texts.push(comparable(id, of));
      else if (shown !== undefined) texts.push(shownOnly(shown));
    }
    if (texts.length > 0) values.set(id, texts);
  }
  return values;
}

/**
 * The same of what stands in a backup, whatever its list of attributes lacks: a value of an attribute that is not listed is taken for
 * what it looks like.
 * @param attributes of the object's type, by their ids, as they were listed
 */
export function valuesAsListed(
  object: ApiRecord,
  attributes: ReadonlyMap<string, Pick<AttributeSays, 'kind' | 'isSystem'>>,
): Map<string, string[]> {
  return comparableValues(object, {
    has: (id) => !attributes.get(id)?.isSystem,
    get: (id) => attributes.get(id)?.kind,
  });
}

/** A value of which the site gives nothing but what people see: it is compared by that. No value holds its first character. */
const shownOnly = (text: string) => `\u0000${text}`;

/** What people see of a value of which nothing else is known; undefined for any other. */
export function shownIn(text: string): string | undefined {
  return text.startsWith('\u0000') ? text.slice(1) : undefined;
}

/** The kind of an attribute that does not say it, by its values. */
function kindShown(entry: JsonRecord): AttributeKind {
  const type = recordsOf(entry.objectAttributeValues)
    .map(kindOfValue)
    .find((shown) => shown !== undefined);
  return { type: type ?? 0 };
}

/** What tells whether two objects have the same values; in which order an attribute gives several does not count. */
export function objectDigest(values: ReadonlyMap<string, readonly string[]>): string {
  const entries: [id: string, texts: readonly string[]][] = [];
  for (const [id, texts] of values) if (texts.length > 0) entries.push([id, texts.toSorted()]);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(entries));
}

/** The same for the values of one attribute. */
export const valuesDigest = (texts: readonly string[]) => sha256(JSON.stringify(texts.toSorted()));

/** A label as far as it can be recognised whatever a site makes of white space and case. */
export function labelDigest(label: string): string {
  return sha256(label.trim().replace(/\s+/g, ' ').toLowerCase());
}

const sha256 = (text: string) => hash('sha256', text.toWellFormed()).slice(0, 32);
