import { describe, expect, it } from 'vitest';
import { scheduledStart } from '../../functions/runtime/scheduled-start.ts';
import { ScheduleError } from '../../schedule/cron-times.ts';

const at = (time: string) => Date.parse(time);

describe('the next start of a stack', () => {
  it('is the first of its schedule after a time, by the clock of its zone', () => {
    const nightly = scheduledStart({ schedule: 'cron(30 1 * * ? *)', timeZone: 'Europe/Berlin' });
    // In winter an hour before UTC's, in summer two.
    expect(nightly(at('2026-11-29T00:30:00Z'))).toBe(at('2026-11-30T00:30:00Z'));
    expect(nightly(at('2026-11-29T00:29:59Z'))).toBe(at('2026-11-29T00:30:00Z'));
    expect(nightly(at('2026-07-01T00:00:00Z'))).toBe(at('2026-07-01T23:30:00Z'));
    const weekly = scheduledStart({ schedule: 'cron(0 2 ? * SUN *)', timeZone: 'UTC' });
    expect(weekly(at('2026-11-29T02:00:00Z'))).toBe(at('2026-12-06T02:00:00Z'));
  });

  it('is not known where nothing says it, or where nothing starts any more', () => {
    expect(scheduledStart(null)(at('2026-11-29T00:00:00Z'))).toBeUndefined();
    const over = scheduledStart({ schedule: 'cron(0 2 1 1 ? 2026)', timeZone: 'UTC' });
    expect(over(at('2026-11-29T00:00:00Z'))).toBeUndefined();
  });

  it('is an error where the environment holds no schedule, not a night without an end', () => {
    const broken = scheduledStart({ schedule: 'rate(1 day)', timeZone: 'UTC' });
    expect(() => broken(at('2026-11-29T00:00:00Z'))).toThrow(ScheduleError);
  });
});
