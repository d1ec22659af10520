import { isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';
import type { ConfigurationLine } from './diff-lines.ts';

export type FieldChange = ConfigurationLine['fields'][number];

/**
 * What the site makes or moves by itself, or says of the account that asked. An order is told of what was put elsewhere, not of all that
 * made way for it.
 */
const ofTheSite: ReadonlySet<string> = new Set([
  ...['id', 'workspaceId', 'globalId', 'created', 'updated', 'objectCount', 'objectTypeCount', 'status'],
  ...['position', 'objectType', 'parentObjectTypeInherited', 'removable', 'editable', 'canManage', 'links', 'self'],
]);

/** Addresses, some of which hold a token. */
const isAddress = (field: string) => /^url\d*$|Url$|^_|avatar/.test(field);

/** Where only one side has it the site is of another age: it is the name itself, or nobody knows. */
const onlyOfLaterSites = 'displayName';

/** In which fields two records of one thing differ, as the API names them. What is not there, empty, or false is the same. */
export function otherFields(left: JsonRecord, right: JsonRecord): FieldChange[] {
  const [before, after] = [fieldsOf(left), fieldsOf(right)];
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((field) => {
    if (field === onlyOfLaterSites && !(before.has(field) && after.has(field))) return [];
    const change = { field, before: before.get(field) ?? null, after: after.get(field) ?? null };
    return spelt(change.before) === spelt(change.after) ? [] : [change];
  });
}

function fieldsOf(record: JsonRecord): Map<string, Json> {
  const fields = Object.entries(record).flatMap(([field, value]): [string, Json][] => {
    // A site may give both a thing and its id.
    if (ofTheSite.has(field) || isAddress(field) || (isRecord(value) && record[`${field}Id`] !== undefined)) return [];
    return [[field, plain(value)]];
  });
  return new Map(fields);
}

/** Of what is nested only what identifies it: all else of it is told of the thing itself. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  return textOf(value.id) ?? textOf(value.name) ?? JSON.stringify(value);
}

/** Numbers may come as texts, and the order of a list of ids does not count. */
function spelt(value: Json): string {
  if (value === null || value === '' || value === false) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value.map(spelt).toSorted());
  return textOf(value) ?? JSON.stringify(value);
}
