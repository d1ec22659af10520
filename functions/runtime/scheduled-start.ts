import type { Services } from '../../core/ports/services.ts';
import { readCron } from '../../schedule/cron-times.ts';
import { nextStart } from '../../schedule/starts.ts';

/** When a stack starts its backups, as its settings say it. */
export interface ScheduledTimes {
  /** `cron(...)` as EventBridge Scheduler takes it. */
  readonly schedule: string;
  /** Of the IANA list. */
  readonly timeZone: string;
}

/** A schedule that somebody has changed by hand is not seen: it is that of the last deployment. */
export function scheduledStart(times: ScheduledTimes | null): Services['nextStart'] {
  return (after) =>
    times === null ? undefined : nextStart(readCron(times.schedule), times.timeZone, new Date(after))?.getTime();
}
