import type { Json } from './model/json.ts';

/** Node has these since 22, TypeScript does not describe them yet. See the TC39 proposal "JSON.parse source text access". */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
const json = JSON as unknown as JsonWithSource;

/**
 * Sees every number that might be written otherwise than it was read: -0, one of 16 digits and more, with a point or an exponent.
 * What stands around it keeps the times in texts out (`"19:36:51.951Z"`); seeing a number where none is only costs time.
 */
const suspectNumber = /(?:^|[:,[])\s*(?:-0|-?\d{16,}|-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+))\s*(?:[,\]}]|$)/;

/**
 * Parses JSON so that JSON.stringify writes each number as it was spelt: 12345678901234567890, 1.0, 1e400 and -0 survive.
 * Such a number is opaque, no `number`; all else is what JSON.parse gives. Throws SyntaxError, whose message quotes the text.
 */
export function parseLosslessJson(text: string): Json {
  if (!suspectNumber.test(text)) return JSON.parse(text) as Json;
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && JSON.stringify(value) !== source
      ? json.rawJSON(source)
      : value,
  ) as Json;
}

/** True for a number that is kept as it was spelt. To `typeof` it is an object, but it is no record. */
export function isOpaqueNumber(value: unknown): boolean {
  return json.isRawJSON(value);
}
