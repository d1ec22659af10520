/** Which of two numbers is the day where a date is written with numbers alone: `03/04/2023`. */
export type DayOrder = 'day-first' | 'month-first';

/** What the text of a date says. */
export type ReadDate = { readonly iso: string } | 'ambiguous' | 'unreadable';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const isoDay = /^(\d{4})-(\d{2})-(\d{2})/;
const named = /^(\d{1,2})[/ .-]\s?([A-Za-z]{3})[a-z]*\.?[/ .,-]\s?(\d{4}|\d{2})(?!\d)/;
const numbers = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const clock = /^[\s,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm)?$/i;

/**
 * A day as a site shows it: in the site's own form (`16/Feb/21`), as ISO 8601, or with numbers alone. A date with points has its day first.
 * @param order of dates with numbers alone; undefined where nobody knows
 */
export function readDisplayedDate(text: string, order: DayOrder | undefined): ReadDate {
  const { day, rest } = dayOf(text.trim(), order);
  // A day may be shown with the time of its midnight.
  return typeof day === 'object' && rest !== '' && timeOf(rest) === undefined && !isoRest.test(rest)
    ? 'unreadable'
    : day;
}

/** The same of a moment; one that names no zone is taken for one of UTC, to the minute where it names no seconds. */
export function readDisplayedDateTime(text: string, order: DayOrder | undefined): ReadDate {
  const trimmed = text.trim();
  if (isoMoment.test(trimmed)) return { iso: trimmed };
  const { day, rest } = dayOf(trimmed, order);
  if (typeof day !== 'object') return day;
  const time = rest === '' ? '00:00:00' : timeOf(rest);
  return time === undefined ? 'unreadable' : { iso: `${day.iso}T${time}.000Z` };
}

/** Whether the text names its zone, so that nothing of it is a guess. */
export const isWholeMoment = (text: string) => isoMoment.test(text.trim());
const isoMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/;
const isoRest = /^T\d{2}:\d{2}/;

/** Which order a date with numbers alone proves; undefined where it proves none. */
export function orderProvenBy(text: string): DayOrder | undefined {
  const [, first = '', separator, second = ''] = numbers.exec(text.trim()) ?? [];
  if (separator === undefined || separator === '.') return undefined;
  if (Number(first) > 12 && Number(second) <= 12) return 'day-first';
  return Number(second) > 12 && Number(first) <= 12 ? 'month-first' : undefined;
}

function dayOf(text: string, order: DayOrder | undefined): { readonly day: ReadDate; readonly rest: string } {
  const iso = isoDay.exec(text);
  if (iso) return { day: checked(iso[1], Number(iso[2]), Number(iso[3])), rest: text.slice(iso[0].length) };
  const words = named.exec(text);
  if (words) {
    const month = months.indexOf((words[2] ?? '').toLowerCase()) + 1;
    return { day: checked(words[3], month, Number(words[1])), rest: text.slice(words[0].length) };
  }
  const plain = numbers.exec(text);
  if (!plain) return { day: 'unreadable', rest: '' };
  const [whole, first, separator, second, year] = plain;
  const rest = text.slice(whole.length);
  const [one, other] = [Number(first), Number(second)];
  if (separator === '.' || one === other) return { day: checked(year, other, one), rest };
  if (one > 12 && other > 12) return { day: 'unreadable', rest };
  const proven = orderProvenBy(text) ?? order;
  if (proven === undefined) return { day: 'ambiguous', rest };
  return { day: proven === 'day-first' ? checked(year, other, one) : checked(year, one, other), rest };
}

/** Years of two digits are of this century, as Jira reads them. */
function checked(year = '', month: number, day: number): ReadDate {
  const iso = [year.length === 2 ? `20${year}` : year, padded(month), padded(day)].join('-');
  const date = new Date(`${iso}T00:00:00.000Z`);
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return isDay ? { iso } : 'unreadable';
}

function timeOf(text: string): string | undefined {
  const [, hours, minutes, seconds = '00', half] = clock.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const given = Number(hours);
  if (half !== undefined && (given < 1 || given > 12)) return undefined;
  const hour = half === undefined ? given : (given % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return hour < 24 && Number(minutes) < 60 && Number(seconds) < 60
    ? `${padded(hour)}:${minutes}:${seconds}`
    : undefined;
}

const padded = (number: number) => String(number).padStart(2, '0');
