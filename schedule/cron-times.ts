import { Cron } from 'croner';

/** When a schedule strikes, by the clock on the wall. */
export interface CronTimes {
  /** Minutes since midnight, in order. */
  readonly minutesOfDay: readonly number[];
  /** Of the midnight of a day, written as if it were UTC, in milliseconds since the epoch. */
  readonly isDay: (day: number) => boolean;
}

/** What is wrong with a schedule, as the end of a sentence that begins with its name. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** A field of `cron(...)`: its numbers, and how days are said that are no numbers. */
interface Field {
  readonly what: string;
  readonly lowest: number;
  readonly highest: number;
  /** What may stand for the numbers from `lowest` on. */
  readonly names?: readonly string[];
  /** `L` alone, and forms with a number in them. */
  readonly special?: RegExp;
  /** What croner calls `L` alone. */
  readonly last?: string;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const fields: readonly Field[] = [
  { what: 'minutes', lowest: 0, highest: 59 },
  { what: 'hours', lowest: 0, highest: 23 },
  { what: 'day of month', lowest: 1, highest: 31, special: /^(?:L|(\d+)W)$/, last: 'L' },
  { what: 'month', lowest: 1, highest: 12, names: months },
  { what: 'day of week', lowest: 1, highest: 7, names: weekdays, special: /^(?:L|(\w+)(?:L|#[1-5]))$/, last: '7' },
  { what: 'year', lowest: 1970, highest: 2199 },
];
const example = '"cron(0 2 * * ? *)"';
const millisecondsAMinute = 60_000;
const minutesADay = 24 * 60;

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)` as EventBridge Scheduler does (its User Guide, "Schedule
 * types"; the table of fields is that of "Cron expressions reference" in EventBridge's). The calendar is croner's. Here
 * AWS's dialect becomes croner's, and what AWS refuses is refused: croner would read `8` as Sunday, `2,3#1` as a list, and a
 * step of years from the year 0. Throws ScheduleError.
 */
export function readCron(expression: string): CronTimes {
  const [, inside] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (inside === undefined) throw new ScheduleError(notCron(expression));
  const texts = inside.trim().toUpperCase().split(/\s+/);
  if (texts.length !== fields.length) {
    throw new ScheduleError(`must have six fields inside "cron(...)", as in ${example}, not ${texts.length}`);
  }
  const [, , dayOfMonth, , dayOfWeek] = texts;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleError('must have "?" for its day of month or its day of week, and a value for the other');
  }
  const [minute, hour, ...date] = fields.map((field, index) => fieldOf(texts[index] ?? '', field));
  const times = inUtc(`0 ${minute} ${hour} * * * *`);
  const days = inUtc(`0 0 0 ${date.join(' ')}`);
  return {
    minutesOfDay: [...Array(minutesADay).keys()].filter((of) => times.match(new Date(of * millisecondsAMinute))),
    isDay: (day) => days.match(new Date(day)),
  };
}

/** How often a `rate(...)` strikes, as in `1 day`; undefined of anything else. */
export function rateOf(expression: string): string | undefined {
  return /^rate\((.+)\)$/.exec(expression)?.[1];
}

function notCron(expression: string): string {
  return rateOf(expression) === undefined
    ? `must be "cron(minutes hours day-of-month month day-of-week year)", as in ${example}`
    : `must be as in ${example}, not a rate, which has no time of day and starts at the deployment itself, when there is no login yet`;
}

/** Clock on the wall and days as they come: what a change of clocks does to them is not croner's, but AWS's (starts.ts). */
function inUtc(pattern: string): Cron {
  return new Cron(pattern, { mode: '7-part', alternativeWeekdays: true, domAndDow: true, utcOffset: 0 });
}

/** A field in croner's words. */
function fieldOf(text: string, field: Field): string {
  if (text === '*' || (text === '?' && field.special)) return '*';
  const parts = text.split(',');
  if (parts.length > 1 && text.includes('#')) {
    throw new ScheduleError(`must have nothing else for its ${field.what} where it has "#", and "${text}" is a list`);
  }
  return parts.map((part) => partOf(part, field)).join(',');
}

function partOf(part: string, field: Field): string {
  const { what, lowest, highest, special, last } = field;
  const refuse = (): never => {
    throw new ScheduleError(`must have ${lowest} to ${highest} for its ${what}, and "${part}" is not within that`);
  };
  const number = (text: string): number => {
    const value = numberOf(text, field);
    return value >= lowest && value <= highest ? value : refuse();
  };
  const day = special?.exec(part);
  if (day) return day[1] === undefined ? (last ?? part) : part.replace(day[1], String(number(day[1])));

  const [form, from, to, step] = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(0*[1-9]\d*))?$/.exec(part) ?? [];
  if (form === undefined) return refuse();
  const first = from === undefined ? lowest : number(from);
  const end = to === undefined ? (from === undefined || step !== undefined ? highest : first) : number(to);
  if (end < first && what === 'year') return refuse();
  // From Friday to Monday goes over the week's end, from November to February over the year's.
  const span = highest - lowest + 1;
  const every = Number(step ?? 1);
  const count = Math.floor((end - first + (end < first ? span : 0)) / every) + 1;
  return Array.from({ length: count }, (_, index) => lowest + ((first + index * every - lowest) % span)).join(',');
}

function numberOf(text: string, { lowest, names = [] }: Field): number {
  const named = names.indexOf(text);
  return named >= 0 ? named + lowest : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
