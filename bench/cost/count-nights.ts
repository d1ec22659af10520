import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityFiles } from '../../core/model/activity.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { changeObjects } from '../seeds/change-objects.ts';
import { type CountedPlace, countRun } from './count-run.ts';
import type { CountedSite, RunCount } from './counts.ts';

/** A backup of a site that was counted. */
export interface CountedNight {
  readonly backup: string;
  readonly count: RunCount;
}

/** The first night of a new folder, and the one that a stack has every night: a day later, when some objects have changed. */
export async function countNights(
  counted: CountedSite,
  place: CountedPlace,
  activityFiles: ActivityFiles,
): Promise<{ readonly first: CountedNight; readonly next: CountedNight }> {
  const { directory, clock, site } = place;
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'settings.json'), JSON.stringify({ activityFiles }));
  const startedAt = clock.now();
  const first = await countBackup(counted, place);
  changeObjects(site, changedObjects(counted), startedAt);
  clock.pass(Math.max(0, startedAt + day - clock.now()));
  return { first, next: await countBackup(counted, place) };
}

export function changedObjects({ objects, shareChanged }: Pick<CountedSite, 'objects' | 'shareChanged'>): number {
  return Math.round(objects * shareChanged);
}

/** Backs a site up once. */
export async function countBackup(
  counted: Pick<CountedSite, 'workSeconds'>,
  place: CountedPlace,
  activity = true,
): Promise<CountedNight> {
  const { result, count } = await countRun(counted, place, async (options) => {
    const { backup, status, counts } = await backUpLocally({ ...options, objectSchemaKeys: null, activity });
    if (status !== 'complete') throw new Error(`The backup is ${status}.`);
    return { backup, files: counts.files, bytes: counts.bytes };
  });
  return { backup: result.backup, count };
}

const day = 86_400_000;
