import { backupsThatCount } from '../backup/finish-records.ts';
import { coversSchemas, type Manifest } from '../backup-format/manifest.ts';
import type { Clock } from '../ports/clock.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { createJson, readJson } from '../work-store/json-file.ts';
import { daysUntil } from './token-days.ts';

export interface BackupWatch {
  /** The newest backup that counts; null where there is none yet. */
  readonly backup: string | null;
  /** Whether a record says that this stack made it; those of 0.1.0 have none, and count while no newer one has. */
  readonly isRecorded: boolean | null;
  readonly hoursSinceBackup: number;
  /** 0 where that is longer than `alarmAfterHours`; null where nobody watches that. */
  readonly recentBackup: 0 | 1 | null;
  /** Null where the settings do not say. */
  readonly daysUntilTokenExpires: number | null;
}

const since = 'operations/watched-since.json';
const millisecondsAnHour = 3_600_000;

/**
 * Says how old the newest backup is that counts and has all that the schedule backs up. Where there is none, hours count from the first time that this was asked, so
 * that a stack of today is not late before its first night. Asks the site nothing.
 */
export async function checkLastBackup(services: Services): Promise<BackupWatch> {
  const { work, clock, reporter, watched, tokenExpires } = services;
  const last = await newestThatCounts(services, watched?.objectSchemaKeys ?? null);
  const from = last?.manifest.finishedAt ?? (await watchedSince(work, clock));
  const hours = (clock.now() - Date.parse(from)) / millisecondsAnHour;
  const watch: BackupWatch = {
    backup: last?.manifest.name ?? null,
    isRecorded: last?.isRecorded ?? null,
    hoursSinceBackup: Math.round(hours * 100) / 100,
    recentBackup: watched === null ? null : hours <= watched.alarmAfterHours ? 1 : 0,
    daysUntilTokenExpires: tokenExpires === null ? null : daysUntil(tokenExpires, clock.now()),
  };
  reporter.event(watch.recentBackup === 0 ? 'warn' : 'info', 'backup.watched', { ...watch });
  return watch;
}

/**
 * The newest backup that counts and has all these schemas (null: every schema that the account sees). Newest first, so that it
 * reads one manifest on most days, and one more for each night that failed since.
 */
export async function newestThatCounts(
  services: Pick<Services, 'backups' | 'work' | 'clock'>,
  objectSchemaKeys: readonly string[] | null,
): Promise<{ readonly manifest: Manifest; readonly isRecorded: boolean } | undefined> {
  for await (const found of backupsThatCount(services)) {
    if (coversSchemas(found.manifest, objectSchemaKeys)) return found;
  }
  return undefined;
}

/** When this was asked for the first time (ISO 8601). */
async function watchedSince(work: WorkStore, clock: Clock): Promise<string> {
  const there = await readJson<{ readonly since: string }>(work, since);
  if (there) return there.since;
  const now = new Date(clock.now()).toISOString();
  // Another invocation of this minute may be first.
  await createJson(work, since, { since: now });
  return now;
}
