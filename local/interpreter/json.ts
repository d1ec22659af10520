import { DataLimitExceededError } from './state-errors.ts';

/** Any JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/** What Step Functions allows for any state's input or output: 256 KiB of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * A copy of the value as it would arrive at the other end of a JSON text: no shared references, no
 * `undefined`, dates as text. `undefined` itself becomes null, as a function that returns nothing does in Lambda.
 */
export function throughJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value) ?? 'null') as JsonValue;
}

/** Throws States.DataLimitExceeded when the value, as JSON text, is larger than 256 KiB. Returns it otherwise. */
export function withinPayloadLimit<T extends JsonValue>(value: T, what: string): T {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new DataLimitExceededError(
      `${what} is ${bytes} bytes, more than the ${MAX_PAYLOAD_BYTES} that a state may have.`,
    );
  }
  return value;
}
