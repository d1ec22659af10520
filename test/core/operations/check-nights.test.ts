import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActivitySettings, defaultActivity } from '../../../core/model/activity.ts';
import { type BudgetSettings, requestBudget } from '../../../core/model/request-budget.ts';
import { checkNights, objectsForFilesByType } from '../../../core/operations/check-nights.ts';
import { stackWords } from '../../../core/operations/setup-words.ts';
import type { Services } from '../../../core/ports/services.ts';
import { scheduledStart } from '../../../functions/runtime/scheduled-start.ts';
import { HurriedClock } from '../../end-to-end/local-run.ts';

const clock = new HurriedClock(Date.parse('2026-11-29T12:00:00Z'));

interface Asked {
  readonly objects: number;
  readonly types?: number;
  readonly schemas?: number;
  readonly offersComments?: boolean;
  readonly activity?: Partial<ActivitySettings>;
  readonly budget?: BudgetSettings;
  readonly schedule?: string;
  /** A folder's files cost nothing each. */
  readonly isStack?: boolean;
}

function nights({ objects, types = 150, schemas = 10, offersComments = true, ...asked }: Asked) {
  const { activity, budget, schedule = 'cron(0 2 * * ? *)', isStack = true } = asked;
  const services = {
    activity: { ...defaultActivity, ...activity },
    budget: requestBudget(budget),
    nextStart: scheduledStart({ schedule, timeZone: 'UTC' }),
    clock,
  } as Partial<Services> as Services;
  const words = isStack ? stackWords() : { ...stackWords(), filesByType: null };
  return checkNights(services, { objects, types, schemas, offersComments }, words);
}

describe('what nights take', () => {
  it('is said of a full one and of one after it, within a tenth of the counted runs of docs/cost-and-limits.md', () => {
    expect(nights({ objects: 50_000 }).detail).toBe(
      'The site counts 50,000 objects. A night that reads the history and comments of all takes about 100,000 requests and 80 min at this budget. One after it, where 1 % has changed, takes about 8,900 requests and 14 min at this budget.',
    );
    expect(nights({ objects: 1_000, types: 20, schemas: 3 }).detail).toContain('about 2,100 requests and 4 min');
    expect(nights({ objects: 500_000, types: 600, schemas: 30 }).detail).toContain(
      'about 1,000,000 requests and 12.9 h',
    );
  });

  it('is less where the site offers no comments, more where the budget is small, and the same every night at an age of 0', () => {
    expect(nights({ objects: 50_000, offersComments: false }).detail).toContain('all takes about 51,000 requests');
    expect(nights({ objects: 50_000, budget: { byClass: { history: 70 } } }).detail).toContain('and 12.0 h');
    const always = nights({ objects: 50_000, activity: { activityMaxAgeDays: 0 } });
    expect(always.detail).toContain('Every night does, because activityMaxAgeDays is 0.');
    expect(always.detail).not.toContain('after it');
  });

  it('takes the share of a week where the schedule comes once a week', () => {
    expect(nights({ objects: 50_000, schedule: 'cron(0 2 ? * SUN *)' }).detail).toContain('about 52,000 requests');
  });

  it('of a site that is too large for one is said by their number', () => {
    const small = { byClass: { history: 100, comments: 100 } };
    expect(nights({ objects: 500_000, budget: small })).toMatchObject({
      ok: true,
      detail: expect.stringMatching(
        /A night has time for those of about 110,000 objects, so it takes 5 nights until those of all are there\.$/,
      ),
    });
    const never = nights({ objects: 500_000, budget: { byClass: { history: 20, comments: 20 } } });
    expect(never).toMatchObject({ ok: true, remedy: expect.stringMatching(/get older than activityMaxAgeDays/) });
    expect(nights({ objects: 500, schedule: 'cron(0/3 * * * ? *)' })).toMatchObject({
      detail: expect.stringMatching(/so often that no night has time for history and comments\.$/),
      remedy: expect.stringMatching(/let the schedule come less often/),
    });
  });

  it('is never a failure, and recommends files by type on a stack alone, from so many objects on', () => {
    const choices = fc.record({
      objects: fc.integer({ min: 0, max: 20_000_000 }),
      offersComments: fc.boolean(),
      isStack: fc.boolean(),
      activity: fc.record({
        activityMaxAgeDays: fc.integer({ min: 0, max: 365 }),
        activityFiles: fc.constantFrom('object', 'type'),
      }),
      budget: fc.record({ total: fc.integer({ min: 1, max: 100_000 }) }),
      schedule: fc.constantFrom(
        'cron(0 2 * * ? *)',
        'cron(0/5 * * * ? *)',
        'cron(0 2 1 * ? *)',
        'cron(0 2 1 1 ? 2026)',
      ),
    });
    fc.assert(
      fc.property(choices, (choice) => {
        const { ok, detail, remedy } = nights(choice);
        expect(ok).toBe(true);
        expect(detail).not.toMatch(/NaN|Infinity|undefined| -/);
        const isAdvised = /"activityFiles": "type"/.test(remedy ?? '');
        const { isStack, objects, activity } = choice;
        expect(isAdvised).toBe(isStack && objects >= objectsForFilesByType && activity.activityFiles === 'object');
      }),
    );
  });
});
