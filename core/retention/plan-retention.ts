import { isOurs } from '../backup/finish-records.ts';
import type { KeepRules } from '../model/keep.ts';
import { counts } from '../model/outcome.ts';
import { applyRules, type Dated } from './apply-rules.ts';
import { covers, type HoldingBack, heldBack } from './held-back.ts';
import type { BestReason, KeepReason } from './keep-reason.ts';
import type { BackupOfScripts, KnownBackup, UnreadableBackup } from './known-backup.ts';
import { calendarOf } from './periods.ts';
import { ReasonBook } from './reason-book.ts';

export interface RetentionFacts extends Pick<HoldingBack, 'now' | 'lateAfterHours' | 'scheduled' | 'running'> {
  readonly backups: readonly KnownBackup[];
  readonly unreadable: readonly UnreadableBackup[];
  readonly ofScripts: readonly BackupOfScripts[];
  readonly rules: KeepRules;
  /** Of the IANA list. */
  readonly timeZone: string;
  /** Why nothing is deleted of any site; null where there is no such thing. */
  readonly heldBack: string | null;
}

/** What becomes of a backup: it is kept for these reasons, or deleted where there is none. */
export interface RetentionDecision {
  readonly name: string;
  readonly reasons: readonly KeepReason[];
}

export interface RetentionPlan {
  /** The oldest first. */
  readonly decisions: readonly RetentionDecision[];
  /** Sites of which nothing is deleted now, and why. */
  readonly heldBack: readonly { readonly siteName: string; readonly message: string }[];
}

/**
 * Which backups are kept, and why. Knows nothing but what it is told, so the same facts give the same plan. Rules go over the
 * backups that count, of each site by itself: over those of every schema and of what the schedule backs up, and for each schema over all; one that any of
 * these keeps is kept. What is suspicious takes nobody's place: it is kept where it would be if it were not, and without it the rules
 * keep what they would if it were not there. What no rule may delete is kept as well.
 */
export function planRetention(facts: RetentionFacts): RetentionPlan {
  const book = new ReasonBook();
  for (const { name, state } of facts.unreadable) book.add(name, { kind: state });
  for (const { name } of facts.ofScripts) book.add(name, { kind: 'original-scripts' });
  for (const backup of facts.backups) for (const reason of reasonsOfItsOwn(backup)) book.add(backup.name, reason);
  const sites = Map.groupBy(facts.backups, ({ site }) => site);
  const held: { siteName: string; message: string }[] = [];
  for (const backups of sites.values()) {
    const ours = backups.filter((one) => isOurs(one.origin) && one.writtenAs === null).sort(newestFirst);
    keepByRules(book, ours, facts);
    keepTheBest(book, ours, facts);
    const unreadable = facts.unreadable.map(({ name }) => name);
    const message = facts.heldBack ?? heldBack(ours, { ...facts, unreadable });
    if (message === null) continue;
    for (const { name } of ours) if (!book.has(name)) book.add(name, { kind: 'held-back' });
    for (const { siteName } of ours.slice(0, 1)) held.push({ siteName, message });
  }
  const names = [...facts.backups, ...facts.unreadable, ...facts.ofScripts].map(({ name }) => name).sort();
  return {
    decisions: names.map((name) => ({ name, reasons: book.of(name) })),
    heldBack: held,
  };
}

/** By the time of their start; of one second the later name is the newer. */
function newestFirst(one: KnownBackup, other: KnownBackup): number {
  return Date.parse(other.startedAt) - Date.parse(one.startedAt) || (other.name > one.name ? 1 : -1);
}

