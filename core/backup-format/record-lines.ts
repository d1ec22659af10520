import { type ApiRecord, textOf } from '../model/json.ts';
import { withoutComma } from './activity-records.ts';

/**
 * The records of an array file as they stand there, each with its id. They are parsed by whoever needs them: of a large file that may
 * be a few.
 */
export function* recordLines(bytes: Uint8Array): Generator<readonly [id: string, line: string]> {
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith('[\n{') && !/^\s*\[\s*\]\s*$/.test(text)) {
    // Not as we write it: somebody has laid it out anew.
    for (const record of JSON.parse(text) as ApiRecord[]) yield [String(record.id), JSON.stringify(record)];
    return;
  }
  for (let from = 2; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = withoutComma(text.slice(from, end === -1 ? text.length : end));
    from = end === -1 ? text.length : end + 1;
    if (line.startsWith('{')) yield [idOfRecord(line), line];
  }
}

/** The id of a record, which API and backups spell as text or as a number, without parsing what is not before it. */
function idOfRecord(line: string): string {
  for (let at = 1; line[at] === '"'; at += 1) {
    const colon = endOfText(line, at) + 1;
    const end = endOfValue(line, colon + 1);
    if (line[colon] !== ':' || end === -1) break;
    if (line.slice(at, colon) === '"id"') {
      const id = textOf(JSON.parse(line.slice(colon + 1, end)));
      if (id !== undefined) return id;
    }
    at = end;
  }
  return String((JSON.parse(line) as ApiRecord).id);
}

/** Where the comma or the brace after a value stands; -1 where there is none. */
function endOfValue(line: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') at = endOfText(line, at);
    else if (character === '{' || character === '[') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return -1;
}

function endOfText(line: string, begin: number): number {
  let at = begin + 1;
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1;
  return at;
}
