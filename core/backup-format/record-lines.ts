import { type ApiRecord, textOf } from '../model/json.ts';

/** A record of an array file, as it stands there. */
export interface RecordLine {
  readonly id: string;
  parse(): ApiRecord;
}

const [newline, comma, quote, colon, backslash] = [0x0a, 0x2c, 0x22, 0x3a, 0x5c];
const [brace, endOfBrace, bracket, endOfBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The records of an array file, piece by piece as it comes, each with its id. They are parsed by whoever needs them: of a large file that
 * may be a few.
 */
export async function* recordLines(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  parseText: Parse = JSON.parse,
): AsyncGenerator<readonly RecordLine[]> {
  let rest: Buffer = Buffer.alloc(0);
  let isAsWritten: boolean | undefined;
  for await (const piece of pieces) {
    // The same bytes: a Buffer is quicker at finding.
    let bytes: Buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (isAsWritten === undefined) {
      bytes = Buffer.concat([rest, bytes]);
      rest = bytes.subarray(bytes.length);
      isAsWritten = beginsAsWritten(bytes);
    }
    const end = isAsWritten ? bytes.indexOf(newline) : -1;
    if (end === -1) {
      rest = Buffer.concat([rest, bytes]);
      continue;
    }
    const first = rest.length === 0 ? bytes.subarray(0, end) : Buffer.concat([rest, bytes.subarray(0, end)]);
    const last = bytes.lastIndexOf(newline);
    yield [...recordsIn(first, 0, first.length, parseText), ...recordsIn(bytes, end + 1, last, parseText)];
    rest = bytes.subarray(last + 1);
  }
  if (isAsWritten) yield [...recordsIn(rest, 0, rest.length, parseText)];
  // Somebody has laid it out anew.
  else yield laidOutAnew(rest, parseText);
}

/** Undefined while there is too little of the file to tell. */
function beginsAsWritten(bytes: Buffer): boolean | undefined {
  if (bytes.length < 3) return undefined;
  return bytes[1] === newline && (bytes[2] === brace || bytes[2] === endOfBracket);
}

type Parse = (json: string) => unknown;

function laidOutAnew(file: Buffer, parseText: Parse): RecordLine[] {
  if (file.length === 0) return [];
  return (parseText(file.toString()) as ApiRecord[]).map((record) => ({ id: String(record.id), parse: () => record }));
}

/** Those of whole lines between two places. */
function* recordsIn(bytes: Buffer, begin: number, end: number, parseText: Parse): Generator<RecordLine> {
  for (let from = begin; from < end; ) {
    const found = bytes.indexOf(newline, from);
    const endOfLine = found === -1 || found > end ? end : found;
    const [start, to] = [from, bytes[endOfLine - 1] === comma ? endOfLine - 1 : endOfLine];
    from = endOfLine + 1;
    if (bytes[start] !== brace) continue;
    const parse = () => parseText(bytes.toString('utf8', start, to)) as ApiRecord;
    yield { id: idOfRecord(bytes, start, to) ?? String(parse().id), parse };
  }
}

/** The id of a record, which API and backups spell as text or as a number; nothing that stands after it is looked at. */
function idOfRecord(bytes: Buffer, from: number, to: number): string | undefined {
  for (let at = from + 1; bytes[at] === quote; at += 1) {
    const end = endOfText(bytes, at, to) + 1;
    const next = bytes[end] === colon ? endOfValue(bytes, end + 1, to) : to;
    if (next >= to) return undefined;
    if (end - at === idInQuotes.length && bytes.compare(idInQuotes, 0, 4, at, end) === 0) {
      return textOf(JSON.parse(bytes.toString('utf8', end + 1, next)));
    }
    at = next;
  }
  return undefined;
}

const idInQuotes = Buffer.from('"id"');

/** Where the comma or the brace after a value stands; `to` where there is none. */
function endOfValue(bytes: Buffer, begin: number, to: number): number {
  let depth = 0;
  for (let at = begin; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfText(bytes, at, to);
    else if (byte === brace || byte === bracket) depth += 1;
    else if (depth === 0 && (byte === comma || byte === endOfBrace)) return at;
    else if (byte === endOfBrace || byte === endOfBracket) depth -= 1;
  }
  return to;
}

function endOfText(bytes: Buffer, begin: number, to: number): number {
  let at = begin + 1;
  while (at < to && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
