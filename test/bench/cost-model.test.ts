import { describe, expect, it } from 'vitest';
import { nightsUntilAllIsRead } from '../../bench/cost/convergence.ts';
import { countBackup } from '../../bench/cost/count-nights.ts';
import { countSite, shapeOf, siteOf } from '../../bench/cost/count-site.ts';
import { fittedSites, heldOutSites } from '../../bench/cost/counted-sites.ts';
import { type CountedSite, type RunCount, runKinds } from '../../bench/cost/counts.ts';
import { fittedCounts, foretold, heldOutCounts } from '../../bench/cost/foretold.ts';
import { priceOf } from '../../bench/cost/prices.ts';
import { requestsOf, totalsOf } from '../../bench/cost/run-totals.ts';
import { SimulatedClock } from '../../bench/cost/simulated-clock.ts';
import { evenSite, sum } from '../../bench/cost/site-shape.ts';
import { roundsOf } from '../../bench/cost/things.ts';
import { timeOf } from '../../bench/cost/workers.ts';
import { endpointClasses } from '../../core/model/request-budget.ts';
import type { ObjectPage } from '../../core/ports/assets-reader.ts';
import { PagesAhead } from '../../core/reading/pages-ahead.ts';
import { testDirectory } from '../end-to-end/local-run.ts';

const withoutProcessor = { workSeconds: 480, planObjectSeconds: 0 };

describe('bench/cost/counted.json', () => {
  it('has the sites that it is to have', () => {
    expect([...fittedCounts, ...heldOutCounts].map(({ site }) => site)).toEqual([...fittedSites, ...heldOutSites]);
  });

  // The smallest, one of them short of time: a new count of all takes a quarter of an hour.
  const small = fittedCounts.filter(({ site }) => [100, 300, 400].includes(site.objects));
  it.each(small.map((count) => [`${count.site.objects} objects`, count] as const))(
    'is what the code takes today, counted anew on %s: after a change `node bench/cost/count.ts` writes it',
    async (_, count) => {
      const today = await countSite(count.site, testDirectory());
      expect(today.shape).toEqual(count.shape);
      for (const kind of runKinds) {
        expect(withoutSeconds(today.runs[kind]), kind).toEqual(withoutSeconds(count.runs[kind]));
        expectShare(today.runs[kind].seconds, count.runs[kind].seconds, 0.01, `${kind}, seconds`);
        for (const [name, { seconds }] of Object.entries(count.runs[kind].steps)) {
          expectShare(today.runs[kind].steps[name]?.seconds, seconds, 0.01, `${kind}, seconds of ${name}`);
        }
      }
    },
    180_000,
  );
});

describe('the time of a night', () => {
  const small = { schemas: 1, shareWithComments: 0, shareChanged: 0.01, workSeconds: 480 };
  const sites: readonly (readonly [string, CountedSite])[] = [
    ['one type, which one worker reads', { ...small, objects: 2_000, types: 1, shareOfFirstType: 1 }],
    ['many types, which two workers share', { ...small, objects: 2_000, types: 16, shareOfFirstType: 1 / 16 }],
  ];
  it.each(sites)('is what a run takes by the clock: %s', async (_, counted) => {
    const site = siteOf(counted);
    const place = { directory: testDirectory(), clock: new SimulatedClock(), site };
    const { count } = await countBackup(counted, place, false);
    const { seconds } = foretold('bare night', shapeOf(site, counted), withoutProcessor);
    expectShare(seconds, count.seconds, 0.03, 'seconds');
  });

  it('is set by the pages that are waited for, eight at a time: 50,000 objects of one type, as they were counted', () => {
    const { steps } = foretold('bare night', evenSite({ objects: 50_000, schemas: 1, types: 1 }));
    expectShare(steps.ExportObjects?.seconds, 64.7, 0.03, 'seconds');
  });

  it('is set by the slowest worker: what the other one reads meanwhile takes no time', () => {
    const besides = (types: readonly number[]) => {
      const { steps, seconds } = foretold('bare night', { schemas: [types], comments: 0, changed: 0 });
      const all = sum(Object.values(steps).map((step) => step.seconds));
      return { seconds: all - seconds, reading: steps.ExportObjects?.seconds ?? 0 };
    };
    const large = besides([40_000]);
    expect(large.seconds).toBeCloseTo(0, 6);
    const withSmall = besides([40_000, 1_000, 1_000]);
    expect(withSmall.seconds).toBeCloseTo(withSmall.reading - large.reading, 6);
    expect(withSmall.seconds).toBeGreaterThan(9);
    const ten = besides(new Array<number>(10).fill(5_000));
    expectShare(ten.seconds, ten.reading / 2, 0.01, 'seconds');
  });

  it.each([1, 2, 3, 4, 7, 11, 21, 36, 37, 44, 45, 126])(
    'waits for %s pages as often as PagesAhead does',
    async (pages) => {
      const clock = new SimulatedClock();
      const startedAt = clock.now();
      const ahead = new PagesAhead();
      const ask = async () => {
        await clock.sleep(1_000);
        return { objects: [], isLast: null, bytes: 4_000_000 } as unknown as ObjectPage;
      };
      const next = (startAt: number, size: number) => startAt + size;
      for (let page = 0; page < pages; page += 1) {
        const sizeBefore = page === 0 ? 0 : 400;
        const wanted = { startAt: 400 * page, sizeBefore, next, expected: 400 * pages, ask, mayGoOn: () => true };
        await ahead.take(wanted);
        await clock.sleep(3);
      }
      await ahead.end();
      const waits = Math.round((clock.now() - startedAt) / 1_000);
      expect(Math.abs(waits - roundsOf(pages))).toBeLessThanOrEqual(1);
    },
  );

  it('is that of workers who take the next piece when they are done with the last', () => {
    const time = (seconds: readonly number[], workers: number) =>
      timeOf(
        seconds.map((each) => ({ seconds: each })),
        workers,
      );
    expect(time([5], 2)).toBe(5);
    expect(time([5, 1, 1, 1], 2)).toBe(5);
    expect(time([3, 3, 3], 2)).toBe(6);
    expect(time([3, 3, 3], 1)).toBe(9);
    expect(time([], 2)).toBe(0);
    // One for two waits for both, and the one behind it waits too; a beginning waits for its turn.
    expect(timeOf([{ seconds: 4 }, { seconds: 2, workers: 2 }, { seconds: 1 }], 2)).toBe(7);
    expect(timeOf([{ seconds: 4, workers: 9 }, { seconds: 4 }], 2)).toBe(8);
    expect(timeOf([{ seconds: 4 }, { seconds: 4 }, { seconds: 1 }], 3, 2)).toBe(6);
  });
});

