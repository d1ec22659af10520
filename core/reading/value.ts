import { isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../model/json.ts';
import { type AttributeKind, defaultKind, kind } from './attribute-kinds.ts';

/**
 * What a value of an object says, however much of its record is left out: in the specification only `displayValue` is required.
 * `user`, `group`, `status` and `referencedObject` are optional, and so are most of their fields; what identifies the thing may stand
 * beside them, in `accountId`, `searchValue` or `value` (reference, section 2.8 and the corrections of 28 Nov 2026).
 */
export interface ReadValue {
  /**
   * What identifies it, as it is written back: the text of default kinds, an object's id, an account id, a group's name, a status id, a
   * project's key. Undefined where the record holds only names. Never empty.
   */
  readonly id?: string;
  /**
   * By what else it may be known, the surest first and what people see last: a user's e-mail address and names, a group's id, a status's
   * names, an object's label.
   */
  readonly names: readonly string[];
  /** Of a reference: the key of the object that it leads to. */
  readonly key?: string;
}

/** All fields of a value in which what is read here may stand. */
export const fieldsOfValue = {
  value: true,
  searchValue: true,
  displayValue: true,
  accountId: true,
  referencedType: true,
  referencedObject: { id: true, globalId: true, objectKey: true, label: true, name: true },
  user: { key: true, accountId: true, emailAddress: true, displayName: true, name: true },
  group: { name: true, groupId: true },
  status: { id: true, name: true, displayName: true },
  project: { key: true, name: true },
  version: { id: true, name: true },
  confluencePage: { id: true, title: true },
} as const;

/** Undefined for an empty text, which is no value. */
export function readValue(value: JsonRecord, of: AttributeKind): ReadValue | undefined {
  const read = (readers[of.type] ?? plainText)(value, of);
  if (read.id !== undefined || read.names.length > 0) return read;
  return [value.value, value.searchValue, value.displayValue].includes('') ? undefined : read;
}

/** What identifies the values of one attribute of an object, in order, as far as the record tells. */
export function idsIn(objectAttribute: JsonRecord, of: AttributeKind): string[] {
  return recordsOf(objectAttribute.objectAttributeValues).flatMap((value) => readValue(value, of)?.id ?? []);
}

type Reader = (value: JsonRecord, of: AttributeKind) => ReadValue;

const readers: Readonly<Record<number, Reader>> = {
  [kind.reference]: reference,
  [kind.user]: user,
  [kind.group]: group,
  [kind.status]: status,
  [kind.project]: (value) =>
    readAs(field(value.project, 'key') ?? plainOf(value), texts(field(value.project, 'name'), value.displayValue)),
  [kind.version]: (value) =>
    readAs(field(value.version, 'id') ?? plainOf(value), texts(field(value.version, 'name'), value.displayValue)),
  [kind.confluence]: (value) =>
    readAs(
      field(value.confluencePage, 'id') ?? plainOf(value),
      texts(field(value.confluencePage, 'title'), value.displayValue),
    ),
  // Its shape is not known; what is shown of a repository need not be what it is written as.
  [kind.bitbucket]: (value) => readAs(plainOf(value), texts(value.displayValue)),
};

/** An object's id is the number in its key (reference, section 0), and in its `globalId`, after the workspace's. */
function reference(value: JsonRecord): ReadValue {
  const { referencedObject } = value;
  const key = field(referencedObject, 'objectKey') ?? texts(value.searchValue, value.value).find(isObjectKey);
  const id =
    field(referencedObject, 'id') ??
    field(referencedObject, 'globalId')?.split(':').at(-1) ??
    (key === undefined ? undefined : key.slice(key.lastIndexOf('-') + 1)) ??
    texts(value.searchValue, value.value).find((text) => /^\d+$/.test(text) && text !== value.displayValue);
  const names = texts(field(referencedObject, 'label'), field(referencedObject, 'name'), value.displayValue);
  return key === undefined ? readAs(id, names) : { ...readAs(id, names), key };
}

function user(value: JsonRecord): ReadValue {
  const { user: record } = value;
  const names = texts(
    field(record, 'emailAddress'),
    field(record, 'displayName'),
    field(record, 'name'),
    value.displayValue,
  );
  const id =
    field(record, 'key') ??
    field(record, 'accountId') ??
    texts(value.accountId)[0] ??
    texts(value.value, value.searchValue).find(mayBeAccountId);
  return readAs(id, names);
}

/** The name stands in what is shown as well; what is neither is its id. */
function group(value: JsonRecord): ReadValue {
  const { group: record } = value;
  const [name, ...others] = texts(
    field(record, 'name'),
    value.displayValue,
    field(record, 'groupId'),
    value.value,
    value.searchValue,
  );
  return readAs(name, [...others, ...texts(name)]);
}

/** All ids are texts that hold integers; another text is a name. */
function status(value: JsonRecord): ReadValue {
  const { status: record } = value;
  const names = texts(field(record, 'name'), field(record, 'displayName'), value.displayValue);
  const id = field(record, 'id') ?? texts(value.value, value.searchValue).find((text) => /^\d+$/.test(text));
  return readAs(id, names);
}

/** What is shown stands for the value where it cannot be in somebody's own spelling. */
function plainText(value: JsonRecord, { type, defaultTypeId = defaultKind.text }: AttributeKind): ReadValue {
  if (value.value === '') return { names: [] };
  const shown = scalar(value.displayValue) || undefined;
  const isItself = () => type === 0 && shown !== undefined && (sameWhenShown[defaultTypeId]?.test(shown) ?? true);
  return readAs(plainOf(value) ?? (isItself() ? shown : undefined), shown === undefined ? [] : [shown]);
}

/** Numbers, days and times are shown as the settings of a site or of a user say. */
const sameWhenShown: Readonly<Record<number, RegExp>> = {
  [defaultKind.integer]: /^[+-]?\d+$/,
  [defaultKind.double]: /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i,
  [defaultKind.boolean]: /^(?:true|false)$/i,
  [defaultKind.date]: /^\d{4}-\d{2}-\d{2}$/,
  [defaultKind.dateTime]: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/,
  [defaultKind.time]: /^\d{2}:\d{2}(?::\d{2})?$/,
};

const isObjectKey = (text: string) => /^[^\s-][^\s]*-\d+$/.test(text);
/** Neither a name of several words nor an e-mail address is one. */
const mayBeAccountId = (text: string) => /^[^@\s]+$/.test(text);

const readAs = (id: string | undefined, names: readonly string[]): ReadValue =>
  id === undefined || id === '' ? { names } : { id, names };
const plainOf = (value: JsonRecord) => scalar(value.value) || scalar(value.searchValue) || undefined;

/** Those that say something, each once. A loop, since it is asked several times for each of millions of values. */
function texts(...values: readonly (Json | undefined)[]): string[] {
  const said: string[] = [];
  for (const value of values) {
    const text = scalar(value);
    if (text && !said.includes(text)) said.push(text);
  }
  return said;
}

const field = (thing: Json | undefined, name: string): string | undefined =>
  (isRecord(thing) && scalar(thing[name])) || undefined;

function scalar(value: Json | undefined): string | undefined {
  const text = textOf(value);
  if (text !== undefined || value === undefined || value === null) return text;
  if (typeof value === 'boolean') return String(value);
  // A number that is kept as it was spelt is an object to `typeof`.
  return isRecord(value) || Array.isArray(value) ? undefined : JSON.stringify(value);
}
