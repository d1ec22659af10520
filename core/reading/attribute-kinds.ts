import { type ApiRecord, isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';

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
const nestedOf = Object.entries({
  referencedObject: kind.reference,
  user: kind.user,
  group: kind.group,
  status: kind.status,
  project: kind.project,
  version: kind.version,
  confluencePage: kind.confluence,
});

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

export const isSelect = ({ type, defaultTypeId }: AttributeKind) => type === 0 && defaultTypeId === defaultKind.select;

/** The options in the list of a select, which stand there as one text. */
export const optionsIn = (list: string): string[] => list.split(',').map((option) => option.trim());

/** The kind that a value shows by what is nested in it, or says of itself; undefined for a plain one. */
export function kindOfValue(value: JsonRecord): number | undefined {
  for (const [field, type] of nestedOf) if (isRecord(value[field])) return type;
  return value.referencedType === true ? kind.reference : undefined;
}

const isThere = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

function numberOf(value: Json | undefined): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
