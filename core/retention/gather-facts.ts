import { readOrigins } from '../backup/finish-records.ts';
import { readSuspicious } from '../backup/suspicious.ts';
import { manifestKey } from '../backup-format/keys.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { type ListedBackup, listBackups } from '../backup-format/open-backup.ts';
import { MissingKeyError } from '../errors.ts';
import type { KeepRules } from '../model/keep.ts';
import { isEssential } from '../model/outcome.ts';
import type { BackupDeleter } from '../ports/backup-deleter.ts';
import type { Services } from '../ports/services.ts';
import { readersOf } from '../runs/backup-readers.ts';
import { sitesBeingBackedUp } from '../runs/site-lock.ts';
import { sideBySide } from '../side-by-side.ts';
import type { KnownBackup, UnreadableBackup } from './known-backup.ts';
import { neededByRestores } from './needed-by-restores.ts';
import type { RetentionFacts } from './plan-retention.ts';

/** What tells what is kept: no site, and no login. */
export type FactServices = Pick<Services, 'backups' | 'work' | 'runs' | 'clock' | 'timeZone' | 'undoDays' | 'watched'>;

/** Where nobody watches the backups: two nights. */
export const lateAfterHoursByDefault = 48;
const askedAtOnce = 16;

type Finished = Extract<ListedBackup, { state: 'finished' }>;

/** What the plan goes by, and what has been found on the way. */
export interface GatheredFacts {
  readonly facts: RetentionFacts;
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Folders that have a backup's name and no manifest at all. */
  readonly unfinished: readonly string[];
}

/**
 * Reads all that decides about the backups of a place. `locks` says until when one may not be deleted; a list, which deletes nothing,
 * may do without. Throws DamagedWorkFileError.
 */
export async function gatherFacts(
  services: FactServices,
  rules: KeepRules,
  locks: Pick<BackupDeleter, 'lockedUntil'> | null,
  listed?: readonly ListedBackup[],
): Promise<GatheredFacts> {
  const { backups, work, clock, timeZone, watched } = services;
  const all = listed ?? (await Array.fromAsync(listBackups(backups)));
  const restores = await neededByRestores(services);
  const originOf = await readOrigins(work);
  const suspicious = await readSuspicious(work);
  const now = clock.now();
  const known = new Map<string, KnownBackup>();
  const finished = all.filter((one): one is Finished => one.state === 'finished');
  await sideBySide(finished, askedAtOnce, async (one) => {
    const { name, manifest } = one;
    const lockedUntil = locks && (await lockOf(locks, name));
    // Somebody has just deleted it: there is nothing to decide any more.
    if (lockedUntil === undefined) return;
    known.set(name, {
      ...ownFacts(name, manifest),
      origin: await originOf(one, now),
      isSuspicious: (await suspicious(manifest)).length > 0,
      lockedUntil: stillLocked(lockedUntil, now),
      readers: (await readersOf(services, name)).map(({ what }) => what),
      restores: restores.reasonsOf(name),
    });
  });
  return {
    facts: {
      backups: finished.flatMap(({ name }) => known.get(name) ?? []),
      unreadable: all.flatMap(({ name, state }): UnreadableBackup[] =>
        state === 'damaged' || state === 'unsupported' ? [{ name, state }] : [],
      ),
      ofScripts: all.flatMap(({ name, state }) => (state === 'original-scripts' ? [{ name }] : [])),
      rules,
      timeZone,
      now,
      lateAfterHours: watched?.alarmAfterHours ?? lateAfterHoursByDefault,
      scheduled: watched === null ? undefined : watched.objectSchemaKeys,
      running: await sitesBeingBackedUp(services),
      heldBack: restores.unknown,
    },
    manifests: new Map(finished.map(({ name, manifest }) => [name, manifest])),
    unfinished: all.flatMap(({ name, state }) => (state === 'unfinished' ? [name] : [])),
  };
}

/** Undefined where the manifest is not there any more. */
async function lockOf(locks: Pick<BackupDeleter, 'lockedUntil'>, name: string): Promise<string | null | undefined> {
  try {
    return await locks.lockedUntil(manifestKey(name));
  } catch (error) {
    if (error instanceof MissingKeyError) return undefined;
    throw error;
  }
}

function ownFacts(name: string, { writtenAs, startedAt, finishedAt, site, status, options, schemas, gaps }: Manifest) {
  const lacks = (schemaKey: string) =>
    gaps.some((gap) => isEssential(gap.kind) && (gap.schemaKey ?? schemaKey) === schemaKey);
  return {
    ...{ name, writtenAs: writtenAs ?? null, startedAt, finishedAt, status },
    site: site.workspaceId,
    siteName: site.siteName,
    objectSchemaKeys: options.objectSchemaKeys,
    hasActivity: options.activity,
    schemas: schemas.map(({ id, key }) => ({ id, key, isWhole: !lacks(key) })),
  };
}

/** A lock that has run out keeps nothing. */
function stillLocked(until: string | null, now: number): string | null {
  return until !== null && Date.parse(until) <= now ? null : until;
}
