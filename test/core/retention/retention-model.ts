import fc from 'fast-check';
import { backupName } from '../../../core/backup-format/keys.ts';
import type { KnownBackup } from '../../../core/retention/known-backup.ts';
import { planRetention, type RetentionFacts } from '../../../core/retention/plan-retention.ts';

/** Backups as they may be found in a folder, for properties of the plan of what is kept. */

export const hour = 3_600_000;
export const day = 24 * hour;

export const noRules = { last: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0, within: 0 };

const allKeys = ['FAC', 'ITSM', 'USERS'];

/** A backup of every schema that is complete and in good order, begun at `start`. */
export function night(start: number, more: Partial<KnownBackup> = {}): KnownBackup {
  const keys = more.objectSchemaKeys ?? allKeys;
  return {
    name: backupName(new Date(start).toISOString()),
    writtenAs: null,
    startedAt: new Date(start).toISOString(),
    finishedAt: new Date(start + hour).toISOString(),
    site: 'w1',
    siteName: 'https://one.atlassian.net',
    status: 'complete',
    objectSchemaKeys: null,
    schemas: keys.map((key) => ({ id: key.toLowerCase(), key, isWhole: true })),
    origin: 'recorded',
    isSuspicious: false,
    hasActivity: true,
    lockedUntil: null,
    readers: [],
    restores: [],
    ...more,
  };
}

export function factsOf(backups: readonly KnownBackup[], more: Partial<RetentionFacts> = {}): RetentionFacts {
  const newest = Math.max(0, ...backups.map(({ startedAt }) => Date.parse(startedAt)));
  return {
    backups,
    unreadable: [],
    ofScripts: [],
    rules: { ...noRules, last: 1 },
    timeZone: 'UTC',
    now: newest + 2 * hour,
    lateAfterHours: 48,
    scheduled: undefined,
    running: new Set(),
    heldBack: null,
    ...more,
  };
}

const some = (most: number) => fc.oneof(fc.constant(0), fc.nat(most));

export const rules = fc.record({
  ...{ last: some(4), daily: some(6), weekly: some(4), monthly: some(4), yearly: some(3), within: some(20) },
});

/** Zones that change their clocks, at midnight too, by half an hour, by a whole day, or never. */
export const timeZones = fc.constantFrom(
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Asia/Beirut', 'Africa/Cairo'],
  ...['Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu', 'Pacific/Chatham', 'Pacific/Kiritimati'],
);

/** Around changes of clocks, leap days, turns of years, and the day that Samoa left out. */
const base = fc.constantFrom(
  ...['2011-12-31T02:00:00Z', '2024-02-29T23:30:00Z', '2026-03-29T01:30:00Z', '2026-10-25T00:30:00Z'],
  ...['2026-11-01T05:30:00Z', '2027-01-03T12:00:00Z', '2028-03-01T00:10:00Z', '2026-04-05T03:30:00Z'],
);

const odd = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const oneBackup = fc.record({
  /** Before the base, in minutes: some soon after the other, some years before. */
  minutesBefore: fc.oneof(
    fc.constantFrom(720, 2_160, 10_000),
    fc.nat(4_000),
    fc.nat(90 * 24 * 60),
    fc.nat(4 * 366 * 24 * 60),
  ),
  site: odd('w1', 'w2'),
  status: odd<KnownBackup['status']>('complete', 'complete-with-gaps', 'partial'),
  keys: odd<readonly string[] | null>(null, ['FAC'], ['USERS'], ['FAC', 'ITSM']),
  lacks: fc.subarray(allKeys),
  gone: fc.boolean(),
  origin: odd<KnownBackup['origin']>('recorded', 'older', 'copied', 'stranger', 'future'),
  isSuspicious: odd(false, true),
  lockedUntil: odd<string | null>(null, 'for good'),
  isRead: odd(false, true),
  restore: odd<'running' | 'stopped' | 'waiting' | 'undoable' | null>(null, 'running', 'stopped', 'undoable'),
  isRenamed: odd(false, true),
});

/** A folder of backups of two sites, at a moment shortly after the newest of them, or long after. */
export const folders: fc.Arbitrary<RetentionFacts> = fc
  .record({ base, minutesAfter: fc.oneof(fc.nat(600), fc.nat(6_000)), rules, timeZone: timeZones })
  .chain(({ base, minutesAfter, rules, timeZone }) =>
    fc.array(oneBackup, { minLength: 2, maxLength: 30, size: 'max' }).map((specified) => {
      const taken = new Set<string>();
      const backups = specified.map((one): KnownBackup => {
        const { site, status, keys, lacks, gone, origin, isSuspicious, lockedUntil, isRead, restore, isRenamed } = one;
        const start = Date.parse(base) - one.minutesBefore * 60_000 + (origin === 'future' ? 5 * 366 * day : 0);
        // A name belongs to one; another of the same second takes the next.
        let second = start;
        while (taken.has(backupName(new Date(second).toISOString()))) second += 1_000;
        const name = backupName(new Date(second).toISOString());
        taken.add(name);
        const has = (keys ?? allKeys).filter((key) => !(gone && key === 'ITSM'));
        return night(start, {
          ...{ site, status, origin, isSuspicious, lockedUntil, objectSchemaKeys: keys },
          siteName: `https://${site}.atlassian.net`,
          name: isRenamed ? `before the move ${name}` : name,
          writtenAs: isRenamed ? name : null,
          schemas: has.map((key) => ({
            ...{ id: key.toLowerCase(), key },
            isWhole: status !== 'partial' || !lacks.includes(key),
          })),
          readers: isRead ? ['restore'] : [],
          restores: restore === null ? [] : [{ kind: 'restore', restore: 'r1', need: restore, until: null }],
        });
      });
      return factsOf(backups, { rules, timeZone, now: Date.parse(base) + minutesAfter * 60_000 });
    }),
  );

/** Names of what the plan deletes. */
export const deletedBy = (facts: RetentionFacts) =>
  planRetention(facts).decisions.flatMap(({ name, reasons }) => (reasons.length === 0 ? [name] : []));

/** Reasons by name; of what is deleted there are none. */
export const keptBy = (facts: RetentionFacts) =>
  new Map(planRetention(facts).decisions.map(({ name, reasons }) => [name, reasons]));
