/** What is wanted of a JSON value: all of it, or of a record, and of each in a list, only some fields. */
export type Wanted = true | Fields;

interface Fields {
  readonly [field: string]: Wanted;
}

/** The same with the names as bytes, by their lengths: of the names that go by, most are not wanted. */
type Wants = readonly (readonly { readonly name: Uint8Array; readonly wants: true | Wants }[] | undefined)[];

export interface Skimmer {
  /** Of the list of records in a file. Throws SyntaxError where JSON.parse would, and where the file is no list. */
  ofList(bytes: Uint8Array): Uint8Array;
  /** Of what a skimmer gave. */
  ofLines(lines: Uint8Array): Uint8Array;
}

/**
 * Gives what is wanted of each of many records, one a line. Four fifths of an object's record are pictures and
 * types that are told anew with each reference: they are held against the grammar of JSON (RFC 8259) and passed over, in half the
 * time that it takes to parse them, and without memory.
 */
export function skimmerOf(fields: Fields): Skimmer {
  const wants = wantsOf(fields);
  return {
    ofList(bytes) {
      const out = new Copied(bytes);
      const start = byteOrderMark.every((byte, index) => bytes[index] === byte) ? byteOrderMark.length : 0;
      const first = behindSpace(bytes, start);
      if (bytes[first] !== openList) throw unexpected(first);
      const end = behindSpace(bytes, skimItems(bytes, first, wants, out, newline));
      if (end < bytes.length) throw unexpected(end);
      return out.bytes;
    },
    ofLines(lines) {
      const out = new Copied(lines);
      for (let at = 0; at < lines.length; at += 1) {
        if (at > 0) out.write(newline);
        at = skimItem(lines, at, wants, out);
      }
      return out.bytes;
    },
  };
}

const [tab, newline, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
const [openList, closeList, openRecord, closeRecord] = [0x5b, 0x5d, 0x7b, 0x7d];
/** From a bracket to the one that closes it. */
const toClosing = 2;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const [plus, minus, point, zero, nine] = [0x2b, 0x2d, 0x2e, 0x30, 0x39];
const [exponent, unicode, lowerCase] = [0x65, 0x75, 0x20];
const encoder = new TextEncoder();
const literals = ['true', 'false', 'null'].map((text) => encoder.encode(text));
const escaped = new Set(encoder.encode('"\\/bfnrt'));
/** 1 for each byte that stands for itself in a text. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < space || byte === quote || byte === backslash ? 0 : 1,
);

// Every byte of a backup goes by here, so positions are handed on as numbers, and nothing is made for a value: each function takes
// where something begins, and gives where it ends.

function skimItems(bytes: Uint8Array, start: number, wants: Wants, out: Copied, between: number): number {
  let at = behindSpace(bytes, start + 1);
  if (bytes[at] === closeList) return at + 1;
  for (;;) {
    at = behindSpace(bytes, skimItem(bytes, at, wants, out));
    if (bytes[at] === closeList) return at + 1;
    at = behindComma(bytes, at);
    out.write(between);
  }
}

function skimItem(bytes: Uint8Array, start: number, wants: Wants, out: Copied): number {
  if (bytes[start] === openRecord) return skimRecord(bytes, start, wants, out);
  const end = behindValue(bytes, start);
  out.copy(start, end);
  return end;
}

function skimRecord(bytes: Uint8Array, start: number, wants: Wants, out: Copied): number {
  out.write(openRecord);
  let at = behindSpace(bytes, start + 1);
  let kept = 0;
  const isEmpty = bytes[at] === closeRecord;
  while (!isEmpty) {
    const name = at;
    const nameEnd = behindText(bytes, name);
    const value = behindColon(bytes, nameEnd);
    const wanted = wantedOf(bytes, name + 1, nameEnd - 1, wants);
    if (wanted === undefined) at = behindValue(bytes, value);
    else {
      if (kept > 0) out.write(comma);
      kept += 1;
      at = skimField(bytes, name, value, wanted, out);
    }
    at = behindSpace(bytes, at);
    if (bytes[at] === closeRecord) break;
    at = behindComma(bytes, at);
  }
  out.write(closeRecord);
  return at + 1;
}

/** @param name where the field's name begins */
function skimField(bytes: Uint8Array, name: number, value: number, wanted: true | Wants, out: Copied): number {
  const first = bytes[value];
  if (wanted === true || (first !== openRecord && first !== openList)) {
    const end = behindValue(bytes, value);
    out.copy(name, end);
    return end;
  }
  out.copy(name, value);
  if (first === openRecord) return skimRecord(bytes, value, wanted, out);
  out.write(openList);
  const end = skimItems(bytes, value, wanted, out, comma);
  out.write(closeList);
  return end;
}

/** What is wanted of the field whose name stands there. A name that is spelt with an escape may be any, and is kept. */
function wantedOf(bytes: Uint8Array, start: number, end: number, wants: Wants): true | Wants | undefined {
  const some = wants[end - start];
  if (some) {
    for (let index = 0; index < some.length; index += 1) {
      const { name, wants: wanted } = some[index] as (typeof some)[number];
      let same = 0;
      while (same < name.length && name[same] === bytes[start + same]) same += 1;
      if (same === name.length) return wanted;
    }
  }
  for (let at = start; at < end; at += 1) if (bytes[at] === backslash) return true;
  return undefined;
}

/** The brackets that are still to come in a value that is passed over. */
const closing: number[] = [];

/** Without recursion: a value may be nested as deep as its file is long. */
function behindValue(bytes: Uint8Array, start: number): number {
  let at = start;
  let depth = 0;
  for (;;) {
    const byte = bytes[at];
    let isOpen = false;
    if (byte === quote) at = behindText(bytes, at);
    else if (byte === openRecord || byte === openList) {
      closing[depth] = byte + toClosing;
      depth += 1;
      at = behindSpace(bytes, at + 1);
      isOpen = bytes[at] !== byte + toClosing;
      if (isOpen && byte === openRecord) at = behindName(bytes, at);
    } else at = behindScalar(bytes, at);
    while (!isOpen) {
      if (depth === 0) return at;
      at = behindSpace(bytes, at);
      const bracket = closing[depth - 1];
      if (bytes[at] === comma) {
        at = behindComma(bytes, at);
        if (bracket === closeRecord) at = behindName(bytes, at);
        break;
      }
      if (bytes[at] !== bracket) throw unexpected(at);
      at += 1;
      depth -= 1;
    }
  }
}

function behindText(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== quote) throw unexpected(start);
  for (let at = start + 1; ; ) {
    while (isPlain[bytes[at] as number] === 1) at += 1;
    if (bytes[at] === quote) return at + 1;
    if (bytes[at] !== backslash) throw unexpected(at);
    at = behindEscape(bytes, at);
  }
}

