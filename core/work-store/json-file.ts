import { KeyExistsError, MissingKeyError } from '../errors.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** The value of a JSON file of the work store with the version that a compare-and-swap needs; undefined where there is none. */
export async function readVersionedJson<T>(
  work: WorkStore,
  key: string,
): Promise<{ readonly value: T; readonly version: string } | undefined> {
  const there = await work.read(key);
  return there && { value: JSON.parse(there.text) as T, version: there.version };
}

export async function readJson<T>(work: WorkStore, key: string): Promise<T | undefined> {
  return (await readVersionedJson<T>(work, key))?.value;
}

/** Reads a file that an earlier step must have left. Throws MissingKeyError. */
export async function needJson<T>(work: WorkStore, key: string): Promise<T> {
  const value = await readJson<T>(work, key);
  if (value === undefined)
    throw new MissingKeyError(
      `The work store has no ${key}: an earlier step of this run did not write it, or it was removed.`,
    );
  return value;
}

export async function writeJson<T>(work: WorkStore, key: string, value: T): Promise<void> {
  await work.write(key, JSON.stringify(value));
}

/**
 * Leaves a file where there is none. One that is there stays as it is, whoever wrote it: others may have gone on from it. So a
 * step that is tried again hands on what its first try did.
 */
export async function createJson<T>(work: WorkStore, key: string, value: T): Promise<void> {
  try {
    await work.create(key, JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof KeyExistsError)) throw error;
  }
}

/**
 * Compare-and-swap: writes a file where it is still what was read, `version` as it came with that, undefined where there was none. Gives the new
 * version. Throws KeyExistsError or VersionConflictError where somebody else has written since.
 */
export function swapJson<T>(work: WorkStore, key: string, value: T, version: string | undefined): Promise<string> {
  const text = JSON.stringify(value);
  return version === undefined ? work.create(key, text) : work.replace(key, text, version);
}
