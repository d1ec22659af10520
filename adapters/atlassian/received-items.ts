import { parseLosslessJson } from '../../core/lossless-json.ts';
import { removeMediaTokens } from '../../core/media-tokens.ts';
import { isRecord, type Json } from '../../core/model/json.ts';
import type { JsonScan, ScannedItem } from './json-scan.ts';

/** JSON without media tokens, of which the items of one list are still to be parsed. */
export interface ReceivedJson {
  /** In that list a place stands for each item that is a record or a list. */
  readonly json: Json;
  /** Its items, each parsed when its turn comes, so that not all of them are in memory. Throws SyntaxError, TypeError. */
  readonly items: Iterable<ReceivedItem>;
}

export interface ReceivedItem {
  readonly value: Json;
  /** The bytes that JSON.stringify would write of it, where they came so. */
  readonly own?: Uint8Array;
}

/** Not lenient: a replacement character in place of a broken byte would be stored as if it were the data. */
export const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON item by item, each of its own bytes. What stands around them is parsed with a place in the stead of each; both are
 * JSON just where the whole is, and that is known when the last item has been parsed. Throws SyntaxError, which quotes the text, and
 * TypeError where it is not valid UTF-8.
 * @param list the field of the whole whose items are left
 */
export function receivedJson(bytes: Uint8Array, scan: JsonScan, list: string): ReceivedJson {
  const { items, mayHaveTokens, hasPlainNumbers } = scan;
  const around: Uint8Array[] = [];
  let end = 0;
  for (const [index, item] of items.entries()) {
    around.push(bytes.subarray(end, item.start), Buffer.from(`[${index}]`));
    end = item.end;
  }
  around.push(bytes.subarray(end));
  const json = parsedJson(utf8.decode(Buffer.concat(around)), hasPlainNumbers);
  if (mayHaveTokens) removeMediaTokens(json);

  const room = new Room(items);
  const left = isRecord(json) && Object.hasOwn(json, list) ? json[list] : undefined;
  const places: readonly Json[] = Array.isArray(left) ? left : [];
  const isLeft = new Set(places.map(numberOfPlace));
  // All others are parsed, also those of a field that comes twice, of which JSON has the last.
  const values = items.map((item, index) => (isLeft.has(index) ? undefined : receivedItem(bytes, item, room).value));
  for (const others of isRecord(json) ? Object.values(json) : []) {
    if (!Array.isArray(others) || others === places) continue;
    for (const [at, place] of others.entries()) others[at] = values[numberOfPlace(place) ?? -1] ?? place;
  }
  return { json, items: received(bytes, places, items, room) };
}

function* received(
  bytes: Uint8Array,
  places: readonly Json[],
  items: readonly ScannedItem[],
  room: Room,
): Generator<ReceivedItem> {
  for (const place of places) {
    const item = items[numberOfPlace(place) ?? -1];
    yield item ? receivedItem(bytes, item, room) : { value: place };
  }
}

/** Every list in a list is a place. */
const numberOfPlace = (place: Json): number | undefined => (Array.isArray(place) ? Number(place[0]) : undefined);

/** JSON of which a look over its bytes has told whether JSON.parse loses digits of it. */
export function parsedJson(text: string, hasPlainNumbers: boolean): Json {
  return hasPlainNumbers ? (JSON.parse(text) as Json) : parseLosslessJson(text);
}

function receivedItem(bytes: Uint8Array, item: ScannedItem, room: Room): ReceivedItem {
  if (item.isPlain) {
    const own = room.withoutTokens(bytes, item);
    const value = parsedIfJson(utf8.decode(own), item.hasPlainNumbers);
    if (value !== undefined && countFields(value) === item.fields) return { value, own };
  }
  const value = parsedJson(utf8.decode(bytes.subarray(item.start, item.end)), item.hasPlainNumbers);
  removeMediaTokens(value);
  return { value };
}

/** Two tokens in one record share a comma, so that what is left may be no JSON although the whole is. */
function parsedIfJson(text: string, hasPlainNumbers: boolean): Json | undefined {
  try {
    return parsedJson(text, hasPlainNumbers);
  } catch {
    return undefined;
  }
}

function countFields(value: Json): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countFields(item);
  else if (isRecord(value)) for (const name in value) count += 1 + countFields(value[name] as Json);
  return count;
}

/** Copies of items without their tokens, all in one buffer: thousands of small ones leave holes in the memory of the process. */
class Room {
  readonly #bytes: Uint8Array;
  #end = 0;

  constructor(items: readonly ScannedItem[]) {
    this.#bytes = new Uint8Array(items.reduce((sum, item) => sum + (item.isPlain ? lengthWithoutTokens(item) : 0), 0));
  }

  withoutTokens(bytes: Uint8Array, { start, end, tokens }: ScannedItem): Uint8Array {
    const begin = this.#end;
    let from = start;
    for (let at = 0; at <= tokens.length; at += 2) {
      const part = bytes.subarray(from, tokens[at] ?? end);
      this.#bytes.set(part, this.#end);
      this.#end += part.length;
      from = tokens[at + 1] ?? end;
    }
    return this.#bytes.subarray(begin, this.#end);
  }
}

function lengthWithoutTokens({ start, end, tokens }: ScannedItem): number {
  let left = end - start;
  for (let at = 0; at < tokens.length; at += 2) left -= (tokens[at + 1] ?? 0) - (tokens[at] ?? 0);
  return left;
}
