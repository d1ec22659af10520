import { workKeys } from '../backup/work-files.ts';
import { isBackupName } from '../backup-format/keys.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import { readersOf, wasCopiedLately } from '../runs/backup-readers.ts';
import { sitesBeingBackedUp } from '../runs/site-lock.ts';
import { readJson } from '../work-store/json-file.ts';
import type { FactServices } from './gather-facts.ts';
import { isPruningBegun } from './pruning-mark.ts';

/** What becomes of a folder without a manifest: why it stays, or null where it goes. */
export interface UnfinishedDecision {
  readonly name: string;
  readonly stays: string | null;
}

const day = 86_400_000;

/**
 * Folders that a run has left without a manifest go a day after the time of their name, once it is known that the run has ended; what
 * is left of a deletion that was broken off goes at once. One whose manifest was there once, as a record or its lists say, is not
 * touched: it may be put back.
 */
export async function judgeUnfinished(
  services: FactServices,
  names: readonly string[],
): Promise<readonly UnfinishedDecision[]> {
  const isSomeRunning = names.length > 0 && (await sitesBeingBackedUp(services)).size > 0;
  const decisions: UnfinishedDecision[] = [];
  for (const name of names) decisions.push({ name, stays: await whyItStays(services, name, isSomeRunning) });
  return decisions;
}

async function whyItStays(services: FactServices, name: string, isSomeRunning: boolean): Promise<string | null> {
  const { backups, work, runs, clock } = services;
  if (!isBackupName(name)) return 'its name is not one of a backup';
  const isRead = (await readersOf(services, name)).length > 0;
  if (!isRead && (await isPruningBegun(work, name))) return null;
  if (await hasAny(work.list(`finished/${name}/`)))
    return 'a backup of this name was finished, and its manifest is gone';
  if (await hasAny(work.list(`copied/${name}/`))) return 'it was copied here, and its manifest is gone';
  if (isRead || (await wasCopiedLately(services, name))) return 'it is being copied here, or was until lately';
  const owner = await readJson<RunHolder>(work, workKeys(name).owner);
  // A backup of 0.1.0 has no record that it was finished, and one that somebody has put here has none at all.
  if (!owner && (await hasAny(backups.list(`${name}/manifest/`))))
    return 'it has the lists of a finished backup, no record of its run, and no manifest';
  const hasEnded = owner ? await runs.hasEnded(owner) : !isSomeRunning;
  if (!hasEnded) return 'its run is not known to have ended';
  return clock.now() - timeOf(name) > day ? null : 'it is not a day old yet';
}

async function hasAny(keys: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _ of keys) return true;
  return false;
}

/** `2026-11-23_02-00-00` → milliseconds since the epoch. */
function timeOf(name: string): number {
  const [date = '', time = ''] = name.split('_');
  return Date.parse(`${date}T${time.replaceAll('-', ':')}Z`);
}
