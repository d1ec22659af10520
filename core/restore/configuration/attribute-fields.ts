import { type ApiRecord, isRecord, type Json, textOf } from '../../model/json.ts';
import type { AttributeFields } from '../../ports/assets-writer.ts';
import { type AttributeKind, defaultKind, kind } from '../../reading/attribute-kinds.ts';
import type { Restrictions } from '../plan-files.ts';

const { integer, double, text, email, url, select } = defaultKind;

/** For which kinds a field is documented (reference, section 2.4; regex for URLs: section 6). */
const validFor = {
  suffix: (of: AttributeKind) => isDefault(of, integer, double),
  summable: (of: AttributeKind) => isDefault(of, integer, double),
  regexValidation: (of: AttributeKind) => isDefault(of, text, email, url),
  options: (of: AttributeKind) => isDefault(of, select),
  additionalValue: (of: AttributeKind) => isDefault(of, url) || of.type === kind.user || of.type === kind.confluence,
  includeChildObjectTypes: (of: AttributeKind) => of.type === kind.reference,
  qlQuery: (of: AttributeKind) => of.type === kind.reference,
  typeValueMulti: (of: AttributeKind) => of.type === kind.user || of.type === kind.status,
} as const;

type LimitedField = keyof typeof validFor;

/**
 * What is set before the objects: everything that no value can offend. An attribute that takes several values, or whose
 * objects have more than it allows by now, takes any number until its restrictions are set.
 * @param mostValues the most values that an object of the backup has
 */
export function fieldsOf(
  record: ApiRecord,
  of: AttributeKind,
  { mostValues }: { mostValues: number },
): AttributeFields {
  const displayName = filled(record.displayName);
  const description = textOf(record.description);
  const suffix = ifValid('suffix', of, filled(record.suffix));
  const additionalValue = ifValid('additionalValue', of, filled(record.additionalValue));
  const options = ifValid('options', of, filled(record.options));
  const takesSeveral = cardinality(record.maximumCardinality, 1) !== 1 || mostValues > 1;
  return {
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(suffix !== undefined && { suffix }),
    ...(additionalValue !== undefined && { additionalValue }),
    ...(options !== undefined && { options }),
    ...(record.summable === true && validFor.summable(of) && { summable: true }),
    ...(record.hidden === true && { hidden: true }),
    ...(record.label === true && { label: true }),
    ...(record.includeChildObjectTypes === true &&
      validFor.includeChildObjectTypes(of) && { includeChildObjectTypes: true }),
    ...(takesSeveral && { maximumCardinality: -1 }),
  };
}

export function restrictionsOf(record: ApiRecord, of: AttributeKind): Restrictions {
  const multi = Array.isArray(record.typeValueMulti)
    ? record.typeValueMulti.flatMap((value) => textOf(value) ?? [])
    : [];
  return {
    minimumCardinality: cardinality(record.minimumCardinality, 0),
    maximumCardinality: cardinality(record.maximumCardinality, 1),
    uniqueAttribute: record.uniqueAttribute === true,
    regexValidation: ifValid('regexValidation', of, filled(record.regexValidation)) ?? '',
    qlQuery: ifValid('qlQuery', of, filled(record.qlQuery) ?? filled(record.iql)) ?? '',
    statuses: of.type === kind.status ? multi : [],
    groups: of.type === kind.user ? multi : [],
    options: ifValid('options', of, filled(record.options)) ?? '',
  };
}

/** Fields that hold something although the API documents them only for other kinds: they cannot be sent. */
export function fieldsNotForKind(record: ApiRecord, of: AttributeKind): string[] {
  return (Object.keys(validFor) as LimitedField[]).filter((field) => {
    // What `additionalValue` holds of a reference is its reference type, which is sent.
    if (validFor[field](of) || (field === 'additionalValue' && of.type === kind.reference)) return false;
    const value = record[field];
    return Array.isArray(value) ? value.length > 0 : value === true || filled(value) !== undefined;
  });
}

/** Source ids of the object type that a reference points to, and of its reference type. */
export function referenceOf(record: ApiRecord): { type: string; referenceType: string | null } | undefined {
  const { referenceObjectType, referenceType } = record;
  const type =
    textOf(record.referenceObjectTypeId) ??
    (isRecord(referenceObjectType) ? textOf(referenceObjectType.id) : undefined) ??
    filled(record.typeValue);
  if (type === undefined) return undefined;
  const named = isRecord(referenceType) ? (textOf(referenceType.id) ?? textOf(referenceType.name)) : undefined;
  return { type, referenceType: named ?? filled(record.additionalValue) ?? null };
}

function ifValid<T>(field: LimitedField, of: AttributeKind, value: T | undefined): T | undefined {
  return validFor[field](of) ? value : undefined;
}

const isDefault = (of: AttributeKind, ...ids: readonly number[]) =>
  of.type === 0 && of.defaultTypeId !== undefined && ids.includes(of.defaultTypeId);

export const filled = (value: Json | undefined): string | undefined => {
  const known = textOf(value);
  return known === undefined || known === '' ? undefined : known;
};

function cardinality(value: Json | undefined, standard: number): number {
  const number = Number(textOf(value) ?? Number.NaN);
  return Number.isInteger(number) ? number : standard;
}

/** The fields that are to be another than they are. Who has no display name is shown by the name. */
export function changedFields(wanted: AttributeFields, there: ApiRecord): AttributeFields {
  const standard: Readonly<Record<string, unknown>> = {
    minimumCardinality: 0,
    maximumCardinality: 1,
    label: false,
    summable: false,
    hidden: false,
    includeChildObjectTypes: false,
    uniqueAttribute: false,
    typeValueMulti: [],
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => {
      const elsewhere = { qlQuery: there.iql, displayName: there.name }[field];
      const now = there[field] ?? elsewhere ?? standard[field] ?? '';
      return JSON.stringify(now) !== JSON.stringify(value);
    }),
  );
}
