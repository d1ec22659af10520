import { type AttributeKind, defaultKind } from '../reading/attribute-kinds.ts';

/**
 * A value in the one spelling by which two sites' values are compared: a site may write `1` for `+1`, `true` for `TRUE`, and
 * the same day or moment in another zone, with or without a time, seconds, or their parts. Texts stay as they are, to the last
 * character; so does what has none of the spellings that are known of its kind.
 */
export function comparable(text: string, { type, defaultTypeId }: AttributeKind): string {
  return (type === 0 ? spellings[defaultTypeId ?? defaultKind.text]?.(text.trim()) : undefined) ?? text;
}

const spellings: Readonly<Record<number, (text: string) => string | undefined>> = {
  [defaultKind.integer]: sameNumber,
  [defaultKind.double]: sameNumber,
  [defaultKind.boolean]: (text) => /^(?:true|false)$/i.exec(text)?.[0].toLowerCase(),
  [defaultKind.date]: sameDay,
  [defaultKind.time]: sameTime,
  [defaultKind.dateTime]: sameMoment,
};

/** Digits are kept: a number that JavaScript cannot hold is not rounded. Java writes large and small ones with an exponent. */
function sameNumber(text: string): string | undefined {
  const match = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = '0'.repeat(Math.max(0, -point)) + whole + fraction;
  const before = digits.slice(0, Math.max(0, point)).padEnd(point, '0').replace(/^0+/, '') || '0';
  const after = digits.slice(Math.max(0, point)).replace(/0+$/, '');
  const number = after === '' ? before : `${before}.${after}`;
  return sign === '-' && number !== '0' ? `-${number}` : number;
}

const isoDay = String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})`;
/** Jira's own way to write a day, `16/Feb/21`, which stands in `displayValue` (reference, section 2.8). */
const jiraDay = String.raw`(?<day>\d{1,2})/(?<name>[A-Za-z]{3})/(?<year>\d{2}|\d{4})`;
const clock = String.raw`(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:[.,](?<part>\d{1,9}))?)?(?:\s*(?<half>[AaPp][Mm]))?`;
const zone = String.raw`(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?`;
const days = [isoDay, jiraDay].map((day) => new RegExp(`^${day}$`));
const moments = [isoDay, jiraDay].map((day) => new RegExp(`^${day}[T ]${clock}\\s*${zone}$`));
const times = [new RegExp(`^${clock}$`), new RegExp(`^${isoDay}T${clock}${zone}$`)];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

type Parts = Readonly<Record<string, string | undefined>>;

/** By the first pattern that fits. */
function partsOf(text: string, patterns: readonly RegExp[]): Parts | undefined {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return groups;
  }
  return undefined;
}

/** A day; where a time stands with it, that is the beginning of the day in its own zone or in UTC, or else this is no day. */
function sameDay(text: string): string | undefined {
  const day = partsOf(text, days);
  if (day) return dayOf(day);
  const moment = partsOf(text, moments);
  if (!moment) return undefined;
  return milliseconds(moment) === 0 ? dayOf(moment) : sameMoment(text)?.replace('T00:00:00.000Z', '');
}

function sameTime(text: string): string | undefined {
  const parts = partsOf(text, times);
  return parts && new Date(milliseconds(parts)).toISOString().slice(11);
}

/** Where no zone stands it is UTC, in which the API gives moments. A number is milliseconds since 1970. */
function sameMoment(text: string): string | undefined {
  if (/^\d{12,13}$/.test(text)) return new Date(Number(text)).toISOString();
  const parts = partsOf(text, moments) ?? partsOf(text, days);
  const day = parts && dayOf(parts);
  if (!parts || day === undefined) return undefined;
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + milliseconds(parts) - offsetOf(parts.zone)).toISOString();
}

/** Undefined where the calendar does not have it. */
function dayOf({ year = '', month, name, day: dayOfMonth = '' }: Parts): string | undefined {
  const number = month ?? String(months.indexOf((name ?? '').toLowerCase()) + 1).padStart(2, '0');
  const day = `${year.length === 2 ? `20${year}` : year}-${number}-${dayOfMonth.padStart(2, '0')}`;
  // The 30th of February is the 1st of March, and no day has another's number in its own month.
  return new Date(`${day}T00:00:00.000Z`).getUTCDate() === Number(dayOfMonth) ? day : undefined;
}

function milliseconds({ hour = '0', minute = '0', second = '0', part = '', half }: Parts): number {
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour);
  return ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(part.padEnd(3, '0').slice(0, 3));
}

function offsetOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
}
