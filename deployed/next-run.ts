import { momentOf, wallClock } from '../core/model/wall-clock.ts';

/** A schedule as EventBridge Scheduler knows it. */
export interface ScheduleTimes {
  /** `cron(0 2 * * ? *)`, `rate(1 day)` or `at(2026-11-23T02:00:00)`. */
  readonly expression: string;
  /** As in `Europe/Berlin`. */
  readonly timeZone: string;
}

/** A field of a cron expression: the numbers that it lets pass. */
type Allowed = (value: number) => boolean;

const longestLookDays = 2 * 366;
const day = 24 * 60 * 60_000;

/**
 * When a cron expression fires next, by the rules of EventBridge Scheduler: a local time that a change of clocks leaves out is
 * left out. Undefined for what this does not read: rates, single times, and days counted from a month's end or by weeks.
 */
export function nextRun({ expression, timeZone }: ScheduleTimes, now: Date): Date | undefined {
  const fields = /^cron\((.+)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) return undefined;
  const [minutes, hours, days, months, weekdays, years] = fields.map((field, index) => allowed(field, ranges[index]));
  if (!minutes || !hours || !days || !months || !weekdays || !years) return undefined;
  const clock = wallClock(timeZone);
  const today = Math.floor(clock(now.getTime()) / day) * day;
  for (let offset = 0; offset < longestLookDays; offset += 1) {
    const date = new Date(today + offset * day);
    const isDay =
      years(date.getUTCFullYear()) &&
      months(date.getUTCMonth() + 1) &&
      days(date.getUTCDate()) &&
      weekdays(date.getUTCDay() + 1);
    if (!isDay) continue;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      if (!hours(Math.floor(minute / 60)) || !minutes(minute % 60)) continue;
      const moment = momentOf(clock, date.getTime() + minute * 60_000);
      if (moment !== undefined && moment > now.getTime()) return new Date(moment);
    }
  }
  return undefined;
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Minutes, hours, days, months, weekdays (Sunday is 1), years. */
const ranges: readonly Range[] = [
  { first: 0, last: 59 },
  { first: 0, last: 23 },
  { first: 1, last: 31 },
  { first: 1, last: 12, names: monthNames },
  { first: 1, last: 7, names: weekdayNames },
  { first: 1970, last: 2199 },
];

/** Reads `*`, `?`, `5`, `MON`, `1-5`, `0/15` and lists of them. */
function allowed(field: string, range: Range | undefined): Allowed | undefined {
  if (!range) return undefined;
  const parts = field.split(',').map((part) => allowedPart(part.toUpperCase(), range));
  return parts.includes(undefined) ? undefined : (value) => parts.some((part) => part?.(value));
}

function allowedPart(part: string, { first, last, names = [] }: Range): Allowed | undefined {
  if (part === '*' || part === '?') return () => true;
  const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const number = (text: string) => (names.includes(text) ? names.indexOf(text) + first : Number(text));
  const start = from === '*' ? first : number(from);
  const end = to === undefined ? (step === undefined ? start : last) : number(to);
  if (![start, end].every((value) => value >= first && value <= last)) return undefined;
  const every = Number(step ?? 1);
  // From Friday to Monday goes over the week's end.
  const isWithin = (value: number) => (start <= end ? value >= start && value <= end : value >= start || value <= end);
  return (value) => isWithin(value) && (value - start) % every === 0;
}
