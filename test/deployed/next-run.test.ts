import { describe, expect, it } from 'vitest';
import { nextRun } from '../../deployed/next-run.ts';

const next = (expression: string, timeZone: string, now: string) =>
  nextRun({ expression, timeZone }, new Date(now))?.toISOString();

describe('the next run of a schedule', () => {
  it.each([
    ['cron(0 2 * * ? *)', 'UTC', '2026-11-23T01:59:59Z', '2026-11-23T02:00:00.000Z'],
    ['cron(0 2 * * ? *)', 'UTC', '2026-11-23T02:00:00Z', '2026-11-24T02:00:00.000Z'],
    ['cron(0 2 * * ? *)', 'Europe/Berlin', '2026-11-23T12:00:00Z', '2026-11-24T01:00:00.000Z'],
    ['cron(30 23 * * ? *)', 'America/Los_Angeles', '2026-07-01T06:00:00Z', '2026-07-01T06:30:00.000Z'],
    ['cron(0 2 ? * MON-FRI *)', 'UTC', '2026-11-20T03:00:00Z', '2026-11-23T02:00:00.000Z'],
    ['cron(0 2 ? * FRI-MON *)', 'UTC', '2026-11-23T03:00:00Z', '2026-11-27T02:00:00.000Z'],
    ['cron(0 2 ? * 1 *)', 'UTC', '2026-11-23T00:00:00Z', '2026-11-29T02:00:00.000Z'],
    ['cron(0 2 1,15 * ? *)', 'UTC', '2026-11-23T00:00:00Z', '2026-12-01T02:00:00.000Z'],
    ['cron(0/20 8-9 * * ? *)', 'UTC', '2026-11-23T08:20:00Z', '2026-11-23T08:40:00.000Z'],
    ['cron(0 2 29 2 ? *)', 'UTC', '2026-11-23T00:00:00Z', '2028-02-29T02:00:00.000Z'],
    ['cron(0 2 1 JAN ? 2028)', 'UTC', '2026-11-23T00:00:00Z', '2028-01-01T02:00:00.000Z'],
  ])('%s in %s after %s is %s', (expression, timeZone, now, expected) => {
    expect(next(expression, timeZone, now)).toBe(expected);
  });

  it('leaves out a time that the clocks leave out, and takes the first of two that they show twice', () => {
    expect(next('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-29T00:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
    expect(next('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  it.each([
    'rate(1 day)',
    'at(2026-11-24T02:00:00)',
    'cron(0 2 L * ? *)',
    'cron(0 2 ? * 6#3 *)',
    'cron(0 2 * *)',
    'cron(0 25 * * ? *)',
    'cron(0 2 1 1 ? 2026)',
  ])('of %s is not known', (expression) => {
    expect(next(expression, 'UTC', '2026-11-23T00:00:00Z')).toBeUndefined();
  });
});
