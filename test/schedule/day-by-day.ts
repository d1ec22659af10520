/**
 * When a valid `cron(...)` strikes, told from AWS's documentation alone, day by day and value by value: what the product's
 * reading is held against. It knows none of the product's code and no library.
 */
export interface DayByDay {
  readonly strikesOn: (year: number, month: number, date: number) => boolean;
  readonly strikesAt: (hour: number, minute: number) => boolean;
}

interface Values {
  readonly lowest: number;
  readonly highest: number;
  readonly names?: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const ofWeek = { lowest: 1, highest: 7, names: weekdays };

export function dayByDay(expression: string): DayByDay {
  const fields = expression
    .replace(/^cron\((.*)\)$/, '$1')
    .trim()
    .toUpperCase()
    .split(/\s+/);
  const [minutes = '', hours = '', dates = '', monthNames = '', daysOfWeek = '', years = ''] = fields;
  return {
    strikesAt: (hour, minute) =>
      has(hours, hour, { lowest: 0, highest: 23 }) && has(minutes, minute, { lowest: 0, highest: 59 }),
    strikesOn: (year, month, date) =>
      has(years, year, { lowest: 1970, highest: 2199 }) &&
      has(monthNames, month, { lowest: 1, highest: 12, names: months }) &&
      (dates === '?' || dates.split(',').some((part) => isDate(part, year, month, date))) &&
      (daysOfWeek === '?' || daysOfWeek.split(',').some((part) => isDayOfWeek(part, year, month, date))),
  };
}

/** Sunday is 1. */
function dayOfWeek(year: number, month: number, date: number): number {
  return new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 1;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isDate(part: string, year: number, month: number, date: number): boolean {
  const last = daysIn(year, month);
  if (part === 'L') return date === last;
  if (!part.endsWith('W')) return has(part, date, { lowest: 1, highest: 31 });
  const wanted = Number(part.slice(0, -1));
  if (wanted > last) return false;
  // The nearest of the month's days from Monday to Friday; no two are equally near.
  const distance = (of: number) => Math.abs(of - wanted);
  const working = Array.from({ length: last }, (_, index) => index + 1).filter((of) => {
    const day = dayOfWeek(year, month, of);
    return day > 1 && day < 7;
  });
  const nearest = working.reduce((best, of) => (distance(of) < distance(best) ? of : best));
  return date === nearest;
}

function isDayOfWeek(part: string, year: number, month: number, date: number): boolean {
  const day = dayOfWeek(year, month, date);
  if (part === 'L') return day === 7;
  if (part.endsWith('L')) return has(part.slice(0, -1), day, ofWeek) && date + 7 > daysIn(year, month);
  const [of = '', nth] = part.split('#');
  if (nth === undefined) return has(part, day, ofWeek);
  let count = 0;
  for (let before = 1; before <= date; before += 1) if (dayOfWeek(year, month, before) === day) count += 1;
  return has(of, day, ofWeek) && count === Number(nth);
}

/** Goes from the first value to the last, one by one, and over the end where the last is before the first. */
function has(field: string, value: number, { lowest, highest, names = [] }: Values): boolean {
  const number = (text: string) => (names.includes(text) ? names.indexOf(text) + lowest : Number(text));
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to] = range === '*' ? [String(lowest), String(highest)] : range.split('-');
    const end = to === undefined ? (part.includes('/') ? highest : number(from)) : number(to);
    let at = number(from);
    for (let count = 0; ; count += 1) {
      if (at === value && count % Number(step) === 0) return true;
      if (at === end) return false;
      at = at === highest ? lowest : at + 1;
    }
  });
}