it('an invocation that is short of time hands back, and costs more', () => {
  const site = evenSite({ objects: 20_000, schemas: 1, types: 1 });
  const ofWork = (workSeconds: number) => totalsOf(foretold('restore', site, { ...withoutProcessor, workSeconds }));
  const [once, often] = [ofWork(480), ofWork(40)];
  expect(often.invocations).toBeGreaterThan(4 * once.invocations);
  expect(often.transitions - once.transitions).toBeCloseTo(2 * (often.invocations - once.invocations), 3);
  expect(often.workB).toBeGreaterThan(once.workB);
});

describe('the time of a restore', () => {
  const restore = (comments: number) =>
    foretold('restore', { ...evenSite({ objects: 50_000, schemas: 10, types: 150 }), comments });

  it('is what its comments take by their budget, and not what its objects take besides', () => {
    const { steps } = restore(10_000);
    const [creates, comments] = [steps.CreateObjects, steps.RestoreComments];
    const [beside, after] = [creates?.site.comments ?? 0, comments?.site.comments ?? 0];
    // Counted once, of a site of 50,000 objects with 59,923 comments: 89.3 minutes from the first object on.
    expectShare((creates?.seconds ?? 0) + (comments?.seconds ?? 0), 89.3 * 60, 0.02, 'seconds');
    expect(beside + after).toBeCloseTo(60_000, 3);
    // Twice as fast as the comments the objects come.
    expectShare(beside, 50_000 / 2, 0.15, 'comments');
  });

  it('grows by each further comment, which is written when the objects are made', () => {
    const [few, many] = [restore(10_000), restore(20_000)];
    const beside = [few, many].map(({ steps }) => steps.CreateObjects?.site.comments ?? 0);
    expectShare(beside[1], beside[0] ?? 0, 0.01, 'comments');
    expect(many.seconds - few.seconds).toBeGreaterThan((10_000 * 60) / 700);
  });
});

describe('a site too large for one night', () => {
  const nights = (objects: number) => nightsUntilAllIsRead(evenSite({ objects, schemas: 30, types: 600 }));

  it('has all history and comments after some nights', () => {
    expect(nights(500_000)).toBe(1);
    expect(nights(1_000_000)).toBe(2);
  });

  it('never has, where what changes and the share by age are more than a night reads', () => {
    expect(nights(20_000_000)).toBeUndefined();
  });
});

describe.each(runKinds)('a %s of a site that the formula does not know', (kind) => {
  it.each(heldOutCounts.map((count) => [count.site.objects, count] as const))(
    'of %s objects is foretold',
    (_, { site, shape, runs }) => {
      const run = foretold(kind, shape, { ...withoutProcessor, ...site });
      const counted = runs[kind];
      const [found, real] = [totalsOf(run), totalsOf(counted)];
      for (const name of endpointClasses)
        expectShare(requestsOf(name, run), requestsOf(name, counted), 0.01, `requests, ${name}`);
      expectShare(sum(Object.values(priceOf(found))), sum(Object.values(priceOf(real))), 0.06, 'US dollars');
      for (const [figure, share] of Object.entries(shares) as [keyof typeof shares, number][]) {
        // Of a bare night there are few reads, and lists of earlier nights come 20,000 objects to a file: one more or less.
        expectShare(found[figure], real[figure], share, figure, figure === 'backupsB' ? 1 : 0);
      }
    },
  );
});

/**
 * How often a restore announces what it creates depends on how objects refer to one another, so its work is not proportional; how many
 * shards of a type have no comment at all is a matter of chance.
 */
const shares = {
  seconds: 0.03,
  gigabyteSeconds: 0.03,
  siteRequests: 0.01,
  invocations: 0.1,
  transitions: 0.1,
  backupsA: 0.01,
  backupsB: 0.03,
  workA: 0.4,
  workB: 0.4,
  files: 0.01,
  bytes: 0.02,
} as const;

function withoutSeconds({ seconds, steps, ...others }: RunCount): object {
  return {
    ...others,
    steps: Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, { ...step, seconds: 0 }])),
  };
}

function expectShare(found: number | undefined, expected: number, share: number, what: string, slack = 0): void {
  expect(Math.abs((found ?? Number.NaN) - expected), `${what}: ${found}, not ${expected}`).toBeLessThanOrEqual(
    share * expected + slack + 1e-6,
  );
}
