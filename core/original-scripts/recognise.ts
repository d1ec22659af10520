import { arrayFile } from '../backup-format/record-files.ts';
import { type Json, textOf } from '../model/json.ts';
import { readRecords } from './read-records.ts';

/** What the list of schemas tells of a backup of the original scripts; undefined of what is none. */
export interface RecognisedScripts {
  /** Keys of the schemas that it lists, of which not all need to be in the backup. */
  readonly schemas: readonly string[];
}

/** The file by which such a backup is known, below its own folder. */
export const scriptsListPath = 'config/objectschemas.json';

/**
 * Tells by the list of schemas whether a folder without a manifest was written by the original scripts, or by a run of ours that did not
 * come to its end: that one writes each record into a line of its own, without a blank, and the scripts do not.
 */
export function recogniseScripts(list: Uint8Array): RecognisedScripts | undefined {
  const read = readRecords(list);
  if (read.problem !== undefined || read.records.length === 0) return undefined;
  const schemas = read.records.flatMap((record) => textOf(record.objectSchemaKey) ?? []);
  return schemas.length === 0 || isOurs(list, read.records) ? undefined : { schemas };
}

/** The same of another list of the configuration, where the list of schemas is missing or was cut. */
export function isListOfScripts(list: Uint8Array): boolean {
  const read = readRecords(list);
  return read.problem === undefined && read.records.length > 0 && !isOurs(list, read.records);
}

function isOurs(list: Uint8Array, records: readonly Json[]): boolean {
  const ours = arrayFile(records.map((record) => JSON.stringify(record)));
  return ours.length === list.length && ours.every((byte, at) => byte === list[at]);
}
