/**
 * Schedules as EventBridge Scheduler writes them: `cron(minutes hours day-of-month month day-of-week year)` and
 * `rate(number unit)`. Read here so that a wrong one fails before anything is deployed, and so that the alarm for a missing
 * backup can be held to be slower than the schedule.
 */

/** The longest time between two of its moments, in hours by the clock on the wall. Throws ScheduleError. */
export function longestGapHours(expression: string): number {
  const [, kind, inside = ''] = /^(cron|rate)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return rateHours(inside);
  if (kind === 'cron') return cronGapHours(inside);
  throw new ScheduleError('must be "cron(minutes hours day-of-month month day-of-week year)" or "rate(number unit)"');
}

/** What is wrong with a schedule, as the end of a sentence that begins with the setting's name. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

const unitHours = { minute: 1 / 60, hour: 1, day: 24 } as const;

function rateHours(inside: string): number {
  const [, count, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inside) ?? [];
  if (unit === undefined) throw new ScheduleError('must be as in "rate(1 day)": minutes, hours or days, 1 or more');
  return Number(count) * unitHours[unit as keyof typeof unitHours];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const minutesADay = 24 * 60;
/** Nine years hold a leap day wherever they begin; these begin before one. Weekdays fall as they do in any years. */
const firstDay = Date.UTC(2027, 0, 1);
const lastDay = Date.UTC(2035, 11, 31);
const millisecondsADay = 24 * 3_600_000;

function cronGapHours(inside: string): number {
  const { minutesOfDay, isDay } = readCron(inside);
  return longestGap(minutesOfDay, isDay);
}

/** When a `cron(...)` strikes, by the clock on the wall. */
export interface CronTimes {
  /** Minutes since midnight, in order. */
  readonly minutesOfDay: readonly number[];
  readonly isDay: DayTest;
}

/** Undefined for a `rate(...)`, which knows no clock. Throws ScheduleError. */
export function cronTimes(expression: string): CronTimes | undefined {
  const [, inside] = /^cron\((.*)\)$/.exec(expression) ?? [];
  return inside === undefined ? undefined : readCron(inside);
}

function readCron(inside: string): CronTimes {
  const fields = inside.split(' ');
  if (fields.length !== 6) {
    throw new ScheduleError(`must have six fields inside "cron(...)", as in "cron(0 2 * * ? *)", not ${fields.length}`);
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (year !== '*') throw new ScheduleError('must have "*" for its year: a backup has no last year');
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleError('must have "?" for its day of month or its day of week, and a value for the other');
  }
  const minutes = [...valuesOf('minutes', minute, 0, 59)];
  const ofDay = [...valuesOf('hours', hour, 0, 23)].flatMap((at) => minutes.map((past) => at * 60 + past));
  const isMonth = valuesOf('month', month, 1, 12, months);
  const isDay = dayOfWeek === '?' ? dayOfMonthTest(dayOfMonth) : dayOfWeekTest(dayOfWeek);
  return {
    minutesOfDay: ofDay.toSorted((one, other) => one - other),
    isDay: (day) => isMonth.has(day.getUTCMonth() + 1) && isDay(day),
  };
}

type DayTest = (day: Date) => boolean;

function longestGap(minutesOfDay: readonly number[], isDay: DayTest): number {
  let last: number | undefined;
  let longest = 0;
  for (let day = firstDay; day <= lastDay; day += millisecondsADay) {
    if (!isDay(new Date(day))) continue;
    for (const minute of minutesOfDay) {
      const at = (day / millisecondsADay) * minutesADay + minute;
      if (last !== undefined) longest = Math.max(longest, at - last);
      last = at;
    }
  }
  if (longest === 0) throw new ScheduleError('must come more than once in nine years');
  return longest / 60;
}

function dayOfMonthTest(field: string): DayTest {
  if (field === 'L') return (day) => day.getUTCDate() === daysInMonth(day);
  const [, nearest] = /^(\d+)W$/.exec(field) ?? [];
  if (nearest !== undefined) {
    const wanted = [...valuesOf('day of month', nearest, 1, 31)][0] ?? 1;
    return (day) => day.getUTCDate() === weekdayNearest(day, wanted);
  }
  const days = valuesOf('day of month', field, 1, 31);
  return (day) => days.has(day.getUTCDate());
}

function dayOfWeekTest(field: string): DayTest {
  const [, lastOne, nthOne, nth] = /^(?:(\w+)L|(\w+)#([1-5]))$/.exec(field) ?? [];
  const days = valuesOf('day of week', lastOne ?? nthOne ?? (field === 'L' ? 'SAT' : field), 1, 7, weekdays);
  return (day) => {
    if (!days.has(day.getUTCDay() + 1)) return false;
    if (lastOne !== undefined) return day.getUTCDate() + 7 > daysInMonth(day);
    return nth === undefined || Math.ceil(day.getUTCDate() / 7) === Number(nth);
  };
}

function daysInMonth(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a date, within its month. A month without that date has none. */
function weekdayNearest(day: Date, wanted: number): number | undefined {
  const last = daysInMonth(day);
  if (wanted > last) return undefined;
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === last ? wanted - 2 : wanted + 1;
  return wanted;
}

/** The values of a field: `*`, `5`, `1-5`, `0/15`, `MON-FRI` and lists of those. */
function valuesOf(what: string, field: string, lowest: number, highest: number, names: readonly string[] = []) {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    const [from, to = part.includes('/') ? highest : from] =
      range === '*' ? [lowest, highest] : range.split('-', 2).map((text) => numberOf(text, lowest, names));
    if (from === undefined || to === undefined || !(from >= lowest && to <= highest && from <= to)) {
      throw new ScheduleError(`must have ${lowest} to ${highest} for its ${what}, and "${part}" is not within that`);
    }
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return values;
}

function numberOf(text: string, lowest: number, names: readonly string[]): number {
  const named = names.indexOf(text.toUpperCase());
  return named >= 0 ? named + lowest : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
