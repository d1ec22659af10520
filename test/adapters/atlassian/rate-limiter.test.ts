import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../../../adapters/atlassian/rate-limiter.ts';
import { busiestMinute } from './busiest-minute.ts';

const minute = 60_000;

interface Worker {
  /** It ends after so many requests, and the next begins. */
  readonly requests: number;
  /** How late its timers are, in turn. */
  readonly lateness: readonly number[];
  /** How long it has nothing to do before each request, in turn. */
  readonly idle: readonly number[];
}

/** Starts of one worker after another, each as soon as it may, on a clock of whole milliseconds. */
function startsOf(rate: number, workers: readonly Worker[], end: number): number[] {
  const starts: number[] = [];
  let now = 1_700_000_000_000;
  const last = now + end;
  for (let turn = 0; now < last; turn += 1) {
    const worker = workers[turn % workers.length];
    if (!worker) break;
    const limiter = new RateLimiter(rate, now);
    for (let request = 0; request < worker.requests && now < last; request += 1) {
      now += worker.idle[request % worker.idle.length] ?? 0;
      if (limiter.nextStart > now) {
        now = Math.ceil(limiter.nextStart) + (worker.lateness[request % worker.lateness.length] ?? 0);
      }
      limiter.started(now);
      starts.push(now);
    }
  }
  return starts;
}

const delays = (most: number) => fc.array(fc.oneof(fc.constant(0), fc.nat(most)), { minLength: 1, maxLength: 7 });
const worker = fc.record({
  requests: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5000 })),
  lateness: fc.oneof(delays(20), delays(3000)),
  idle: fc.oneof(fc.constant([0]), delays(100), delays(30_000)),
});
const rates = fc.oneof(
  fc.integer({ min: 1, max: 5000 }),
  fc.double({ min: 1, max: 5000, noNaN: true }),
  fc.double({ min: 0.05, max: 40, noNaN: true }),
);

describe('A rate limiter', () => {
  it('never starts more than the rate in any closed 60 seconds, whatever timers, work and handovers do', () => {
    fc.assert(
      fc.property(rates, fc.array(worker, { minLength: 1, maxLength: 5 }), (rate, workers) => {
        expect(busiestMinute(startsOf(rate, workers, 4 * minute))).toBeLessThanOrEqual(Math.max(1, Math.floor(rate)));
      }),
      { numRuns: 500 },
    );
  });

  it('uses at least 95 % of the rate while there is work, although timers are late', () => {
    const someLate = fc.array(fc.nat(10), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.double({ min: 30, max: 5000, noNaN: true }), someLate, (rate, lateness) => {
        const minutes = 20;
        const starts = startsOf(rate, [{ requests: Number.POSITIVE_INFINITY, lateness, idle: [0] }], minutes * minute);
        expect(starts.length).toBeGreaterThanOrEqual(Math.floor(0.95 * rate * minutes));
      }),
      { numRuns: 100 },
    );
  });

  it('waits one interval before the first start, for the worker before may just have ended', () => {
    const limiter = new RateLimiter(100, 0);

    expect(limiter.nextStart).toBeCloseTo(minute / 97);
  });

  it('does not make up for idle time with a burst', () => {
    const limiter = new RateLimiter(60, 0);

    limiter.started(10 * minute);

    expect(limiter.nextStart).toBeGreaterThan(10 * minute + 1000);
  });

  it('starts nothing before the end of a hold, and nothing sooner because of one', () => {
    const limiter = new RateLimiter(60, 0);

    limiter.holdUntil(30_000);
    limiter.holdUntil(5000);

    expect(limiter.nextStart).toBe(30_000);
  });
});
