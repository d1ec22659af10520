import { describe, expect, it } from 'vitest';
import { nightsUntilAllIsRead } from '../../bench/cost/convergence.ts';
import { countBackup } from '../../bench/cost/count-nights.ts';
import { countSite, shapeOf, siteOf } from '../../bench/cost/count-site.ts';
import { fittedSites, heldOutSites } from '../../bench/cost/counted-sites.ts';
import { type CountedSite, type RunCount, runKinds } from '../../bench/cost/counts.ts';
import { fittedCounts, foretold, heldOutCounts } from '../../bench/cost/foretold.ts';
import { slowestWorker } from '../../bench/cost/model.ts';
import { priceOf } from '../../bench/cost/prices.ts';
import { requestsOf, totalsOf } from '../../bench/cost/run-totals.ts';
import { SimulatedClock } from '../../bench/cost/simulated-clock.ts';
import { evenSite, sum } from '../../bench/cost/site-shape.ts';
import { endpointClasses } from '../../core/model/request-budget.ts';
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

  it('is set by the slowest worker: 50,000 objects of one type take as long as all their pages one after the other', () => {
    const oneType = foretold('bare night', evenSite({ objects: 50_000, schemas: 1, types: 1 }));
    expectShare(oneType.steps.ExportObjects?.seconds, 380, 0.02, 'seconds');
    expect(oneType.seconds).toBeGreaterThan(380);
    const tenTypes = foretold('bare night', evenSite({ objects: 50_000, schemas: 1, types: 10 }));
    expect(oneType.seconds - tenTypes.seconds).toBeGreaterThan(170);
  });

  it('is that of workers who take the next piece when they are done with the last', () => {
    expect(slowestWorker([5], 2)).toBe(5);
    expect(slowestWorker([5, 1, 1, 1], 2)).toBe(5);
    expect(slowestWorker([3, 3, 3], 2)).toBe(6);
    expect(slowestWorker([3, 3, 3], 1)).toBe(9);
    expect(slowestWorker([], 2)).toBe(0);
  });
});

it('an invocation that is short of time hands back, and costs more', () => {
  const site = evenSite({ objects: 20_000, schemas: 1, types: 1 });
  const ofWork = (workSeconds: number) => totalsOf(foretold('restore', site, { ...withoutProcessor, workSeconds }));
  const [once, often] = [ofWork(480), ofWork(60)];
  expect(often.invocations).toBeGreaterThan(4 * once.invocations);
  expect(often.transitions - once.transitions).toBeCloseTo(2 * (often.invocations - once.invocations), 3);
  expect(often.workB).toBeGreaterThan(once.workB);
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
