import { DamagedBackupError } from '../errors.ts';

/** What is wanted of a JSON value: all of it, or of a record, and of each in a list, only some fields. */
export type Wanted = true | { readonly [field: string]: Wanted };

/** The same with the names as bytes. */
type Wants = true | readonly { readonly name: Uint8Array; readonly wants: Wants }[];

/**
 * Leaves out of a file of records what nobody wants of them: gives them one a line, as JSON. Nine tenths of an object's record are
 * pictures and types, told anew with each reference; passing over them costs a third of parsing them, and no memory. Only for
 * bytes that are known to be JSON (`BackupSource` holds them against the sum of what was checked): nothing is checked here.
 */
export function skimRecords(bytes: Uint8Array, wanted: Wanted): Uint8Array {
  return new Skimmer(bytes, wantsOf(wanted)).records();
}

const [newline, carriageReturn, space, quote, comma, colon, backslash] = [0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x5c];
const [openList, closeList, openRecord, closeRecord] = [0x5b, 0x5d, 0x7b, 0x7d];
/** `[` and `{`, `]` and `}` differ by it. */
const bit = 0x20;
const byteOrderMark = [0xef, 0xbb, 0xbf];

class Skimmer {
  readonly #bytes: Uint8Array;
  readonly #wants: Wants;
  /** Never longer than what is read: a line's end stands in the place of a comma or a bracket. */
  readonly #out: Uint8Array;
  #at = 0;
  #end = 0;

  constructor(bytes: Uint8Array, wants: Wants) {
    this.#bytes = bytes;
    this.#wants = wants;
    this.#out = new Uint8Array(bytes.length);
  }

  records(): Uint8Array {
    if (byteOrderMark.every((byte, index) => this.#bytes[index] === byte)) this.#at = byteOrderMark.length;
    if (this.#next() !== openList) throw cutOff();
    this.#at += 1;
    while (this.#next() !== closeList) {
      this.#item(this.#wants);
      this.#write(newline);
      if (this.#next() === comma) this.#at += 1;
    }
    return this.#out.slice(0, this.#end);
  }

  #value(wants: Wants): void {
    if (wants !== true && this.#next() === openList) this.#list(wants);
    else this.#item(wants);
  }

  #item(wants: Wants): void {
    const first = this.#next();
    if (wants !== true && first === openRecord) this.#record(wants);
    else {
      const start = this.#at;
      this.#pass(first);
      this.#copy(start);
    }
  }

  #list(wants: Wants): void {
    this.#take();
    while (this.#next() !== closeList) {
      this.#item(wants);
      if (this.#next() === comma) this.#take();
    }
    this.#take();
  }

  #record(fields: Exclude<Wants, true>): void {
    let isFirst = true;
    this.#take();
    while (this.#next() !== closeRecord) {
      const start = this.#at;
      this.#pass(quote);
      const end = this.#at;
      if (this.#next() === colon) this.#at += 1;
      const wants = this.#wantsOf(fields, start + 1, end - 1);
      if (wants === undefined) this.#pass(this.#next());
      else {
        if (!isFirst) this.#write(comma);
        isFirst = false;
        this.#copy(start, end);
        this.#write(colon);
        this.#value(wants);
      }
      if (this.#next() === comma) this.#at += 1;
    }
    this.#take();
  }

  /** What is wanted of the field whose name stands there. A name with an escape may be any, and is kept. */
  #wantsOf(fields: Exclude<Wants, true>, start: number, end: number): Wants | undefined {
    const bytes = this.#bytes;
    for (const { name, wants } of fields) {
      if (name.length !== end - start) continue;
      let same = 0;
      while (same < name.length && name[same] === bytes[start + same]) same += 1;
      if (same === name.length) return wants;
    }
    for (let at = start; at < end; at += 1) if (bytes[at] === backslash) return true;
    return undefined;
  }

  /** Goes behind the value that begins here. */
  #pass(first: number): void {
    if (first === quote) this.#at = this.#behindText(this.#at);
    else if ((first | bit) === openRecord) this.#passNested();
    else while (!isEnd(this.#bytes[this.#at])) this.#at += 1;
  }

  /** Most bytes of a backup go by here. */
  #passNested(): void {
    const bytes = this.#bytes;
    const { length } = bytes;
    let depth = 0;
    for (let at = this.#at; at < length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote) {
        for (at += 1; at < length && bytes[at] !== quote; at += 1) if (bytes[at] === backslash) at += 1;
      } else if ((byte | bit) === openRecord) depth += 1;
      else if ((byte | bit) === closeRecord) {
        depth -= 1;
        if (depth === 0) {
          this.#at = at + 1;
          return;
        }
      }
    }
    throw cutOff();
  }

  #behindText(start: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    for (let at = start + 1; at < length; at += 1) {
      const byte = bytes[at];
      if (byte === quote) return at + 1;
      if (byte === backslash) at += 1;
    }
    throw cutOff();
  }

  /** The first byte that is no white space. */
  #next(): number {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at] as number;
      if (byte > space) return byte;
      this.#at += 1;
    }
    throw cutOff();
  }

  #take(): void {
    this.#write(this.#bytes[this.#at] as number);
    this.#at += 1;
  }

  #write(byte: number): void {
    this.#out[this.#end] = byte;
    this.#end += 1;
  }

  /** A line's end stands nowhere but between values, where a space is the same. */
  #copy(start: number, end = this.#at): void {
    const [bytes, out] = [this.#bytes, this.#out];
    let to = this.#end;
    for (let at = start; at < end; at += 1, to += 1) {
      const byte = bytes[at] as number;
      out[to] = byte === newline || byte === carriageReturn ? space : byte;
    }
    this.#end = to;
  }
}

const isEnd = (byte: number | undefined) =>
  byte === undefined || byte <= space || byte === comma || (byte | bit) === closeRecord;

const cutOff = () => new DamagedBackupError('A file of objects is no list, or is cut off.');

function wantsOf(wanted: Wanted): Wants {
  if (wanted === true) return true;
  const encoder = new TextEncoder();
  return Object.entries(wanted).map(([name, more]) => ({ name: encoder.encode(name), wants: wantsOf(more) }));
}
