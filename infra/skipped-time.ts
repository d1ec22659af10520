import { momentOf, wallClock } from '../core/model/wall-clock.ts';
import { cronTimes } from './schedule-expression.ts';

/**
 * The first of a schedule's times in the next two years that the clocks of its zone leave out, as `02:00 on 2027-03-28`;
 * undefined where there is none. EventBridge Scheduler skips such a time, so that night would have no backup.
 */
export function skippedTime(schedule: string, timeZone: string, today = new Date()): string | undefined {
  const times = cronTimes(schedule);
  if (!times) return undefined;
  const clock = wallClock(timeZone);
  const firstDay = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  for (let day = firstDay; day < firstDay + twoYears; day += millisecondsADay) {
    // Most days have no change of clocks, and so leave nothing out.
    if (clock(day) - day === clock(day + 2 * millisecondsADay) - (day + 2 * millisecondsADay)) continue;
    if (!times.isDay(new Date(day))) continue;
    const minute = times.minutesOfDay.find((of) => momentOf(clock, day + of * 60_000) === undefined);
    if (minute !== undefined)
      return `${new Date(day + minute * 60_000).toISOString().slice(11, 16)} on ${new Date(day).toISOString().slice(0, 10)}`;
  }
  return undefined;
}

const millisecondsADay = 24 * 3_600_000;
const twoYears = 2 * 366 * millisecondsADay;
