import type { ActivityKind } from '../model/activity.ts';

/**
 * The two forms in which histories and comments lie: a file of just one object (`[`, a record a line, `]`), and in a file of many
 * objects the line of one, `{"object":"88","history":[...]}`. One is made of the other as text: a number that was parsed and written
 * again would not be as the site spelt it.
 */

/** @param records each JSON text without line breaks */
export function activityLine(kind: ActivityKind, objectId: string, records: readonly string[]): string {
  return `{"object":${JSON.stringify(objectId)},"${kind}":[${records.join(',')}]}`;
}

const start = /^\{"object":("(?:[^"\\]|\\.)*"),"(?:history|comments)":(?=\[)/;

/** The id of the object that a line is of; undefined for a line that is no object's, such as the `[` of the file. */
export function objectOfLine(line: string): string | undefined {
  const id = start.exec(line)?.[1];
  return id === undefined ? undefined : (JSON.parse(id) as string);
}

/** The records in an object's line, as they stand there. */
export function recordsOfLine(line: string): string[] {
  const array = line.slice(start.exec(line)?.[0].length ?? 0, -1);
  const records: string[] = [];
  let from = 1;
  let depth = 0;
  for (let at = 1; at < array.length - 1; at += 1) {
    const character = array[at];
    if (character === '"') at = endOfText(array, at);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      records.push(array.slice(from, at));
      from = at + 1;
    }
  }
  return array.length > 2 ? [...records, array.slice(from, -1)] : [];
}

function endOfText(json: string, begin: number): number {
  let at = begin + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

/** The records in the file of just one object, as they stand there. */
export function recordsOfFile(text: string): string[] {
  // Without the bracket before the first one, and the one after the last; `[]` where there is none.
  return text.trimEnd().split('\n').slice(1, -1).map(withoutComma);
}

/** A line of an array file without what parts it from the next. */
export const withoutComma = (line: string) => line.replace(/,$/, '');
