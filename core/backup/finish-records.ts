import { backupName, isBackupName } from '../backup-format/keys.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { backupNames, type ListedBackup, openListed } from '../backup-format/open-backup.ts';
import { counts } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';
import { readCopies } from './copied-records.ts';
import { namesFrom } from './take-name.ts';

/**
 * That this place made a backup, by the seal of its manifest. "Finish backup" writes it before the manifest, so that a second
 * try knows the manifest of the first; no other step may write there, so that a manifest which somebody has put among the
 * backups has none. Kept for good: it is small.
 */
interface FinishRecord {
  readonly executionId: string;
}

const folder = 'finished/';
const recordKey = (backup: string, seal: string) => `${folder}${backup}/${seal}.json`;

export async function recordFinish(
  work: WorkStore,
  { backup, executionId }: Pick<Run, 'backup' | 'executionId'>,
  { seal = '' }: Manifest,
): Promise<void> {
  await writeJson<FinishRecord>(work, recordKey(backup, seal), { executionId });
}

/** A manifest, by the name of the folder that it lies in. */
type Finished = Pick<Extract<ListedBackup, { state: 'finished' }>, 'name' | 'manifest'>;

/** The execution that finished a backup; undefined where no record says that one of this place did. */
export async function finishedBy(work: WorkStore, { name, manifest }: Finished): Promise<string | undefined> {
  return (await readJson<FinishRecord>(work, recordKey(name, manifest.seal ?? '')))?.executionId;
}

/**
 * `recorded`: this place made it. `older`: it has no record, and is older than the first one that has: of 0.1.0, or copied
 * here before. `copied`: it was copied here from another place, also where it had been made here once: whoever brings back one
 * that was deleted wants to keep it. `future`: its times lie ahead of the clock. `stranger`: it has no
 * record although those about it have.
 */
export type Origin = 'recorded' | 'older' | 'copied' | 'future' | 'stranger';

/** What counts: nothing else decides what is recent, what is the latest, and what a new backup is compared with. */
export const isOurs = (origin: Origin): origin is 'recorded' | 'older' => origin === 'recorded' || origin === 'older';

/** As far as clocks of machines that work together may differ: S3 refuses a request whose clock is further off. */
const clockTolerance = 15 * 60_000;

/** Tells where finished backups come from, as records stand now. */
export async function readOrigins(work: WorkStore): Promise<(finished: Finished, now: number) => Promise<Origin>> {
  const first = await firstRecorded(work);
  const copiedHere = await readCopies(work);
  return async (finished, now) => {
    const newest = lastTimeIn(finished);
    if (!(newest <= now + clockTolerance)) return 'future';
    // What was made of a backup of the original scripts can only have been copied here.
    if (finished.manifest.originalScripts || (await copiedHere(finished.manifest))) return 'copied';
    if ((await finishedBy(work, finished)) !== undefined) return 'recorded';
    return first === undefined || backupName(new Date(newest).toISOString()) < first ? 'older' : 'stranger';
  };
}

async function firstRecorded(work: WorkStore): Promise<string | undefined> {
  for await (const key of work.list(folder)) {
    const [, backup = ''] = key.split('/');
    // Other programs leave files of their own in folders that they look into.
    if (isBackupName(backup)) return backup;
  }
  return undefined;
}

/** The newest of the times that a backup names, in milliseconds; NaN where one of them is none. */
function lastTimeIn({ name, manifest: { startedAt, finishedAt } }: Finished): number {
  const [day = '', time = ''] = name.split('_');
  return Math.max(...[`${day}T${time.replaceAll('-', ':')}Z`, startedAt, finishedAt].map((text) => Date.parse(text)));
}

/** The manifest that an execution has stored; undefined where no record says of one that it did. */
export async function manifestOfRun(
  { backups, work }: Pick<Services, 'backups' | 'work'>,
  { executionId, startedAt }: Pick<Run, 'executionId' | 'startedAt'>,
): Promise<Manifest | undefined> {
  const names = new Set(namesFrom(startedAt));
  for (const name of await backupNames(backups)) {
    const listed = names.has(name) ? await openListed(backups, name) : undefined;
    if (listed?.state === 'finished' && (await finishedBy(work, listed)) === executionId) return listed.manifest;
  }
  return undefined;
}

/**
 * Backups that count, the newest first; with `before` only those of an earlier name.
 * @param isWanted asked of each name before anything is read of it
 */
export async function* backupsThatCount(
  { backups, work, clock }: Pick<Services, 'backups' | 'work' | 'clock'>,
  { before, isWanted }: { readonly before?: string; readonly isWanted?: (name: string) => boolean } = {},
): AsyncGenerator<{ readonly manifest: Manifest; readonly isRecorded: boolean }> {
  const originOf = await readOrigins(work);
  for (const name of (await backupNames(backups)).reverse()) {
    if ((before !== undefined && name >= before) || isWanted?.(name) === false) continue;
    const listed = await openListed(backups, name);
    // One whose folder was renamed has a name that is not the time at which it was made.
    if (listed.state !== 'finished' || listed.manifest.writtenAs !== undefined) continue;
    if (!counts(listed.manifest.status)) continue;
    const origin = await originOf(listed, clock.now());
    if (isOurs(origin)) yield { manifest: listed.manifest, isRecorded: origin === 'recorded' };
  }
}
