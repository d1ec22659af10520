import { type ApiRecord, isRecord, type JsonRecord, textOf } from './json.ts';

/** An id of one kind of thing on one site. Different kinds are different types, so one can never stand for another. */
export type Id<Kind extends string> = string & { readonly idOf: Kind };

export type ObjectSchemaId = Id<'object schema'>;
export type ObjectTypeId = Id<'object type'>;
export type AttributeId = Id<'object type attribute'>;
export type ObjectId = Id<'object'>;
export type IconId = Id<'icon'>;

export function idOf<Kind extends string>(record: Pick<ApiRecord, 'id'>): Id<Kind> {
  return String(record.id) as Id<Kind>;
}

/** An id that another record mentions, such as a type's parent; undefined where there is none. */
export function mentionedId<Kind extends string>(record: JsonRecord, field: string): Id<Kind> | undefined {
  return textOf(record[field]) as Id<Kind> | undefined;
}

/** The type that an object says it has. */
export function typeIdOf(object: ApiRecord): string | undefined {
  return isRecord(object.objectType) ? textOf(object.objectType.id) : undefined;
}
