import { type ActivityLine, type ActivityState, isActivityList } from '../backup-format/activity-list.ts';
import type { ActivityPlace } from '../backup-format/activity-places.ts';
import { isAttributeList } from '../backup-format/attribute-list.ts';
import { type StoredFile, sha256 } from '../backup-format/manifest.ts';
import { countRecords } from '../backup-format/record-files.ts';
import { type Skimmer, skimmerOf } from '../backup-format/skim-records.ts';
import { counted } from '../counted.ts';
import { DamagedBackupError, MissingKeyError } from '../errors.ts';
import { type ActivityKind, activityKinds } from '../model/activity.ts';
import { isRecord, type Json, textOf } from '../model/json.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { KeptFiles } from '../reading/kept-files.ts';

/** Several files are read at once. One of another size is told by its bytes, but what somebody has put there may be of any. */
const mostToTell = 64 * 1024 * 1024;

interface Look {
  /** Whose activity it holds, where it holds any. */
  readonly place?: ActivityPlace | undefined;
  /** Keeps what a restore reads of its objects, where it holds any. */
  readonly kept?: KeptFiles | null;
}

/** A file's bytes where they are what its list says, or a sentence that says what is wrong. */
export async function checkFile(
  backups: BackupStore,
  file: StoredFile,
  look: Look = {},
): Promise<{ readonly bytes: Uint8Array } | { readonly problem: string }> {
  try {
    const bytes = await backups.read(file.key, Math.max(file.bytes, mostToTell));
    if (bytes.length !== file.bytes) return { problem: `has ${bytes.length} bytes instead of ${file.bytes}.` };
    if (sha256(bytes) !== file.sha256) return { problem: "is damaged: its SHA-256 is not the manifest's." };
    const { records, isOfItsShape } = looked(file, bytes, look);
    if (records !== file.records) return { problem: `has ${counted(records, 'record')} instead of ${file.records}.` };
    return isOfItsShape ? { bytes } : { problem: 'is of another shape than the format gives it.' };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/**
 * How many records a file has, and whether they are what they should be: a checksum says only that a file is what its list says, and
 * whoever seals a list may have written anything. Throws DamagedBackupError where it is not JSON.
 */
function looked(file: StoredFile, bytes: Uint8Array, { place, kept }: Look) {
  const { key } = file;
  const items = itemsOf(key, place);
  // A list begins with a bracket, behind white space and a byte order mark.
  const isList = bytes.find((byte) => byte > 0x20 && byte < 0x80) === 0x5b;
  if (!items || !isList) return { records: countRecords(key, bytes), isOfItsShape: !items && isOfItsShape(key, bytes) };
  try {
    const { skimmer } = items;
    const records = linesOf(
      items === objects && kept ? skimmer.ofLines(kept.skim(file, bytes)) : skimmer.ofList(bytes),
    );
    return { records: records.length, isOfItsShape: records.every((line) => items.isOne(JSON.parse(line) as Json)) };
  } catch (error) {
    throw new DamagedBackupError(`${key} is not JSON.`, { cause: error });
  }
}

/** What each item of a file of objects, attributes or activity is, by what has to be seen of it. */
interface Items {
  readonly skimmer: Skimmer;
  readonly isOne: (item: Json) => boolean;
}

const records: Items = { skimmer: skimmerOf({}), isOne: isRecord };
const objects: Items = {
  skimmer: skimmerOf({ id: true }),
  isOne: (item) => isRecord(item) && textOf(item.id) !== undefined,
};
const entries: Readonly<Record<ActivityKind, Items>> = {
  history: { skimmer: skimmerOf({ object: true, history: {} }), isOne: isEntryOf('history') },
  comments: { skimmer: skimmerOf({ object: true, comments: {} }), isOne: isEntryOf('comments') },
};

/** Undefined for every other file. */
function itemsOf(key: string, place: ActivityPlace | undefined): Items | undefined {
  const folder = /\/(objectsmeta|config\/attributes|objects\/history|objects\/comments)\/[^/]+$/.exec(key)?.[1];
  if (folder === undefined) return undefined;
  if (place && 'shard' in place) return entries[place.kind];
  return folder === 'objectsmeta' ? objects : records;
}

function isOfItsShape(key: string, bytes: Uint8Array): boolean {
  if (key.includes('/manifest/references-outside-')) return linesOf(bytes).every(isReference);
  if (isAttributeList(key)) return linesOf(bytes).every(isListedAttribute);
  if (isActivityList(key)) return linesOf(bytes).every(isActivityLine);
  if (!/\/objects\/[^/]+$/.test(key)) return true;
  return isRecord(JSON.parse(new TextDecoder().decode(bytes)));
}

export function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line !== '');
}

function isReference(line: string): boolean {
  const value = JSON.parse(line) as Json;
  return isRecord(value) && [value.from, value.attribute, value.to].every((id) => typeof id === 'string');
}

function isListedAttribute(line: string): boolean {
  const value = JSON.parse(line) as Json;
  return isRecord(value) && [value.type, value.id, value.name].every((text) => typeof text === 'string');
}

function isActivityLine(line: string): boolean {
  const value = JSON.parse(line) as Partial<ActivityLine> | null;
  const areTexts = [value?.object, value?.type, value?.digest].every((text) => typeof text === 'string');
  return areTexts && activityKinds.every((kind) => isState(value?.[kind]));
}

function isState(state: Partial<ActivityState> | undefined): boolean {
  const { read, records } = state ?? {};
  return (read === null || typeof read === 'string') && Number.isSafeInteger(records) && (records ?? -1) >= 0;
}

/** A line of a file of many objects: `{"object":"88","history":[...]}`. Who has none has no line. */
function isEntryOf(kind: ActivityKind): (entry: Json) => boolean {
  return (entry) => {
    if (!isRecord(entry) || typeof entry.object !== 'string') return false;
    const records = entry[kind];
    return Array.isArray(records) && records.length > 0 && (records as Json[]).every((record) => isRecord(record));
  };
}

/** What a store's refusal means for a file. Errors of another kind are thrown on. */
export function problemOf(error: unknown): string {
  if (error instanceof MissingKeyError) return `${error.problem}.`;
  if (error instanceof DamagedBackupError) return error.message;
  throw error;
}
