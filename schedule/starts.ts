import { momentOf, wallClock } from '../core/model/wall-clock.ts';
import { type CronTimes, ScheduleError } from './cron-times.ts';

/**
 * What follows from a schedule's times. A change of clocks is as EventBridge Scheduler's User Guide says ("Daylight savings
 * time"): a time that the clocks leave out in spring does not strike that day, and one that they show twice in autumn strikes
 * once.
 */

const millisecondsAMinute = 60_000;
const minutesADay = 24 * 60;
const millisecondsADay = minutesADay * millisecondsAMinute;
/** Nine years hold two leap days wherever they begin. */
const yearsAhead = 9;

/**
 * When it strikes next after `now` in a time zone of the IANA list; undefined where it does not in the next nine years. Throws
 * RangeError where there is no such zone.
 */
export function nextStart({ minutesOfDay, isDay }: CronTimes, timeZone: string, now: Date): Date | undefined {
  const clock = wallClock(timeZone);
  for (const day of days(clock(now.getTime()), yearsAhead)) {
    if (!isDay(day)) continue;
    for (const minute of minutesOfDay) {
      const moment = momentOf(clock, day + minute * millisecondsAMinute);
      if (moment !== undefined && moment > now.getTime()) return new Date(moment);
    }
  }
  return undefined;
}

/** The longest time between two of its starts, in hours by the clock on the wall. Throws ScheduleError where there are no two. */
export function longestGapHours({ minutesOfDay, isDay }: CronTimes, today = new Date()): number {
  let last: number | undefined;
  let longest = 0;
  for (const day of days(today.getTime(), yearsAhead)) {
    if (!isDay(day)) continue;
    for (const minute of minutesOfDay) {
      const at = (day / millisecondsADay) * minutesADay + minute;
      if (last !== undefined) longest = Math.max(longest, at - last);
      last = at;
    }
  }
  if (longest === 0) throw new ScheduleError('must come more than once in the next nine years');
  return longest / 60;
}

/**
 * The first of its times in the next two years that the clocks of a zone leave out, as `02:00 on 2027-03-28`; undefined where
 * there is none. That night would have no backup.
 */
export function skippedTime(
  { minutesOfDay, isDay }: CronTimes,
  timeZone: string,
  today = new Date(),
): string | undefined {
  const clock = wallClock(timeZone);
  for (const day of days(today.getTime(), 2)) {
    // Most days have no change of clocks, and so leave nothing out.
    // `day` is midnight as if it were UTC, which is up to 14 hours before or after the clock's own.
    const [before, after] = [day - millisecondsADay, day + 2 * millisecondsADay];
    if (clock(before) - before === clock(after) - after) continue;
    if (!isDay(day)) continue;
    const minute = minutesOfDay.find((of) => momentOf(clock, day + of * millisecondsAMinute) === undefined);
    if (minute !== undefined)
      return `${new Date(day + minute * millisecondsAMinute).toISOString().slice(11, 16)} on ${new Date(day).toISOString().slice(0, 10)}`;
  }
  return undefined;
}

/** Midnights of so many years from the day of this time on, all as if it were UTC. */
function* days(time: number, years: number): Generator<number> {
  const first = Math.floor(time / millisecondsADay) * millisecondsADay;
  for (let day = first; day < first + years * 366 * millisecondsADay; day += millisecondsADay) yield day;
}
