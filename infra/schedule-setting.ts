import * as v from 'valibot';
import { type CronTimes, readCron, ScheduleError } from '../schedule/cron-times.ts';
import { longestGapHours, skippedTime } from '../schedule/starts.ts';
import { saying } from '../validation/checked.ts';

/** A place of the IANA list, written as there. */
export const timeZoneSetting = saying(
  'must be a time zone of the IANA list, as in "Europe/Berlin"',
  v.pipe(v.string(), v.check(isTimeZone)),
);

/** What a schedule starts, and who is told when it did not come. */
export interface ScheduledThing {
  /** `cron(...)` as EventBridge Scheduler takes it. */
  readonly schedule: string;
  readonly timeZone: string;
  /** Hours after which an alarm rings; undefined: those of the gap and `hoursForIt`. */
  readonly alarmAfterHours?: number | undefined;
  /** What does not happen at a time that is left out: `nothing would be backed up then`. */
  readonly otherwise: string;
}

export interface ScheduleFacts {
  /** The longest time between two starts, in hours. */
  readonly gapHours: number;
  /** Hours after which an alarm rings. */
  readonly alarmAfterHours: number;
}

/** Time for the run itself, and for the hour by which a night in autumn is longer. */
const hoursForIt = 12;

/**
 * Checks a schedule, and says after how many hours what it starts is missing. `refuse` makes an error of what is wrong with the
 * schedule, and of an `alarmAfterHours` that its own gap would break.
 */
export function checkSchedule(
  { schedule, timeZone, alarmAfterHours, otherwise }: ScheduledThing,
  refuse: (field: 'schedule' | 'alarmAfterHours', what: string) => Error,
): ScheduleFacts {
  const { times, gapHours } = readTimes(schedule, (what) => refuse('schedule', what));
  if (alarmAfterHours !== undefined && alarmAfterHours <= gapHours) {
    throw refuse(
      'alarmAfterHours',
      `must be above ${gapHours}, the hours that the schedule itself leaves between two backups`,
    );
  }
  const hours = alarmAfterHours ?? Math.ceil(gapHours) + hoursForIt;
  // A schedule that strikes often loses little, and one whose alarm waits for two gaps is known to.
  const skipped = hours < 2 * gapHours ? skippedTime(times, timeZone) : undefined;
  if (skipped !== undefined) {
    throw refuse(
      'schedule',
      `strikes at ${skipped}, which the clocks of ${timeZone} leave out, so ${otherwise}: choose another time`,
    );
  }
  return { gapHours, alarmAfterHours: hours };
}

function readTimes(schedule: string, wrong: (what: string) => Error): { times: CronTimes; gapHours: number } {
  try {
    const times = readCron(schedule);
    return { times, gapHours: longestGapHours(times) };
  } catch (error) {
    if (error instanceof ScheduleError) throw wrong(error.message);
    throw error;
  }
}

/** JavaScript also takes offsets and any case. */
function isTimeZone(zone: string): boolean {
  if (!/^[A-Z]/.test(zone)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
    return known === zone || known.toUpperCase() !== zone.toUpperCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
