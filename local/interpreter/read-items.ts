import type { Json } from './json.ts';
import type { MachineHost } from './machine-host.ts';
import { ItemReaderFailedError } from './state-errors.ts';
import type { ItemReader } from './state-schema.ts';
import type { Values } from './template.ts';

/** The items of the object that an ItemReader names. Throws States.ItemReaderFailed. */
export async function readItems(
  { Arguments, ReaderConfig }: ItemReader,
  values: Values,
  host: MachineHost,
): Promise<Json[]> {
  const bucket = await Arguments.Bucket.evaluateText(values, 'Bucket');
  const key = await Arguments.Key.evaluateText(values, 'Key');
  let text: string;
  try {
    text = await host.readItems(bucket, key);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ItemReaderFailedError(`${key} could not be read from ${bucket}: ${reason}`, { cause: error });
  }
  return ReaderConfig.InputType === 'JSON' ? parseArray(text, key) : parseLines(text, key);
}

function parseArray(text: string, key: string): Json[] {
  const items = parseJson(text, key);
  if (!Array.isArray(items)) throw new ItemReaderFailedError(`${key} is not a JSON array.`);
  return items;
}

/** One JSON value a line; the last line may end with a line break or not. */
function parseLines(text: string, key: string): Json[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => parseJson(line, `Line ${index + 1} of ${key}`));
}

function parseJson(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new ItemReaderFailedError(`${what} is not JSON: ${(error as SyntaxError).message}`, { cause: error });
  }
}
