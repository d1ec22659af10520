import type { Json } from './model/json.ts';

/** Node has these since 22, TypeScript does not describe them yet. See the TC39 proposal "JSON.parse source text access". */
interface JsonWithSource {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
const json = JSON as unknown as JsonWithSource;

/**
 * Sees every number of a list or a record that might be written otherwise than it was read: -0, one of 16 digits and more, with a
 * point or an exponent. What stands around it keeps most of what is in texts out (`"19:36:51.951Z"`).
 */
const suspectNumber =
  /[:,[]\s*(-0|-?[1-9]\d{15,}|-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+))(?=\s*[,\]}])/g;

/** The colon behind a key: its quote ends something, because before one that begins a text there stands something else. */
const colonOfKey = /(?<=[^\s[{,:\\]"\s*):/y;

const numberAlone = /^\s*(-?[\d.eE+-]+)\s*$/;

/** A number that JSON.parse and JSON.stringify would spell otherwise, and where it stands. */
interface Loss {
  readonly at: number;
  readonly source: string;
}

/** Has at least 16 digits, so that `suspectNumber` sees every number that is as large. */
const firstStandIn = 1e15;

/**
 * Parses JSON so that JSON.stringify writes each number as it was spelt: 12345678901234567890, 1.0, 1e400 and -0 survive.
 * Such a number is opaque, no `number`; all else is what JSON.parse gives. Throws SyntaxError, whose message may quote the text.
 *
 * A reviver, which is given the source of every number, makes JSON.parse seven times slower, be it for a single such number. So those
 * are found in the text, and numbers that it does not have stand in for them while it is parsed.
 */
export function parseLosslessJson(text: string): Json {
  const [, alone] = numberAlone.exec(text) ?? [];
  if (alone !== undefined) {
    const value = JSON.parse(text) as Json;
    return isSpeltAlike(alone) ? value : opaqueNumber(alone);
  }
  const losses: Loss[] = [];
  const taken = new Set<number>();
  let mayBeInTexts = false;
  for (const { 0: match, 1: source = '', index } of text.matchAll(suspectNumber)) {
    if (isSpeltAlike(source)) taken.add(Number(source));
    else {
      losses.push({ at: index + match.length - source.length, source });
      colonOfKey.lastIndex = index;
      mayBeInTexts ||= !colonOfKey.test(text);
    }
  }
  const lost = mayBeInTexts ? outsideTexts(losses, text) : losses;
  return lost.length === 0 ? (JSON.parse(text) as Json) : parseWithout(lost, text, taken);
}

/** True for a number that is kept as it was spelt. To `typeof` it is an object, but it is no record. */
export function isOpaqueNumber(value: unknown): boolean {
  return json.isRawJSON(value);
}

function opaqueNumber(source: string): Json {
  return json.rawJSON(source) as Json;
}

function isSpeltAlike(source: string): boolean {
  return String(Number(source)) === source;
}

/** @param losses in the order of the text */
function outsideTexts(losses: readonly Loss[], text: string): Loss[] {
  let [begin, end] = [-1, -1];
  return losses.filter(({ at }) => {
    while (end < at) {
      begin = text.indexOf('"', end + 1);
      if (begin === -1) begin = text.length;
      end = endOfText(text, begin);
    }
    return at < begin;
  });
}

/** Where the text that begins there ends: at a quote behind an even number of backslashes. */
function endOfText(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** @param taken those of the other numbers of the text that are as large as a stand-in, at least */
function parseWithout(losses: readonly Loss[], text: string, taken: ReadonlySet<number>): Json {
  const sources = new Map<number, string>();
  let spliced = '';
  let end = 0;
  let standIn = firstStandIn;
  for (const { at, source } of losses) {
    while (taken.has(standIn)) standIn += 1;
    sources.set(standIn, source);
    spliced += text.slice(end, at) + standIn;
    end = at + source.length;
    standIn += 1;
  }
  const value = JSON.parse(spliced + text.slice(end)) as Json;
  putBack(value as object, sources);
  return value;
}

function putBack(value: object | null, sources: ReadonlyMap<number, string>): void {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) putBackAt(value, index, sources);
  } else {
    for (const key in value) putBackAt(value as Record<string, unknown>, key, sources);
  }
}

function putBackAt<Key extends string | number>(
  holder: Record<Key, unknown>,
  key: Key,
  sources: ReadonlyMap<number, string>,
): void {
  const value = holder[key];
  if (typeof value === 'object') putBack(value, sources);
  else if (typeof value === 'number' && value >= firstStandIn) {
    const source = sources.get(value);
    if (source !== undefined) holder[key] = opaqueNumber(source);
  }
}
