import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import type { LocalBackupOptions } from '../../local/local-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { backUp, type HurriedClock, RecordingReporter } from './local-run.ts';
import { type Moment, nightDifferences } from './night-differences.ts';
import { type Kind, kinds, type ReadNight, readNight } from './night-reader.ts';
import { truthOf } from './stored-site.ts';

type Asked = Readonly<Record<Kind, number>>;

export interface JustMade extends Moment {
  readonly directory: string;
  /** As it was when the night was made. */
  readonly site: SimulatedSite;
  readonly read: ReadNight;
  /** How often the night has asked the site; undefined where nobody has counted. */
  readonly asked?: Asked;
}

/** Holds a night that was just made against the site, against a full backup of the same moment, and against `verify`. */
export async function judgeNight({ directory, site, read, asked, ...moment }: JustMade): Promise<string[]> {
  const wrong = nightDifferences(read, moment);
  wrong.push(...truthDifferences(moment.full, site));
  // Where a site fails it is asked again, and where there is no time not at all.
  for (const kind of asked && !moment.isTroubled ? kinds : []) {
    const told = read.manifest.activity[kind].read;
    // The plan looks with three objects whether the site has comments.
    const most = told + (kind === 'comments' ? 3 : 0);
    const found = asked?.[kind] ?? 0;
    if (found < told || found > most)
      wrong.push(`the site was asked for ${kind} ${found} times, and the manifest says ${told}`);
  }
  return [...wrong, ...(await verified(directory, read.manifest.name))];
}

/** In what a full backup is not the site, of the schemas that it was asked for. */
function truthDifferences(full: ReadNight, site: SimulatedSite): string[] {
  const truth = truthOf(site);
  const schemas = new Set(full.manifest.schemas.map(({ id }) => id));
  const isIn = (id: string) => schemas.has(String(site.type(site.object(id).typeId).schemaId));
  const ofActivity = full.manifest.options.activity ? kinds : [];
  return (['objects', ...ofActivity] as const).flatMap((kind) => {
    const wanted = new Map<string, unknown>([...truth[kind]].filter(([id]) => isIn(id)));
    const isEqual = isDeepStrictEqual(new Map<string, unknown>(full[kind]), wanted);
    return isEqual ? [] : [`a full backup has not the ${kind} of the site`];
  });
}

/** What `verify` finds. */
export async function verified(directory: string, backup: string): Promise<string[]> {
  const { backups } = openLocalStores(directory);
  const { problems, strangers } = await verifyBackup({ backups, reporter: new RecordingReporter() }, backup);
  return [
    ...problems.map(({ key, problem }) => `verify: ${key} ${problem}`),
    ...strangers.map((key) => `verify: ${key} is a stranger`),
  ];
}

/** A full backup into a folder where there is none. */
export async function fullNight(
  simulator: Simulator,
  clock: HurriedClock,
  asked: Pick<Partial<LocalBackupOptions>, 'objectSchemaKeys' | 'activity'> = {},
): Promise<ReadNight> {
  const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-full-'));
  try {
    const { manifest, error } = await backUp(simulator, { ...asked, directory, clock, full: true });
    if (!manifest) throw error ?? new Error('It has no manifest.');
    return readNight(directory, manifest.name);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param before the counters of requests as they were, as a copy */
export function askedSince({ requests }: Simulator, before: Readonly<Record<string, number>>): Asked {
  const since = (endpoint: Kind) => (requests.byEndpoint[endpoint] ?? 0) - (before[endpoint] ?? 0);
  return { history: since('history'), comments: since('comments') };
}
