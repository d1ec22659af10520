export type JsonObject = Record<string, unknown>;

/** Node has JSON.rawJSON and the reviver's third argument; TypeScript's library does not describe them yet. */
interface JsonWithSource {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
}

/**
 * Parses a JSON object so that writing it again gives every number as it was spelt: 12345678901234567890 and 1.0 survive.
 * For fields that no client knows and none may change.
 */
export function parseRawJson(text: string): JsonObject {
  const json = JSON as unknown as JsonWithSource;
  const parsed = json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? json.rawJSON(source) : value,
  );
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`not a JSON object: ${text}`);
  return parsed as JsonObject;
}
