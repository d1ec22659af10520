import { identityOf, type Manifest } from '../backup-format/manifest.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';

/**
 * That a backup was copied here from another place, by the seal of its manifest. Written before the manifest is there, so that it
 * never counts as one that was made here: it can be restored, but is never the newest, nothing is built upon it, and it is never pruned.
 */
export interface CopiedRecord {
  /** Where from, for people. */
  readonly from: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** By the name with which it was written: somebody may give the folder another one, here or there. */
const folder = 'copied/';
const recordKey = (manifest: Manifest) => `${folder}${identityOf(manifest)}/${manifest.seal ?? ''}.json`;

export async function recordCopied(work: WorkStore, manifest: Manifest, record: CopiedRecord): Promise<void> {
  await writeJson(work, recordKey(manifest), record);
}

/** Undefined where no record says so. */
export async function copiedHere(work: WorkStore, manifest: Manifest): Promise<CopiedRecord | undefined> {
  return readJson<CopiedRecord>(work, recordKey(manifest));
}

/** Tells of many backups whether they were copied here: of most nothing is read, as there is no record. */
export async function readCopies(work: WorkStore): Promise<(manifest: Manifest) => Promise<boolean>> {
  const keys = new Set(await Array.fromAsync(work.list(folder)));
  return async (manifest) => keys.has(recordKey(manifest)) && (await copiedHere(work, manifest)) !== undefined;
}
