import { type ApiRecord, textOf } from '../model/json.ts';

/** A record of an array file, as it stands there. */
export interface RecordLine {
  readonly id: string;
  parse(): ApiRecord;
}

const [newline, comma, quote, colon, backslash] = [0x0a, 0x2c, 0x22, 0x3a, 0x5c];
const [brace, endOfBrace, bracket, endOfBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The records of an array file, each with its id. They are parsed by whoever needs them: of a large file that may be a few.
 */
export function* recordLines(file: Uint8Array): Generator<RecordLine> {
  // The same bytes: a Buffer is quicker at finding.
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes[1] !== newline || (bytes[2] !== brace && bytes.length > 4)) {
    // Not as we write it: somebody has laid it out anew.
    for (const record of JSON.parse(bytes.toString()) as ApiRecord[])
      yield { id: String(record.id), parse: () => record };
    return;
  }
  for (let at = 2; at < bytes.length; ) {
    const from = at;
    const found = bytes.indexOf(newline, from);
    const end = found === -1 ? bytes.length : found;
    at = end + 1;
    if (bytes[from] !== brace) continue;
    const to = bytes[end - 1] === comma ? end - 1 : end;
    const parse = () => JSON.parse(bytes.toString('utf8', from, to)) as ApiRecord;
    yield { id: idOfRecord(bytes, from, to) ?? String(parse().id), parse };
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
