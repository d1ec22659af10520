import { describe, expect, it } from 'vitest';
import { longestGapHours, ScheduleError } from '../../infra/schedule-expression.ts';

describe('the longest gap of a schedule', () => {
  it.each([
    ['rate(1 day)', 24],
    ['rate(12 hours)', 12],
    ['rate(90 minutes)', 1.5],
    ['cron(0 2 * * ? *)', 24],
    ['cron(30 2,14 * * ? *)', 12],
    ['cron(0 6,22 * * ? *)', 16],
    ['cron(0/15 * * * ? *)', 0.25],
    ['cron(0 8-18/2 * * ? *)', 14],
    ['cron(0 2 ? * SUN *)', 168],
    ['cron(0 2 ? * 1 *)', 168],
    ['cron(0 2 ? * MON-FRI *)', 72],
    ['cron(0 2 ? * mon,thu *)', 96],
    ['cron(0 2 1 * ? *)', 31 * 24],
    ['cron(0 2 L * ? *)', 31 * 24],
    ['cron(0 2 1W * ? *)', 33 * 24],
    ['cron(0 2 31 * ? *)', 61 * 24],
    ['cron(0 2 ? * 2#1 *)', 35 * 24],
    ['cron(0 2 ? * 6L *)', 35 * 24],
    ['cron(0 2 ? * L *)', 168],
    ['cron(0 2 1 JAN,JUL ? *)', 184 * 24],
    ['cron(0 2 1 1 ? *)', 366 * 24],
    ['cron(0 2 29 2 ? *)', (3 * 365 + 366) * 24],
  ])('%s: %d hours', (expression, hours) => {
    expect(longestGapHours(expression)).toBe(hours);
  });

  it.each([
    ['0 2 * * *', 'must be "cron('],
    ['at(2026-01-01T00:00:00)', 'must be "cron('],
    ['rate(0 days)', 'must be as in "rate(1 day)"'],
    ['rate(1 week)', 'must be as in "rate(1 day)"'],
    ['cron(0 2 * * *)', 'must have six fields'],
    ['cron(0 2 * * * *)', 'must have "?" for its day of month or its day of week'],
    ['cron(0 2 ? * ? *)', 'must have "?" for its day of month or its day of week'],
    ['cron(0 2 * * ? 2027)', 'must have "*" for its year'],
    ['cron(60 2 * * ? *)', '0 to 59 for its minutes, and "60"'],
    ['cron(0 24 * * ? *)', '0 to 23 for its hours, and "24"'],
    ['cron(0 5-2 * * ? *)', '0 to 23 for its hours, and "5-2"'],
    ['cron(0 2 0 * ? *)', '1 to 31 for its day of month, and "0"'],
    ['cron(0 2 32W * ? *)', '1 to 31 for its day of month, and "32"'],
    ['cron(0 2 ? * 0 *)', '1 to 7 for its day of week, and "0"'],
    ['cron(0 2 ? * FOO *)', '1 to 7 for its day of week, and "FOO"'],
    ['cron(0 2 * 13 ? *)', '1 to 12 for its month, and "13"'],
    ['cron(,0 2 * * ? *)', '0 to 59 for its minutes, and ""'],
    ['cron(1.5 2 * * ? *)', '0 to 59 for its minutes, and "1.5"'],
    ['cron(0 2 30 2 ? *)', 'must come more than once'],
  ])('there is none of %s', (expression, what) => {
    expect(() => longestGapHours(expression)).toThrow(ScheduleError);
    expect(() => longestGapHours(expression)).toThrow(what);
  });
});