/** Reasons that have nothing to do with other backups. */
function reasonsOfItsOwn({ origin, writtenAs, lockedUntil, readers, restores }: KnownBackup): KeepReason[] {
  return [
    ...restores,
    ...[...new Set(readers)].map((what): KeepReason => ({ kind: 'read', what })),
    // The name of one that was renamed tells no time, so its origin says nothing.
    ...(isOurs(origin) || (writtenAs !== null && origin !== 'copied') ? [] : [{ kind: origin }]),
    ...(writtenAs === null ? [] : [{ kind: 'renamed' as const, writtenAs }]),
    ...(lockedUntil === null ? [] : [{ kind: 'locked' as const, until: lockedUntil }]),
  ];
}

/** Backups of one thing, the newest first: of one schema, of those that the schedule backs up, or of every one. */
interface Series {
  /** What it is of, as reasons name it: keys of schemas; null: every one. */
  readonly keys: readonly (string | null)[];
  /** Of one schema its id. */
  readonly id?: string;
  readonly members: readonly KnownBackup[];
}

function seriesOf(newestFirst: readonly KnownBackup[], { scheduled }: RetentionFacts): Series[] {
  const bySchema = new Map<string, Series & { readonly members: KnownBackup[] }>();
  for (const backup of newestFirst) {
    for (const { id, key } of backup.schemas) {
      const series = bySchema.get(id) ?? { keys: [key], id, members: [] as KnownBackup[] };
      series.members.push(backup);
      bySchema.set(id, series);
    }
  }
  const madeOf = (keys: readonly string[] | null) => newestFirst.filter((one) => covers(one, keys));
  return [
    { keys: [null], members: madeOf(null) },
    ...(scheduled ? [{ keys: scheduled, members: madeOf(scheduled) }] : []),
    ...bySchema.values(),
  ];
}

function keepByRules(book: ReasonBook, ours: readonly KnownBackup[], facts: RetentionFacts): void {
  const { rules, timeZone, now } = facts;
  const placeOf = calendarOf(timeZone);
  const today = placeOf(now).dayNumber;
  const dated = new Map(
    ours.map(({ name, startedAt }): [string, Dated] => [name, { name, place: placeOf(Date.parse(startedAt)) }]),
  );
  const apply = ({ keys, members }: Series) => {
    const among = members.flatMap(({ name }) => dated.get(name) ?? []);
    for (const [name, reasons] of applyRules(among, rules, today)) {
      for (const reason of reasons) for (const key of keys) book.addFor(name, reason, key);
    }
  };
  for (const series of seriesOf(
    ours.filter(({ status }) => counts(status)),
    facts,
  )) {
    apply(series);
    apply({ ...series, members: series.members.filter(({ isSuspicious }) => !isSuspicious) });
  }
}

/**
 * Keeps the newest of everything, where that is suspicious the newest that is not, and where it was made without history and comments the
 * newest that has them, which no other night has either. Of what no backup that counts has, the best
 * that there is.
 */
function keepTheBest(book: ReasonBook, ours: readonly KnownBackup[], facts: RetentionFacts): void {
  for (const { keys, id, members } of seriesOf(ours, facts)) {
    const keep = ({ name }: KnownBackup, kind: BestReason['kind']) => {
      for (const key of keys) book.addFor(name, { kind }, key);
    };
    const isWhole = ({ schemas }: KnownBackup) =>
      schemas.every((schema) => schema.isWhole || (id !== undefined && schema.id !== id));
    const whole = [
      members.filter(({ status }) => counts(status)),
      members.filter((one) => !counts(one.status) && isWhole(one)),
    ];
    const newest = whole.find((some) => some.length > 0)?.[0] ?? members[0];
    if (!newest) continue;
    keep(newest, counts(newest.status) ? 'newest' : 'nothing-better');
    const keepNewest = (isWanted: (one: KnownBackup) => boolean, kind: BestReason['kind']) => {
      const best = isWanted(newest) ? undefined : whole.flat().find(isWanted);
      if (best) keep(best, kind);
    };
    keepNewest(({ isSuspicious }) => !isSuspicious, 'not-suspicious');
    keepNewest(({ hasActivity }) => hasActivity, 'with-activity');
  }
}
