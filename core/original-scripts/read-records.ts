import { parseLosslessJson } from '../lossless-json.ts';
import { removeMediaTokens } from '../media-tokens.ts';
import { isRecord, type Json, type JsonRecord, textOf } from '../model/json.ts';

/** A file of the scripts as JSON; with a problem it is cut, or none. */
export type ReadJson = { readonly value: Json; readonly isWindows: boolean; readonly problem?: undefined } | Problem;
/** The records in it, whatever stands around them. */
export type ReadRecords =
  | {
      readonly records: readonly JsonRecord[];
      readonly passedOver: number;
      readonly isWindows: boolean;
      readonly problem?: undefined;
    }
  | Problem;

/** To go on after the path of the file. */
interface Problem {
  readonly problem: string;
  readonly records?: undefined;
}

/**
 * Parses a file. Python writes text in the encoding of its machine, unless it escapes all but ASCII, as it does by default: what is no
 * UTF-8 is read as that of Windows. Numbers stay as they are spelt; tokens of the media service go, as from answers of a site.
 */
export function readScriptJson(bytes: Uint8Array): ReadJson {
  if (bytes.length === 0) return { problem: 'is empty' };
  const text = decoded(bytes);
  try {
    const value = parseLosslessJson(text.text.replace(/^\ufeff/, ''));
    removeMediaTokens(value);
    return { value, isWindows: text.isWindows };
  } catch (error) {
    // Its message quotes the text.
    if (error instanceof SyntaxError) return { problem: 'is no JSON: it was cut, or changed' };
    if (error instanceof RangeError) return { problem: 'is nested too deep' };
    throw error;
  }
}

/** The same of a file that holds a list: an array, an object keyed by ids, or an answer of the API around one of these. */
export function readRecords(bytes: Uint8Array): ReadRecords {
  const read = readScriptJson(bytes);
  if (read.problem !== undefined) return read;
  const list = listIn(read.value);
  if (list === undefined) return { problem: 'holds no list' };
  const records = list.filter(isRecord);
  return { records, passedOver: list.length - records.length, isWindows: read.isWindows };
}

/** Fields of answers of the API in which a list stands. */
const lists = ['values', 'objectEntries', 'objectschemas', 'entries'];

function listIn(value: Json): readonly Json[] | undefined {
  // The pages of an answer may stand one after another, as lists, or each with what stands around it.
  if (Array.isArray(value))
    return value.flatMap((one): readonly Json[] => (isPage(one) ? (listIn(one) ?? [one]) : [one]));
  if (!isRecord(value)) return undefined;
  for (const name of lists) {
    const inside = value[name];
    if (Array.isArray(inside) && !isRecord(value.objectType)) return listIn(inside);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return [];
  // Keyed by id: an entry need not repeat it.
  if (entries.every(([, entry]) => isRecord(entry)))
    return entries.map(([id, entry]) => (isRecord(entry) && entry.id === undefined ? { id, ...entry } : entry));
  return undefined;
}

/** Records of the API have such fields too, but not as lists beside nothing that names them. */
function isPage(value: Json): boolean {
  if (Array.isArray(value)) return true;
  return isRecord(value) && value.id === undefined && lists.some((name) => Array.isArray(value[name]));
}

/** Objects as they were displayed, by their ids. */
export type ReadDisplayed =
  | {
      readonly objects: ReadonlyMap<string, JsonRecord>;
      /** How many ids were taken from keys. */
      readonly byKey: number;
      readonly passedOver: number;
      readonly isWindows: boolean;
      readonly problem?: undefined;
    }
  | Problem;

/**
 * A file of displayed objects: keyed by ids, or by the objects' keys, or a list. An object's id is the number in its key (reference,
 * section 0). What has neither, or stands twice, is passed over.
 */
export function readDisplayedObjects(bytes: Uint8Array): ReadDisplayed {
  const read = readScriptJson(bytes);
  if (read.problem !== undefined) return read;
  const named: readonly (readonly [string | undefined, Json])[] | undefined = Array.isArray(read.value)
    ? read.value.map((one) => [isRecord(one) ? textOf(one.id) : undefined, one] as const)
    : isRecord(read.value)
      ? Object.entries(read.value)
      : undefined;
  if (named === undefined) return { problem: 'holds no objects' };
  const objects = new Map<string, JsonRecord>();
  let [byKey, passedOver] = [0, 0];
  for (const [name, shown] of named) {
    const key = name ?? (isRecord(shown) ? textOf(shown.Key) : undefined);
    const inKey = /^.+-(\d+)$/.exec(key ?? '')?.[1];
    const id = inKey ?? name;
    if (id === undefined || !isRecord(shown) || objects.has(id)) {
      passedOver += 1;
      continue;
    }
    if (inKey !== undefined) byKey += 1;
    const { id: _, ...values } = shown;
    objects.set(id, Array.isArray(read.value) ? values : shown);
  }
  return { objects, byKey, passedOver, isWindows: read.isWindows };
}

function decoded(bytes: Uint8Array): { readonly text: string; readonly isWindows: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), isWindows: false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { text: new TextDecoder('windows-1252').decode(bytes), isWindows: true };
  }
}
