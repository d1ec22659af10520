import { type ApiRecord, isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../model/json.ts';

/**
 * What an attribute holds, by the numbers of the API (reference, section 2.3): `type` 0 default, 1 reference, 2 user,
 * 3 Confluence, 4 group, 5 version, 6 project, 7 status, 8 Bitbucket; `defaultTypeId` only with type 0.
 */
export interface AttributeKind {
  readonly type: number;
  readonly defaultTypeId?: number;
}

export const kind = {
  reference: 1,
  user: 2,
  confluence: 3,
  group: 4,
  version: 5,
  project: 6,
  status: 7,
  bitbucket: 8,
} as const;

export const defaultKind = {
  text: 0,
  integer: 1,
  boolean: 2,
  double: 3,
  date: 4,
  time: 5,
  dateTime: 6,
  url: 7,
  email: 8,
  textarea: 9,
  select: 10,
  ipAddress: 11,
} as const;

/** The nested thing by which a value shows its kind where the attribute does not say it. */
const nestedOf: Readonly<Record<string, number>> = {
  referencedObject: kind.reference,
  user: kind.user,
  group: kind.group,
  status: kind.status,
  project: kind.project,
  version: kind.version,
  confluencePage: kind.confluence,
};

/**
 * The kind of an attribute. Official examples leave `type` out in several places: then a default type or a reference
 * type tells it, and otherwise what its values hold. Undefined where nothing tells.
 */
export function kindOfAttribute(attribute: ApiRecord, kindOfValues: number | undefined): AttributeKind | undefined {
  const defaultTypeId = isRecord(attribute.defaultType) ? numberOf(attribute.defaultType.id) : undefined;
  const stated = numberOf(attribute.type);
  if (stated === 0) return defaultTypeId === undefined ? undefined : { type: 0, defaultTypeId };
  if (stated !== undefined) return { type: stated };
  if (defaultTypeId !== undefined && defaultTypeId >= 0) return { type: 0, defaultTypeId };
  if ([attribute.referenceObjectTypeId, attribute.referenceObjectType, attribute.referenceType].some(isThere)) {
    return { type: kind.reference };
  }
  if (attribute.additionalValue === 'SHOW_PROFILE' || attribute.additionalValue === 'HIDE_PROFILE') {
    return { type: kind.user };
  }
  return kindOfValues === undefined ? undefined : { type: kindOfValues };
}

/** The kind that a value shows by what is nested in it; undefined for a plain one. */
export function kindOfValue(value: JsonRecord): number | undefined {
  for (const [field, type] of Object.entries(nestedOf)) if (isRecord(value[field])) return type;
  return undefined;
}

/**
 * What identifies a value, as it is written back: the text of default kinds, an object's id, an account id, a group's
 * name, a status id, a project's key. Undefined where the value points to nothing; an empty text is no value.
 */
function rawValue(value: JsonRecord, { type }: AttributeKind): string | undefined {
  const { referencedObject, user, group, status, project, version, confluencePage } = value;
  const plain = scalar(value.value) ?? scalar(value.searchValue);
  const nested: Readonly<Record<number, () => string | undefined>> = {
    [kind.reference]: () => idIn(referencedObject),
    [kind.user]: () => (isRecord(user) ? (textOf(user.key) ?? textOf(user.accountId)) : undefined) ?? plain,
    [kind.group]: () => (isRecord(group) ? textOf(group.name) : undefined) ?? plain,
    [kind.status]: () => idIn(status) ?? plain,
    [kind.project]: () => (isRecord(project) ? textOf(project.key) : undefined) ?? plain,
    [kind.version]: () => idIn(version) ?? plain,
    [kind.confluence]: () => idIn(confluencePage) ?? plain,
  };
  const text = nested[type] ? nested[type]() : plain;
  return text === '' ? undefined : text;
}

/** All values of one attribute of an object, in order. */
export function rawValues(objectAttribute: JsonRecord, attributeKind: AttributeKind): string[] {
  return recordsOf(objectAttribute.objectAttributeValues).flatMap((value) => rawValue(value, attributeKind) ?? []);
}

const scalar = (value: Json | undefined): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return String(value);
  const text = textOf(value);
  // A number that is kept as it was spelt is an object to `typeof`.
  return text ?? (isRecord(value) || Array.isArray(value) ? undefined : JSON.stringify(value));
};

const idIn = (thing: Json | undefined): string | undefined => (isRecord(thing) ? textOf(thing.id) : undefined);

const isThere = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

function numberOf(value: Json | undefined): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
