import { wallClock } from '../model/wall-clock.ts';
import type { PeriodRule } from './keep-reason.ts';

const day = 86_400_000;

/** Where a moment lies in the calendar of a time zone. */
export interface CalendarPlace extends Readonly<Record<PeriodRule, string>> {
  /** Whole days, from 1970 on. */
  readonly dayNumber: number;
}

/**
 * Days, ISO weeks (from Monday; week 1 has the year's first Thursday), months and years as the clocks of a time zone have them: a day
 * is one day however long a change of clocks makes it. Throws RangeError where there is no such zone.
 * @returns of a moment in milliseconds since the epoch its place
 */
export function calendarOf(timeZone: string): (moment: number) => CalendarPlace {
  const clock = wallClock(timeZone);
  return (moment) => {
    const dayNumber = Math.floor(clock(moment) / day);
    const daily = dateOf(dayNumber);
    return { dayNumber, daily, weekly: weekOf(dayNumber), monthly: daily.slice(0, 7), yearly: daily.slice(0, 4) };
  };
}

const dateOf = (dayNumber: number) => new Date(dayNumber * day).toISOString().slice(0, 10);

/** A week is of the year in which its Thursday lies. */
function weekOf(dayNumber: number): string {
  // 1 January 1970 was a Thursday.
  const sinceMonday = (((dayNumber + 3) % 7) + 7) % 7;
  const thursday = dayNumber - sinceMonday + 3;
  const year = dateOf(thursday).slice(0, 4);
  const week = Math.floor((thursday - Date.parse(`${year}-01-01`) / day) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
