import { DamagedBackupError } from '../errors.ts';
import type { Json, JsonRecord } from '../model/json.ts';

/**
 * The files of a backup are JSON with one record a line, so that they are valid JSON for everyone and can be read
 * line by line by us: `[`, then a record a line with `,` between, then `]`. An object (`{`, `"key": value`, `}`) likewise.
 */

const encoder = new TextEncoder();
const [begin, between, end] = [encoder.encode('[\n'), encoder.encode(',\n'), encoder.encode('\n]\n')];

/** Records, each already JSON text without line breaks, as the bytes of an array file. */
export function arrayFile(lines: readonly string[]): Uint8Array {
  return encoder.encode(lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`);
}

/** The same of records that are bytes already: no text as long as the file is ever made. */
export function arrayFileOfBytes(records: readonly Uint8Array[]): Uint8Array {
  if (records.length === 0) return arrayFile([]);
  const parts = records.flatMap((record, index) => [index === 0 ? begin : between, record]);
  parts.push(end);
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** Pairs of a key and a value that is already JSON text, as the bytes of an object file. */
export function objectFile(entries: readonly (readonly [string, string])[]): Uint8Array {
  const lines = entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`);
  return encoder.encode(lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`);
}

/**
 * Records in a file of a backup: 1 in an image, lines in a list, entries in the array or object of any other file.
 * Throws DamagedBackupError where the file is not JSON.
 */
export function countRecords(key: string, bytes: Uint8Array): number {
  if (key.includes('/config/icons/')) return 1;
  const text = new TextDecoder().decode(bytes);
  try {
    if (key.endsWith('.jsonl'))
      return text.split('\n').filter((line) => line !== '' && JSON.parse(line) !== null).length;
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) ? value.length : Object.keys(value ?? {}).length;
  } catch (error) {
    throw new DamagedBackupError(`${key} is not JSON.`, { cause: error });
  }
}

/** One record as a file of its own. */
export function recordFile(value: JsonRecord): Uint8Array {
  return encoder.encode(`${JSON.stringify(value, null, 1)}\n`);
}

/** Lines of text from bytes in pieces, without their ends. */
export async function* lines(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const piece of pieces) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
