import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetLimiter } from '../../../adapters/atlassian/budget-limiter.ts';
import { InterruptedError } from '../../../core/errors.ts';
import type { EndpointClass, RequestBudget } from '../../../core/model/request-budget.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { busiestMinute } from './busiest-minute.ts';
import { budgetOf, errorOf } from './test-site.ts';

const minute = 60_000;

function budget(total: number, byClass: Partial<Record<EndpointClass, number>>): RequestBudget {
  return { total, byClass: { ...budgetOf(1_000_000).byClass, ...byClass } };
}

type Starts = Partial<Record<EndpointClass, number[]>>;

/** Keeps `inFlight` requests of a class on their way, each taking `latency`, and notes when they start. */
function work(
  limiter: BudgetLimiter,
  clock: VirtualClock,
  endpointClass: EndpointClass,
  {
    starts,
    inFlight = 8,
    latency = () => 200,
    until,
  }: { starts: Starts; inFlight?: number; latency?: () => number; until: number },
): void {
  const mine = starts[endpointClass] ?? [];
  starts[endpointClass] = mine;
  const one = async () => {
    while (clock.now() < until) {
      await limiter.turn(endpointClass);
      mine.push(clock.now());
      await clock.sleep(latency());
    }
  };
  for (let index = 0; index < inFlight; index += 1) void one();
}

const all = (starts: Starts) =>
  Object.values(starts)
    .flat()
    .sort((a, b) => a - b);

describe('The rate limiter of a budget', () => {
  it('keeps every class and the total within their rates in any minute, over handovers between workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.array(fc.nat(5000), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(400), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 4 }),
        async (history, comments, total, latencies, late, lives) => {
          let [slept, sent] = [0, 0];
          const clock = new VirtualClock({ lateness: () => late[slept++ % late.length] ?? 0 });
          const starts: Starts = {};
          for (const life of lives) {
            const limiter = new BudgetLimiter(budget(total, { history, comments }), clock);
            const until = clock.now() + life;
            const latency = () => latencies[sent++ % latencies.length] ?? 0;
            work(limiter, clock, 'history', { starts, latency, until });
            work(limiter, clock, 'comments', { starts, latency, until });
            await clock.advance(life);
            // What is waiting for its turn still has it; the next worker begins when this one is idle.
            while (clock.sleepers > 0) await clock.advance(1000);
          }
          expect(busiestMinute(starts.history ?? [])).toBeLessThanOrEqual(history);
          expect(busiestMinute(starts.comments ?? [])).toBeLessThanOrEqual(comments);
          expect(busiestMinute(all(starts))).toBeLessThanOrEqual(total);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('uses at least 95 % of the rate of each class while there is work for it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 30, max: 1000 }),
        fc.integer({ min: 30, max: 1000 }),
        fc.array(fc.nat(10), { minLength: 1, maxLength: 5 }),
        async (history, comments, late) => {
          let slept = 0;
          const clock = new VirtualClock({ lateness: () => late[slept++ % late.length] ?? 0 });
          const limiter = new BudgetLimiter(budget(2100, { history, comments }), clock);
          const starts: Starts = {};
          const until = clock.now() + 5 * minute;
          work(limiter, clock, 'history', { starts, until });
          work(limiter, clock, 'comments', { starts, until });
          await clock.advance(5 * minute);
          expect(starts.history?.length).toBeGreaterThanOrEqual(0.95 * 5 * history - 1);
          expect(starts.comments?.length).toBeGreaterThanOrEqual(0.95 * 5 * comments - 1);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('shares a total that is scarce among the classes', async () => {
    const clock = new VirtualClock();
    const limiter = new BudgetLimiter(budget(100, {}), clock);
    const starts: Starts = {};
    const until = clock.now() + 5 * minute;
    work(limiter, clock, 'history', { starts, until, inFlight: 4 });
    work(limiter, clock, 'comments', { starts, until, inFlight: 4 });

    await clock.advance(5 * minute);

    expect(starts.history?.length).toBeGreaterThan(200);
    expect(starts.comments?.length).toBeGreaterThan(200);
  });

  it('does not let a request of a fast class wait for one of a slow class', async () => {
    const clock = new VirtualClock();
    const limiter = new BudgetLimiter(budget(6000, { history: 1, configuration: 600 }), clock);
    const starts: Starts = {};
    const until = clock.now() + 1;
    work(limiter, clock, 'history', { starts, until, inFlight: 1 });
    await clock.advance(500);
    work(limiter, clock, 'configuration', { starts, until: clock.now() + 1, inFlight: 1 });
    const asked = clock.now();

    await clock.advance(2 * minute);

    expect((starts.configuration?.[0] ?? 0) - asked).toBeLessThan(150);
    expect(starts.history).toHaveLength(1);
  });

  it('holds all classes back, and starts none in a burst afterwards', async () => {
    const clock = new VirtualClock();
    const limiter = new BudgetLimiter(budgetOf(600), clock);
    const starts: Starts = {};
    const until = clock.now() + 2 * minute;
    work(limiter, clock, 'history', { starts, until });
    work(limiter, clock, 'object', { starts, until });
    await clock.advance(10_000);
    const end = clock.now() + 30_000;

    expect(limiter.holdUntil(end)).toBe(true);
    expect(limiter.holdUntil(end - 1000)).toBe(false);
    expect(limiter.holdUntil(end + 500)).toBe(false);
    await clock.advance(90_000);

    const after = all(starts).filter((start) => start > end - 30_000);
    expect(after[0]).toBeGreaterThanOrEqual(end + 500);
    expect((after[40] ?? 0) - (after[0] ?? 0)).toBeGreaterThan(36 * 100);
  });

  it('gives up all waiting when the run is interrupted', async () => {
    const clock = new VirtualClock();
    const run = new AbortController();
    const limiter = new BudgetLimiter(budgetOf(1), clock, run.signal);
    const waiting = [
      errorOf(limiter.turn('history')),
      errorOf(limiter.turn('object')),
      errorOf(limiter.turn('object')),
    ];

    run.abort();

    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(InterruptedError);
    expect(await errorOf(limiter.turn('history'))).toBeInstanceOf(InterruptedError);
    expect(clock.sleepers).toBe(0);
  });
});
