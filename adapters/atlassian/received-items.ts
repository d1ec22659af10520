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
  /** The bytes that JSON.stringify would write of it, where they came so: a part of the answer's. */
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

  const left = isRecord(json) && Object.hasOwn(json, list) ? json[list] : undefined;
  const places: readonly Json[] = Array.isArray(left) ? left : [];
  const isLeft = new Set(places.map(numberOfPlace));
  // All others are parsed, also those of a field that comes twice, of which JSON has the last.
  const values = items.map((item, index) => (isLeft.has(index) ? undefined : receivedItem(bytes, item).value));
  for (const others of isRecord(json) ? Object.values(json) : []) {
    if (!Array.isArray(others) || others === places) continue;
    for (const [at, place] of others.entries()) others[at] = values[numberOfPlace(place) ?? -1] ?? place;
  }
  return { json, items: received(bytes, places, items) };
}

function* received(bytes: Uint8Array, places: readonly Json[], items: readonly ScannedItem[]): Generator<ReceivedItem> {
  for (const place of places) {
    const item = items[numberOfPlace(place) ?? -1];
    yield item ? receivedItem(bytes, item) : { value: place };
  }
}

/** Every list in a list is a place. */
const numberOfPlace = (place: Json): number | undefined => (Array.isArray(place) ? Number(place[0]) : undefined);

/** JSON of which a look over its bytes has told whether JSON.parse loses digits of it. */
export function parsedJson(text: string, hasPlainNumbers: boolean): Json {
  return hasPlainNumbers ? (JSON.parse(text) as Json) : parseLosslessJson(text);
}

function receivedItem(bytes: Uint8Array, item: ScannedItem): ReceivedItem {
  if (item.isPlain) {
    // Behind it the answer has these bytes otherwise: they are looked at this once.
    const own = withoutTokens(bytes, item);
    const value = parsedJson(utf8.decode(own), item.hasPlainNumbers);
    return countFields(value) === item.fields ? { value, own } : { value };
  }
  const value = parsedJson(utf8.decode(bytes.subarray(item.start, item.end)), item.hasPlainNumbers);
  removeMediaTokens(value);
  return { value };
}

function countFields(value: Json): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countFields(item);
  else if (isRecord(value)) for (const name in value) count += 1 + countFields(value[name] as Json);
  return count;
}

/** Moves what stands behind tokens to where they begin: no copy, and nothing of them is left in what this gives. */
function withoutTokens(bytes: Uint8Array, { start, end, tokens }: ScannedItem): Uint8Array {
  let to = tokens[0] ?? end;
  for (let at = 1; at < tokens.length; at += 2) {
    const [from = end, until = end] = [tokens[at], tokens[at + 1]];
    bytes.copyWithin(to, from, until);
    to += until - from;
  }
  return bytes.subarray(start, to);
}