function behindEscape(bytes: Uint8Array, start: number): number {
  const sign = bytes[start + 1] ?? 0;
  const digits = String.fromCharCode(...bytes.subarray(start + 2, start + 6));
  if (sign === unicode && /^[\da-f]{4}$/i.test(digits)) return start + 6;
  if (!escaped.has(sign)) throw unexpected(start);
  return start + 2;
}

function behindScalar(bytes: Uint8Array, start: number): number {
  for (const literal of literals) if (literal[0] === bytes[start]) return behindLiteral(bytes, start, literal);
  return behindNumber(bytes, start);
}

function behindLiteral(bytes: Uint8Array, start: number, literal: Uint8Array): number {
  for (let at = 0; at < literal.length; at += 1) if (literal[at] !== bytes[start + at]) throw unexpected(start + at);
  return start + literal.length;
}

function behindNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === minus ? start + 1 : start;
  at = bytes[at] === zero ? at + 1 : behindDigits(bytes, at);
  if (bytes[at] === point) at = behindDigits(bytes, at + 1);
  if (((bytes[at] ?? 0) | lowerCase) !== exponent) return at;
  const hasSign = bytes[at + 1] === plus || bytes[at + 1] === minus;
  return behindDigits(bytes, hasSign ? at + 2 : at + 1);
}

function behindDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] ?? 0) >= zero && (bytes[at] ?? 0) <= nine) at += 1;
  if (at === start) throw unexpected(at);
  return at;
}

const behindName = (bytes: Uint8Array, start: number) => behindColon(bytes, behindText(bytes, start));
const behindColon = (bytes: Uint8Array, start: number) => behindSign(bytes, behindSpace(bytes, start), colon);
const behindComma = (bytes: Uint8Array, start: number) => behindSign(bytes, start, comma);

function behindSign(bytes: Uint8Array, start: number, sign: number): number {
  if (bytes[start] !== sign) throw unexpected(start);
  return behindSpace(bytes, start + 1);
}

/** Mostly there is none. */
function behindSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at] as number; byte <= space; byte = bytes[at] as number) {
    if (byte !== space && byte !== newline && byte !== carriageReturn && byte !== tab) return at;
    at += 1;
  }
  return at;
}

const unexpected = (at: number) => new SyntaxError(`A list of records is not JSON at byte ${at}.`);

/** Where the file before was copied to: V8 collects garbage sooner for each that is made anew. Of a large one nothing is kept. */
let scratch = new Uint8Array(64 * 1024);
const mostScratch = 2 * 1024 * 1024;

/** What was copied of a file; of one at a time. */
class Copied {
  readonly #from: Uint8Array;
  #to = scratch;
  #end = 0;

  constructor(from: Uint8Array) {
    this.#from = from;
  }

  get bytes(): Uint8Array {
    return this.#to.slice(0, this.#end);
  }

  write(byte: number): void {
    if (this.#end === this.#to.length) this.#grow(1);
    this.#to[this.#end] = byte;
    this.#end += 1;
  }

  /** A line's end stands nowhere but between values, where a space is the same. */
  copy(start: number, end: number): void {
    if (this.#end + end - start > this.#to.length) this.#grow(end - start);
    const from = this.#from;
    const to = this.#to;
    let at = this.#end;
    for (let read = start; read < end; read += 1, at += 1) {
      const byte = from[read] as number;
      to[at] = byte === newline || byte === carriageReturn ? space : byte;
    }
    this.#end = at;
  }

  #grow(bytes: number): void {
    const to = new Uint8Array(Math.max(2 * this.#to.length, this.#end + bytes));
    to.set(this.#to);
    this.#to = to;
    if (to.length <= mostScratch) scratch = to;
  }
}

function wantsOf(fields: Fields): Wants {
  const named = Object.entries(fields).map(([name, wanted]) => ({
    name: encoder.encode(name),
    wants: wanted === true ? wanted : wantsOf(wanted),
  }));
  const longest = named.reduce((most, { name }) => Math.max(most, name.length), 0);
  return Array.from({ length: longest + 1 }, (_, length) => {
    const some = named.filter(({ name }) => name.length === length);
    return some.length > 0 ? some : undefined;
  });
}
