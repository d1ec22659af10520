import { ExcessiveAnswer, mostDepth } from './answer-bounds.ts';

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const list = 0x5b;
const backslash = 0x5c;
const listEnd = 0x5d;
const record = 0x7b;
const recordEnd = 0x7d;

const tokenName = new TextEncoder().encode('mediaJwtToken');
const plainLetters = new TextEncoder().encode('bfnrt');

/** An item of a list that is a field of the whole, such as an object of a page: from where to where it goes, and how it is spelt. */
export interface ScannedItem {
  readonly start: number;
  end: number;
  /** Fields of it and of all that is nested in it. */
  fields: number;
  /**
   * Whether it is spelt as JSON.stringify spells it: no space, no other escape, no key that JavaScript would put before others. Where
   * it has as many fields as the value that it gives, no key stands in it twice, and it is JSON.stringify's text to the last byte.
   */
  isPlain: boolean;
  /** Whether each of its numbers is one that JSON.stringify spells as it stands here. */
  hasPlainNumbers: boolean;
  /** Media tokens in it: where what has to go begins and ends, with one of its commas, two numbers for each. */
  readonly tokens: number[];
}

export interface JsonScan {
  readonly items: readonly ScannedItem[];
  /** False where no name in it can be that of a media token, however it is spelt. */
  readonly mayHaveTokens: boolean;
  readonly hasPlainNumbers: boolean;
}

/**
 * Looks through JSON before it is parsed. How many values it has and how deep they are nested: `[{},{},...]` takes twenty times its
 * bytes in memory, and whatever walks through a deep value, JSON.stringify too, ends with the stack. And how its items are spelt, so
 * that what was received can be stored without being written anew. Of what is no JSON it may say anything. Throws ExcessiveAnswer.
 */
export function scanJson(bytes: Uint8Array, mostValues: number): JsonScan {
  const { length } = bytes;
  const items: ScannedItem[] = [];
  const outside = itemFrom(0);
  let item = outside;
  let mayHaveTokens = false;
  let hasPlainNumbers = true;
  /** By depth, what begins there: a record or a list. */
  const holders = new Uint8Array(mostDepth + 1);
  let isInList = false;
  let depth = 0;
  let values = 1;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      const start = at;
      for (at += 1; at < length && bytes[at] !== quote; at += 1) {
        if (bytes[at] !== backslash) continue;
        at += 1;
        if (isPlainEscape(bytes[at])) continue;
        item.isPlain = false;
        mayHaveTokens = true;
      }
      const isToken = isTokenName(bytes, start, at);
      // Wherever it stands: a space may come before the colon.
      if (isToken) mayHaveTokens = true;
      if (bytes[at + 1] !== colon) continue;
      if (isDigit(bytes[start + 1])) item.isPlain = false;
      if (!isToken) item.fields += 1;
      else if (holders[depth] !== record || !addToken(item.tokens, bytes, start, at + 2)) item.isPlain = false;
    } else if (byte === comma) values += 1;
    else if (byte === record || byte === list) {
      values += 1;
      depth += 1;
      if (depth > mostDepth) throw new ExcessiveAnswer(`JSON that is nested more than ${mostDepth} levels deep`);
      holders[depth] = byte;
      if (depth === 2) isInList = byte === list && holders[1] === record;
      else if (depth === 3 && isInList) item = itemFrom(at);
    } else if (byte === recordEnd || byte === listEnd) {
      if (depth === 3 && isInList) {
        item.end = at + 1;
        items.push(item);
        item = outside;
      }
      depth -= 1;
    } else if (byte === minus || isDigit(byte)) {
      const start = at;
      while (isOfNumber(bytes[at + 1])) at += 1;
      if (!isPlainNumber(bytes, start, at + 1)) {
        item.hasPlainNumbers = false;
        hasPlainNumbers = false;
      }
    } else if (byte === undefined || byte <= space) item.isPlain = false;
  }
  if (values > mostValues) throw new ExcessiveAnswer(`JSON of more than ${mostValues.toLocaleString('en-US')} values`);
  return { items, mayHaveTokens, hasPlainNumbers };
}

const itemFrom = (start: number): ScannedItem => ({
  start,
  end: start,
  fields: 0,
  isPlain: true,
  hasPlainNumbers: true,
  tokens: [],
});
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= zero && byte <= nine;

const isOfNumber = (byte: number | undefined) =>
  isDigit(byte) || byte === 0x2b || byte === minus || byte === 0x2e || byte === 0x45 || byte === 0x65;

/** A whole number that JavaScript can hold, and not -0; what else there is, such as 1.5, may be one as well. */
function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === minus ? start + 1 : start;
  if (end - first > 15 || (first > start && bytes[first] === zero)) return false;
  for (let at = first; at < end; at += 1) if (!isDigit(bytes[at])) return false;
  return true;
}

/** After a backslash: `\/` and `\u0041` are spelt otherwise by JSON.stringify, and what else there is is no JSON. */
function isPlainEscape(byte: number | undefined): boolean {
  return byte === quote || byte === backslash || (byte !== undefined && plainLetters.includes(byte));
}

/** @param start the quote before the name, `end` the one behind it */
function isTokenName(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== tokenName.length + 1) return false;
  for (let at = 0; at < tokenName.length; at += 1) if (bytes[start + 1 + at] !== tokenName[at]) return false;
  return true;
}

/**
 * False where the token is no plain text, or what stands around it is no JSON for certain: then the whole is parsed, and the field taken
 * out of what that gives. Without such a look `{"mediaJwtToken":"a",}` would be JSON once the token has gone.
 */
function addToken(tokens: number[], bytes: Uint8Array, start: number, valueStart: number): boolean {
  if (bytes[valueStart] !== quote) return false;
  let end = valueStart + 1;
  for (; bytes[end] !== quote; end += 1) if (!isPlainCharacter(bytes[end])) return false;
  end += 1;
  const isBegun = bytes[start - 1] === record || (bytes[start - 1] === comma && bytes[start - 2] !== record);
  const isEnded = bytes[end] === recordEnd || (bytes[end] === comma && bytes[end + 1] === quote);
  if (!isBegun || !isEnded) return false;
  // Two behind each other share a comma: without both, what is left may be no JSON.
  if (start === tokens.at(-1)) return false;
  if (bytes[end] === comma) tokens.push(start, end + 1);
  else tokens.push(bytes[start - 1] === comma ? start - 1 : start, end);
  return true;
}

const isPlainCharacter = (byte: number | undefined) =>
  byte !== undefined && byte >= space && byte < 0x7f && byte !== backslash;
