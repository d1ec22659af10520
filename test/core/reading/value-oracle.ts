import { createHash } from 'node:crypto';
import type { AttributeSays } from '../../../core/backup-format/object-values.ts';
import { comparable } from '../../../core/comparison/spellings.ts';
import { type ApiRecord, isRecord, type Json, type JsonRecord, textOf } from '../../../core/model/json.ts';
import { type AttributeKind, kind, kindOfValue } from '../../../core/reading/attribute-kinds.ts';
import type { ReadValue } from '../../../core/reading/value.ts';

/** What a value says, and the digests that are made of it, in the words of format 2 as it was first written: plain, and slow. */

const listOf = (value: Json | undefined): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);

function said(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return String(value);
  return textOf(value) ?? (isRecord(value) || Array.isArray(value) ? undefined : JSON.stringify(value));
}
const texts = (...values: (Json | undefined)[]) => [...new Set(values.flatMap((value) => said(value) || []))];
const field = (thing: Json | undefined, name: string) => (isRecord(thing) && said(thing[name])) || undefined;
const plain = (value: JsonRecord) => texts(value.value, value.searchValue)[0];

const shownAlike: Readonly<Record<number, RegExp>> = {
  1: /^[+-]?\d+$/,
  2: /^(?:true|false)$/i,
  3: /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i,
  4: /^\d{4}-\d{2}-\d{2}$/,
  5: /^\d{2}:\d{2}(?::\d{2})?$/,
  6: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/,
};

interface Said {
  readonly id: string | undefined;
  readonly names: readonly string[];
  readonly key?: string | undefined;
}

function sayings(value: JsonRecord, { type, defaultTypeId = 0 }: AttributeKind): Said {
  const { displayValue, searchValue } = value;
  const written = texts(value.value, searchValue);
  if (type === kind.reference) {
    const to = value.referencedObject;
    const key = field(to, 'objectKey') ?? texts(searchValue, value.value).find((text) => /^[^\s-]\S*-\d+$/.test(text));
    const id =
      field(to, 'id') ??
      field(to, 'globalId')?.split(':').at(-1) ??
      key?.slice(key.lastIndexOf('-') + 1) ??
      texts(searchValue, value.value).find((text) => /^\d+$/.test(text) && text !== displayValue);
    return { id, key, names: texts(field(to, 'label'), field(to, 'name'), displayValue) };
  }
  if (type === kind.user) {
    const { user, accountId } = value;
    const id = texts(field(user, 'key'), field(user, 'accountId'), accountId)[0];
    return {
      id: id ?? written.find((text) => /^[^@\s]+$/.test(text)),
      names: texts(field(user, 'emailAddress'), field(user, 'displayName'), field(user, 'name'), displayValue),
    };
  }
  if (type === kind.group) {
    const { group } = value;
    const all = texts(field(group, 'name'), displayValue, field(group, 'groupId'), value.value, searchValue);
    return { id: all[0], names: [...all.slice(1), ...all.slice(0, 1)] };
  }
  if (type === kind.status) {
    const { status } = value;
    const id = field(status, 'id') ?? written.find((text) => /^\d+$/.test(text));
    return { id, names: texts(field(status, 'name'), field(status, 'displayName'), displayValue) };
  }
  const nested: Readonly<Record<number, readonly [string, string, string]>> = {
    [kind.project]: ['project', 'key', 'name'],
    [kind.version]: ['version', 'id', 'name'],
    [kind.confluence]: ['confluencePage', 'id', 'title'],
  };
  const [thing, id, name] = nested[type] ?? [];
  if (thing !== undefined && id !== undefined && name !== undefined) {
    return { id: field(value[thing], id) ?? plain(value), names: texts(field(value[thing], name), displayValue) };
  }
  if (type === kind.bitbucket) return { id: plain(value), names: texts(displayValue) };
  if (value.value === '') return { id: undefined, names: [] };
  const [shown] = texts(displayValue);
  const isItself = type === 0 && shown !== undefined && (shownAlike[defaultTypeId]?.test(shown) ?? true);
  return { id: plain(value) ?? (isItself ? shown : undefined), names: texts(displayValue) };
}

export function plainlyRead(value: JsonRecord, of: AttributeKind): ReadValue | undefined {
  const { id, names, key } = sayings(value, of);
  const isEmpty = [value.value, value.searchValue, value.displayValue].includes('');
  if (id === undefined && names.length === 0 && isEmpty) return undefined;
  return { ...(id && { id }), names, ...(key !== undefined && { key }) };
}

type Says = ReadonlyMap<string, Pick<AttributeSays, 'kind' | 'isSystem'>>;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
const byId = (entries: Iterable<readonly [string, readonly string[]]>) =>
  [...entries].map(([id, of]) => [id, [...of].sort()] as const).sort(([one], [other]) => (one < other ? -1 : 1));

export function plainRecordDigest(object: ApiRecord, attributes: Says): string {
  const values = new Map<string, string[]>();
  for (const attribute of listOf(object.attributes)) {
    const id = textOf(attribute.objectTypeAttributeId) ?? '';
    for (const value of listOf(attribute.objectAttributeValues)) {
      const read = plainlyRead(value, attributes.get(id)?.kind ?? { type: kindOfValue(value) ?? 0 });
      const told = read && (read.id === undefined ? ['shown', read.names.at(-1) ?? value] : ['is', read.id]);
      if (told) values.set(id, [...(values.get(id) ?? []), JSON.stringify(told)]);
    }
  }
  const type = isRecord(object.objectType) ? object.objectType.id : null;
  const { id, objectKey, label, updated, timestamp } = object;
  const fields = [id, objectKey, label, updated, timestamp, type].map((one) => textOf(one) ?? one ?? null);
  return sha256(JSON.stringify([...fields, byId(values)]));
}

export function plainValuesDigest(object: ApiRecord, attributes: Says): string {
  const values = new Map<string, readonly string[]>();
  const entries = listOf(object.attributes).map((entry) => [textOf(entry.objectTypeAttributeId) ?? '', entry] as const);
  for (const [id, entry] of entries) {
    if (attributes.get(id)?.isSystem) continue;
    const of = listOf(entry.objectAttributeValues);
    const shown = of.map(kindOfValue).find((type) => type !== undefined) ?? 0;
    const kindOf = attributes.get(id)?.kind ?? { type: shown };
    const told = of.flatMap((value) => {
      const { id: is, names = [] } = plainlyRead(value, kindOf) ?? {};
      return is === undefined ? names.slice(-1).map((name) => `\u0000${name}`) : [comparable(is, kindOf)];
    });
    if (told.length > 0) values.set(id, told);
  }
  return sha256(JSON.stringify(byId(values)));
}
