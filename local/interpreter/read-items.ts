import type { JsonValue } from './json.ts';
import type { MachineHost } from './machine-host.ts';
import { ItemReaderFailedError } from './state-errors.ts';
import type { ItemReader } from './state-schema.ts';
import type { Values } from './template.ts';

/** The items of the object that an ItemReader names. Throws States.ItemReaderFailed. */
export async function readItems({ Arguments }: ItemReader, values: Values, host: MachineHost): Promise<JsonValue[]> {
  const bucket = await Arguments.Bucket.evaluateText(values, 'Bucket');
  const key = await Arguments.Key.evaluateText(values, 'Key');
  let text: string;
  try {
    text = await host.readItems(bucket, key);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ItemReaderFailedError(`${key} could not be read from ${bucket}: ${reason}`, { cause: error });
  }
  const items = parseJson(text, key);
  if (!Array.isArray(items)) throw new ItemReaderFailedError(`${key} is not a JSON array.`);
  return items;
}

function parseJson(text: string, key: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new ItemReaderFailedError(`${key} is not JSON: ${(error as SyntaxError).message}`, { cause: error });
  }
}
