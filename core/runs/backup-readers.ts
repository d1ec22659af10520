import type { Clock } from '../ports/clock.ts';
import type { RunHolder } from '../ports/run-registry.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';

/**
 * That somebody reads a backup, so that it is not deleted meanwhile. A lock of a site says nothing of it: a restore into another
 * site holds that one's. It lies in the work store beside the backups that are read.
 */
export interface BackupReader {
  readonly holder: RunHolder;
  readonly what: 'restore' | 'copy';
  readonly state: 'reading' | 'ended';
  /** ISO 8601. A reader of whom nobody knows whether it has ended counts until then, and no longer. */
  readonly until: string;
}

/** Marks of all who read backups. */
export const allReaders = 'readers/';

const readersFolder = (backup: string) => `${allReaders}${backup}/`;
/** An execution's id is an ARN on AWS, of which not every sign may stand in a name; it ends in what is its own. */
const readerKey = (backup: string, executionId: string) =>
  `${readersFolder(backup)}${executionId.replaceAll(/[^\w-]+/g, '_')}.json`;

/** Seven days is how long a restore's machine may run at most; one more for a clock that is off. */
export const longestRead = 8 * 86_400_000;

/** Marks a backup as being read. To be awaited before its manifest is opened, and looked at again by nobody but pruning. */
export async function beginReading(
  { work, runs, clock }: Pick<Services, 'work' | 'runs'> & { readonly clock: Pick<Clock, 'now'> },
  backup: string,
  { executionId, what }: { readonly executionId: string; readonly what: BackupReader['what'] },
): Promise<void> {
  const until = new Date(clock.now() + longestRead).toISOString();
  const reader: BackupReader = { holder: runs.holder(executionId), what, state: 'reading', until };
  await writeJson(work, readerKey(backup, executionId), reader);
}

/** Nobody may delete in the work store of a stack, so the mark is written over. */
export async function endReading(work: WorkStore, backup: string, executionId: string): Promise<void> {
  const key = readerKey(backup, executionId);
  const there = await readJson<BackupReader>(work, key);
  if (there) await writeJson<BackupReader>(work, key, { ...there, state: 'ended' });
}

/** Who still reads a backup, as far as that can be known. */
export async function readersOf(
  { work, runs, clock }: Pick<Services, 'work' | 'runs' | 'clock'>,
  backup: string,
): Promise<readonly BackupReader[]> {
  const readers: BackupReader[] = [];
  for await (const key of work.list(readersFolder(backup))) {
    const reader = await readJson<BackupReader>(work, key);
    if (!reader || reader.state === 'ended' || Date.parse(reader.until) < clock.now()) continue;
    if (!(await runs.hasEnded(reader.holder))) readers.push(reader);
  }
  return readers;
}

/**
 * Whether somebody has begun to copy something of this name here, or from here, in the last days, ended or not: what lies there without
 * a manifest may be the beginning of a copy, which the same line goes on with.
 */
export async function wasCopiedLately(
  { work, clock }: Pick<Services, 'work' | 'clock'>,
  backup: string,
): Promise<boolean> {
  for await (const key of work.list(readersFolder(backup))) {
    const reader = await readJson<BackupReader>(work, key);
    if (reader?.what === 'copy' && Date.parse(reader.until) >= clock.now()) return true;
  }
  return false;
}
