import { copiedHere } from '../backup/copied-records.ts';
import { readSuspicious } from '../backup/suspicious.ts';
import { manifestKey } from '../backup-format/keys.ts';
import type { Manifest } from '../backup-format/manifest.ts';
import { openBackup } from '../backup-format/open-backup.ts';
import { BackupContents } from '../contents/backup-contents.ts';
import { AssetsBackupError, DamagedBackupError } from '../errors.ts';
import type { Suspicion } from '../model/loss-alarm.ts';
import type { Services } from '../ports/services.ts';
import { earlierBackups, type TrendNight } from './earlier-backups.ts';
import { type ChangeCounts, changesByType, type ListedChanges } from './type-changes.ts';

/** All that the report of a backup shows. */
export interface BackupFacts {
  readonly manifest: Manifest;
  /** Where the manifest lies. */
  readonly where: string;
  /** Paths of types by their ids. */
  readonly paths: ReadonlyMap<string, string>;
  /**
   * Sentences about lists that are damaged, those of the backup before it too, so that something is not told as it was; files of objects
   * are not looked at.
   */
  readonly damage: readonly string[];
  /** What is suspicious about it and nobody has accepted. */
  readonly suspicions: readonly Suspicion[];
  /** Where it was copied from; null of one that was made here. */
  readonly copiedFrom: string | null;
  /** The backup before it, with which it is compared; null where there is none. */
  readonly previous: string | null;
  /** Null: nothing to compare with, or `whyNoChanges`. */
  readonly changes: ListedChanges | null;
  readonly whyNoChanges: string | null;
  /** The oldest first; this one is the last. */
  readonly trend: readonly TrendNight[];
  /** When the report was made (ISO 8601), and by what. */
  readonly madeAt: string;
  readonly madeBy: string;
}

type ReportServices = Pick<Services, 'backups' | 'work' | 'clock' | 'version'>;

/** Gathers them from what is stored, and asks no site. Throws NoSuchBackupError, DamagedBackupError, UnsupportedFormatError. */
export async function backupFacts(services: ReportServices, backup: string): Promise<BackupFacts> {
  const { backups, work, clock, version } = services;
  const manifest = await openBackup(backups, backup);
  const copied = await copiedHere(work, manifest);
  const { trend, previous } = await earlierBackups(services, manifest);
  const { changes, why, damage } = await compared(services, previous, manifest);
  const counts = changes?.counts ?? null;
  const contents = await BackupContents.open(backups, manifest);
  return {
    manifest,
    where: backups.addressOf(manifestKey(backup)),
    paths: new Map(contents.types.map(({ id, path }) => [id, path])),
    damage: [...contents.damage, ...contents.schemas.flatMap((schema) => schema.damage ?? []), ...damage],
    suspicions: await (await readSuspicious(work))(manifest),
    copiedFrom: copied?.from ?? null,
    previous: previous?.name ?? null,
    changes,
    whyNoChanges: why,
    trend: trend.map((night) => (night.backup === backup && counts ? { ...night, changed: sumOf(counts) } : night)),
    madeAt: new Date(clock.now()).toISOString(),
    madeBy: `assets-backup ${version}`,
  };
}

/** A damaged list of the one before keeps nobody from a report of this one. */
async function compared(
  { backups }: ReportServices,
  previous: Manifest | undefined,
  manifest: Manifest,
): Promise<{ changes: ListedChanges | null; why: string | null; damage: readonly string[] }> {
  if (!previous) return { changes: null, why: null, damage: [] };
  try {
    return { changes: await changesByType(backups, previous, manifest), why: null, damage: [] };
  } catch (error) {
    if (!(error instanceof AssetsBackupError)) throw error;
    const isDamage = error instanceof DamagedBackupError;
    const damage = isDamage ? [`What has changed since ${previous.name} cannot be told: ${error.message}`] : [];
    return { changes: null, why: error.message, damage };
  }
}

const sumOf = ({ added, removed, changed }: ChangeCounts) => added + removed + changed;
