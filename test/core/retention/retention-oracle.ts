import { isOurs } from '../../../core/backup/finish-records.ts';
import type { KeepRules } from '../../../core/model/keep.ts';
import { counts } from '../../../core/model/outcome.ts';
import type { KnownBackup } from '../../../core/retention/known-backup.ts';

/** What the rules are to keep, said in another way than the product does: a backup is kept where few enough periods are newer. */

export const mayCount = ({ origin, writtenAs }: KnownBackup) => isOurs(origin) && writtenAs === null;

export const isNewer = (one: KnownBackup, other: KnownBackup) =>
  one.startedAt === other.startedAt ? one.name > other.name : one.startedAt > other.startedAt;

/** As a calendar on the wall of that place has it. Formats of other locales than the product's. */
export function calendar(timeZone: string, moment: string) {
  const key = `${timeZone} ${moment}`;
  const known = seen.get(key);
  if (known) return known;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  const date = format.format(new Date(moment));
  const [year = '', month = ''] = date.split('-');
  const place = { daily: date, weekly: isoWeek(date), monthly: `${year}-${month}`, yearly: year };
  seen.set(key, place);
  return place;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const seen = new Map<string, Readonly<Record<'daily' | 'weekly' | 'monthly' | 'yearly', string>>>();

/** By counting Mondays from the one of the week with 4 January, which is week 1. */
function isoWeek(date: string): string {
  const monday = (text: string) => {
    const found = new Date(`${text}T12:00:00Z`);
    while (found.getUTCDay() !== 1) found.setUTCDate(found.getUTCDate() - 1);
    return found.getTime();
  };
  const own = monday(date);
  const year = Number(date.slice(0, 4));
  for (const candidate of [year + 1, year, year - 1]) {
    const first = monday(`${candidate}-01-04`);
    if (first > own) continue;
    return `${candidate}-W${String(Math.round((own - first) / (7 * 86_400_000)) + 1).padStart(2, '0')}`;
  }
  throw new Error('no week');
}

/** Reasons that the rules have to give `backup`, for a series of backups of one thing: `daily 2026-11-20`. */
export function ruleReasons(
  backup: KnownBackup,
  series: readonly KnownBackup[],
  { rules, timeZone, now }: { rules: KeepRules; timeZone: string; now: number },
): string[] {
  if (!series.includes(backup)) return [];
  const newer = series.filter((other) => isNewer(other, backup));
  const placeOf = ({ startedAt }: KnownBackup) => calendar(timeZone, startedAt);
  const own = placeOf(backup);
  const reasons: string[] = [];
  if (newer.length < rules.last) reasons.push(`last ${rules.last}`);
  for (const rule of ['daily', 'weekly', 'monthly', 'yearly'] as const) {
    const periods = new Set(newer.map((other) => placeOf(other)[rule]));
    if (!periods.has(own[rule]) && periods.size < rules[rule]) reasons.push(`${rule} ${own[rule]}`);
  }
  const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  const age = dayOf(calendar(timeZone, new Date(now).toISOString()).daily) - dayOf(own.daily);
  if (rules.within > 0 && age <= rules.within) reasons.push(`within ${rules.within}`);
  return reasons;
}

/** All series in which a backup may stand: of every schema, of each schema, and each without what is suspicious. */
export function seriesOf(backups: readonly KnownBackup[], site: string): KnownBackup[][] {
  const ours = backups.filter((one) => one.site === site && mayCount(one) && counts(one.status));
  const ids = new Set(ours.flatMap(({ schemas }) => schemas.map(({ id }) => id)));
  const all = [
    ours.filter(({ objectSchemaKeys }) => objectSchemaKeys === null),
    ...[...ids].map((id) => ours.filter(({ schemas }) => schemas.some((schema) => schema.id === id))),
  ];
  return [...all, ...all.map((series) => series.filter(({ isSuspicious }) => !isSuspicious))];
}
