import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CronTimes, readCron, ScheduleError } from '../../schedule/cron-times.ts';
import { longestGapHours, nextStart, skippedTime } from '../../schedule/starts.ts';
import { type DayByDay, dayByDay } from './day-by-day.ts';
import { fixedNow, forms, refused } from './forms.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

describe('a schedule', () => {
  it.each(forms)('$expression starts at $starts, $gapHours hours apart at most', ({ expression, gapHours, starts }) => {
    const times = readCron(expression);
    expect(startsOf(times, 'UTC', fixedNow, starts.length)).toEqual(starts);
    expect(longestGapHours(times, fixedNow)).toBe(gapHours);
    expect(daysOf(times, 40)).toEqual(daysByDay(dayByDay(expression), 40));
  });

  it.each(refused)('%s is refused: %s', (expression, sentence) => {
    const read = () => longestGapHours(readCron(expression), fixedNow);
    expect(read).toThrow(ScheduleError);
    expect(read).toThrow(sentence);
  });

  it('of any form strikes as the documentation says', async () => {
    await fc.assert(
      fc.property(anyCron, (expression) => {
        const times = readCron(expression);
        const truth = dayByDay(expression);
        expect(daysOf(times, 5), expression).toEqual(daysByDay(truth, 5));
        expect(times.minutesOfDay, expression).toEqual(minutesByDay(truth));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps to the clocks of its zone: what they leave out is left out, what they show twice strikes once', async () => {
    await fc.assert(
      fc.property(
        anyTimeOfDay,
        fc.constantFrom(...changes),
        fc.integer({ min: -60, max: 1440 }),
        (time, change, ago) => {
          const expression = `cron(${time} * * ? *)`;
          const [timeZone, at] = change;
          const now = Date.parse(at) - ago * minute;
          const expected = firstMinute(dayByDay(expression), timeZone, now);
          expect(startsOf(readCron(expression), timeZone, new Date(now), 1), `${expression} ${change} ${ago}`).toEqual([
            expected,
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-30 00:30'],
    ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T23:00Z', '2026-10-25 00:30'],
    ['cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-26 01:30'],
    ['cron(30 2,3 * * ? *)', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-25 02:30'],
    ['cron(30 23 * * ? *)', 'America/Los_Angeles', '2026-07-01T06:00Z', '2026-07-01 06:30'],
    ['cron(0 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-03T12:00Z', '2026-10-04 15:00'],
  ])('%s in %s after %s starts at %s UTC', (expression, timeZone, now, expected) => {
    expect(startsOf(readCron(expression), timeZone, new Date(now), 1)).toEqual([expected]);
  });

  it('has no next start where its years are over', () => {
    expect(nextStart(readCron('cron(0 2 1 1 ? 2026)'), 'UTC', fixedNow)).toBeUndefined();
  });

  it.each([
    ['cron(0 2 * * ? *)', 'Europe/Berlin', '02:00 on 2027-03-28'],
    ['cron(0 2 L * ? *)', 'Europe/Berlin', undefined],
    ['cron(0 2 ? * 1L *)', 'Europe/Berlin', '02:00 on 2027-03-28'],
    ['cron(15,45 2 ? * SUN#2 *)', 'America/New_York', '02:15 on 2027-03-14'],
    ['cron(0 3 * * ? *)', 'Europe/Berlin', undefined],
    ['cron(0 2 * * ? *)', 'Asia/Tokyo', undefined],
    ['cron(30 2 * * ? *)', 'Australia/Sydney', '02:30 on 2027-10-03'],
    ['cron(30 2 * * ? *)', 'Pacific/Auckland', '02:30 on 2027-09-26'],
    ['cron(15 2 * * ? *)', 'Australia/Lord_Howe', '02:15 on 2027-10-03'],
    ['cron(30 0 * * ? *)', 'Asia/Beirut', '00:30 on 2027-03-28'],
  ])('%s in %s meets a time that the clocks leave out: %s', (expression, timeZone, skipped) => {
    expect(skippedTime(readCron(expression), timeZone, fixedNow)).toBe(skipped);
  });
});

function startsOf(times: CronTimes, timeZone: string, now: Date, count: number): string[] {
  const starts: string[] = [];
  for (let after = now; starts.length < count; ) {
    const next = nextStart(times, timeZone, after);
    if (!next) break;
    starts.push(textOf(next.getTime()));
    after = next;
  }
  return starts;
}

function textOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 16).replace('T', ' ');
}

const firstDay = Date.UTC(2026, 0, 1);

function daysOf({ isDay }: CronTimes, years: number): string[] {
  return daysIn(years).filter(isDay).map(textOf);
}

function daysByDay({ strikesOn }: DayByDay, years: number): string[] {
  return daysIn(years)
    .filter((of) => {
      const date = new Date(of);
      return strikesOn(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
    })
    .map(textOf);
}

function daysIn(years: number): number[] {
  return Array.from({ length: years * 366 }, (_, index) => firstDay + index * day);
}

function minutesByDay({ strikesAt }: DayByDay): number[] {
  return Array.from({ length: 24 * 60 }, (_, of) => of).filter((of) => strikesAt(Math.floor(of / 60), of % 60));
}

/** Goes through every minute, with the clock on the wall beside it: a time that it showed before does not strike again. */
function firstMinute({ strikesAt }: DayByDay, timeZone: string, now: number): string | undefined {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const shown = new Set<string>();
  for (let moment = now - 3 * 60 * minute; moment < now + 3 * day; moment += minute) {
    const wall = clock.format(moment);
    const [hour = 0, past = 0] = wall.slice(-5).split(':').map(Number);
    if (moment > now && !shown.has(wall) && strikesAt(hour, past)) return textOf(moment);
    shown.add(wall);
  }
  return undefined;
}

/** Zones, and a moment near a change of their clocks. */
const changes = [
  ['Europe/Berlin', '2027-03-28T01:00Z'],
  ['Europe/Berlin', '2027-10-31T01:00Z'],
  ['America/New_York', '2027-03-14T07:00Z'],
  ['America/New_York', '2027-11-07T06:00Z'],
  ['Australia/Lord_Howe', '2027-10-02T15:30Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:00Z'],
  ['America/Havana', '2027-03-14T05:00Z'],
  ['America/Havana', '2027-11-07T05:00Z'],
  ['Asia/Beirut', '2027-03-27T22:00Z'],
  ['Asia/Kolkata', '2027-03-28T01:00Z'],
] as const;

const from = (lowest: number, highest: number, names: readonly string[] = []) => {
  const number = fc.integer({ min: lowest, max: highest });
  return names.length === 0
    ? number.map(String)
    : fc.oneof(
        number.map(String),
        number.map((value) => names[value - lowest] ?? ''),
      );
};
/** Of the parts of a field: a value, a range that may go over the end, a step from a value, of a range, of all. */
const parts = (value: fc.Arbitrary<string>, mostSteps: number) => {
  const step = fc.integer({ min: 1, max: mostSteps });
  return [
    value,
    fc.tuple(value, value).map(([one, other]) => `${one}-${other}`),
    fc.tuple(value, step).map((words) => words.join('/')),
    fc.tuple(value, value, step).map(([one, other, every]) => `${one}-${other}/${every}`),
    step.map((every) => `*/${every}`),
  ];
};
const list = (...choices: fc.Arbitrary<string>[]) =>
  fc.oneof(
    fc.constant('*'),
    fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 3 }).map((texts) => texts.join(',')),
  );

const dates = from(1, 31);
const monthValues = from(1, 12, ['JAN', 'feb', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']);
const weekdayValues = from(1, 7, ['SUN', 'MON', 'tue', 'WED', 'THU', 'FRI', 'SAT']);
const dayOfMonth = list(
  ...parts(dates, 31),
  fc.constant('L'),
  dates.map((of) => `${of}W`),
);
const dayOfWeek = fc.oneof(
  {
    weight: 4,
    arbitrary: list(
      ...parts(weekdayValues, 7),
      fc.constant('L'),
      weekdayValues.map((of) => `${of}L`),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(weekdayValues, fc.integer({ min: 1, max: 5 })).map((words) => words.join('#')) },
);
const years = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  fc.constantFrom('2027', '2026-2028', '2027,2029', '2026/2', '*/3', '2027-2030/2', '2027-2199'),
);
const anyTimeOfDay = fc
  .tuple(list(...parts(from(0, 59), 59)), list(...parts(from(0, 23), 23)))
  .map((words) => words.join(' '));
const anyDay = fc.oneof(
  fc.tuple(dayOfMonth, list(...parts(monthValues, 12)), fc.constant('?')),
  fc.tuple(fc.constant('?'), list(...parts(monthValues, 12)), dayOfWeek),
);
const anyCron = fc
  .tuple(anyTimeOfDay, anyDay, years, fc.constantFrom(' ', '  '))
  .map(([time, days, year, space]) => `cron(${[time, ...days, year].join(' ').replaceAll(' ', space)})`);
