import { type DamagedWorkFileError, KeyExistsError, nameOf, UnsupportedFormatError } from '../errors.ts';
import { harmlessJson } from '../harmless.ts';
import { isRecord } from '../model/json.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { damagedFile } from './damaged-file.ts';
import { shapeOfFile } from './work-file-shapes.ts';

/** Of what is written here. 0.1.0 wrote no number; a file of a higher one is refused. */
const workFormat = 2;

/** A file as it lies there. It says which one it is, so that a copy in another one's place is seen; a list stands in a field. */
interface WorkFile {
  readonly $file?: unknown;
  readonly $format?: unknown;
  readonly $list?: unknown;
}

/**
 * The value of a JSON file of the work store with the version that a compare-and-swap needs; undefined where there is none.
 * This is the only door to such files: what is damaged does not pass. Throws DamagedWorkFileError, UnsupportedFormatError.
 */
export async function readVersionedJson<T>(
  work: WorkStore,
  key: string,
): Promise<{ readonly value: T; readonly version: string } | undefined> {
  const there = await work.read(key);
  return there && { value: checked<T>(work, key, parsed(work, key, there.text)), version: there.version };
}

export async function readJson<T>(work: WorkStore, key: string): Promise<T | undefined> {
  return (await readVersionedJson<T>(work, key))?.value;
}

/** Reads a file that an earlier step must have left. Throws DamagedWorkFileError where it is not there either. */
export async function needJson<T>(work: WorkStore, key: string): Promise<T> {
  const value = await readJson<T>(work, key);
  if (value === undefined) throw missingFile(work, key);
  return value;
}

/** Reads a file of records, a line each, that an earlier step must have left. Throws DamagedWorkFileError. */
export async function needLines<T>(work: WorkStore, key: string): Promise<T[]> {
  const there = await work.read(key);
  if (!there) throw missingFile(work, key);
  if (!there.text.endsWith('\n')) throw damagedFile(work, key, there.text === '' ? 'is empty' : 'is cut off');
  const lines = there.text.slice(0, -1).split('\n');
  return lines.map((line) => checked<T>(work, key, parsed(work, key, line)));
}

export function missingFile(work: WorkStore, key: string): DamagedWorkFileError {
  return damagedFile(work, key, 'is missing: a run did not write it, or it was removed');
}

function parsed(work: WorkStore, key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own sentence would quote what the file holds.
    const what = text === '' ? 'is empty' : /[}\]]\s*$/.test(text) ? 'is damaged: it is not JSON' : 'is cut off';
    throw damagedFile(work, key, what, new SyntaxError(`${nameOf(error)} after ${text.length} characters`));
  }
}

function checked<T>(work: WorkStore, key: string, value: unknown): T {
  const { $file = key, $format = 1, $list, ...contents }: WorkFile = isRecord(value) ? value : {};
  if (typeof $format === 'number' && $format > workFormat) {
    throw new UnsupportedFormatError(
      `${work.addressOf(key)} was written by a newer version of assets-backup (format ${$format}; this one reads up to ${workFormat}). Use that version.`,
    );
  }
  if ($file !== key) throw damagedFile(work, key, 'is a copy of another file, in the place of its own');
  const inside = $list ?? (isRecord(value) ? contents : value);
  const problem = shapeOfFile(key)?.(inside, '') ?? strangerIn(key, inside);
  if (problem !== undefined) throw damagedFile(work, key, `is damaged: ${problem}`);
  return inside as T;
}

/** What names its restore, as journals have from the beginning, must lie where that one's files lie. */
function strangerIn(key: string, value: unknown): string | undefined {
  const restore = isRecord(value) ? value.restore : undefined;
  const isElsewhere = typeof restore === 'string' && !key.split(/[/.]/).includes(restore);
  return isElsewhere ? 'it belongs to another restore' : undefined;
}

function fileText(key: string, value: unknown): string {
  const header: WorkFile = { $file: key, $format: workFormat };
  return harmlessJson(isRecord(value) ? { ...header, ...value } : { ...header, $list: value });
}

export async function writeJson<T>(work: WorkStore, key: string, value: T): Promise<void> {
  await work.write(key, fileText(key, value));
}

/** Writes the items of a map of the state machine, which reads the file itself, and takes nothing but a list. */
export async function writeItems(work: WorkStore, key: string, items: readonly unknown[]): Promise<void> {
  await work.write(key, JSON.stringify(items));
}

/**
 * Leaves a file where there is none. One that is there stays as it is, whoever wrote it: others may have gone on from it. So a
 * step that is tried again hands on what its first try did.
 */
export async function createJson<T>(work: WorkStore, key: string, value: T): Promise<void> {
  try {
    await work.create(key, fileText(key, value));
  } catch (error) {
    if (!(error instanceof KeyExistsError)) throw error;
  }
}

/**
 * Compare-and-swap: writes a file where it is still what was read, `version` as it came with that, undefined where there was none. Gives the new
 * version. Throws KeyExistsError or VersionConflictError where somebody else has written since.
 */
export function swapJson<T>(work: WorkStore, key: string, value: T, version: string | undefined): Promise<string> {
  const text = fileText(key, value);
  return version === undefined ? work.create(key, text) : work.replace(key, text, version);
}
