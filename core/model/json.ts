/** Any JSON value as the Assets API gives it and a backup stores it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord;

/** A JSON object of which only a few fields are known to us; the others are kept as they came. */
export type JsonRecord = { readonly [field: string]: Json };

/** A record of the API with an id. The API documents ids as strings holding integers; numbers and UUIDs are accepted. */
export type ApiRecord = JsonRecord & { readonly id: string | number };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/**
 * A number that is kept as it was spelt; to `typeof` it is an object. Node has this since 22, TypeScript does not say so. Each has its
 * text in a field `rawJSON` (TC39's proposal); to look for that first is much faster than to ask of each record.
 */
const isRawJson = (value: object) =>
  'rawJSON' in value && (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);

/** A field that is text, or a number given as text; undefined when it is neither. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The items of a field that should be a list of records; other things in it are passed over. */
export function recordsOf(value: Json | undefined): readonly JsonRecord[] {
  if (!Array.isArray(value)) return none;
  // The list itself where it is one already: it is asked for several times for each of millions of values.
  return value.every(isRecord) ? value : value.filter(isRecord);
}

const none: readonly JsonRecord[] = [];

/** A field that is a count, however it is spelt (`7`, `"7"`, `7.0`); undefined when it is none. */
export function countIn(value: Json | undefined): number | undefined {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return /^\d+(\.0+)?$/.test(text) ? Number(text) : undefined;
}
