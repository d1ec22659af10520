import { describe, expect, it } from 'vitest';
import type { Gap } from '../../core/model/outcome.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { EndpointName, FaultRule, Simulator } from '../../simulator/start-simulator.ts';
import { livelySite } from './lively-site.ts';
import { backUp, type FinishedRun, testClock, testDirectory, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';
import { readStored, truthOf } from './stored-site.ts';

type Activity = 'history' | 'comments';
type Fault = FaultRule['fault'];

async function backUpWith(site: SimulatedSite, ...rules: FaultRule[]): Promise<FinishedRun & { simulator: Simulator }> {
  const simulator = await testSimulator({ site });
  for (const rule of rules) simulator.faults.add(rule);
  return { ...(await backUp(simulator, { requestTimeoutMilliseconds: 2_000 })), simulator };
}

/** All objects, and of activity all but so many, which the gaps name: no more and no fewer. */
async function expectStored(run: FinishedRun, site: SimulatedSite, missing: Partial<Record<Activity, number>>) {
  if (!run.manifest) throw run.error ?? new Error('no manifest');
  const stored = await readStored(run.directory, run.manifest);
  const truth = truthOf(site);
  expect(stored.objects).toEqual(truth.objects);
  const { gaps, counts } = run.manifest;
  for (const kind of ['history', 'comments'] as const) {
    for (const [id, records] of stored[kind]) expect(records).toEqual(truth[kind].get(id));
    const lost = missing[kind] ?? 0;
    expect(stored[kind].size, kind).toBe(truth[kind].size - lost);
    expect(missingIn(gaps, kind), kind).toBe(lost);
    expect(kind === 'history' ? counts.historyRead : counts.commentsRead).toBe(truth.objects.size - lost);
  }
  expect(run.result?.status).toBe(gaps.length > 0 ? 'complete-with-gaps' : 'complete');
  expect(run.manifest.notOffered).toEqual([]);
}

function missingIn(gaps: readonly Gap[], kind: Activity): number {
  return gaps.filter((gap) => gap.kind === kind).reduce((sum, { objects = 1 }) => sum + objects, 0);
}

const throughout: readonly { readonly endpoint: EndpointName & Activity; readonly fault: Fault }[] = [
  { endpoint: 'comments', fault: { kind: 'status', status: 500 } },
  { endpoint: 'history', fault: { kind: 'status', status: 503 } },
  { endpoint: 'history', fault: { kind: 'status', status: 404 } },
  { endpoint: 'history', fault: { kind: 'status', status: 403 } },
  { endpoint: 'history', fault: { kind: 'html', status: 200 } },
  { endpoint: 'history', fault: { kind: 'status', status: 401 } },
];

describe('activity that fails throughout', () => {
  it.each(throughout)(
    'leaves all else of the site: $endpoint, $fault.kind $fault.status',
    async ({ endpoint, fault }) => {
      const site = livelySite([700, 1_600]);
      const run = await backUpWith(site, { endpoint, fault });
      await expectStored(run, site, { [endpoint]: 2_300 });
      // As many as a person reads, whatever the size of the site.
      expect(run.manifest?.gaps.length).toBeLessThan(25);
      const notAsked = run.manifest?.gaps.filter(({ error }) => error === 'NotAskedFor');
      expect(notAsked?.map(({ schemaKey }) => schemaKey)).toEqual(['S1', 'S2']);
      // Three batches: one finds it out, and the others see whether it is still so.
      expect(run.simulator.requests.count(endpoint)).toBeLessThan(500);
    },
  );

  it('is one gap for comments that are refused with 401, while the login holds', async () => {
    const site = livelySite([30]);
    const run = await backUpWith(site, { endpoint: 'comments', fault: { kind: 'status', status: 401 } });
    expect(run.result).toMatchObject({ status: 'complete-with-gaps', gaps: 1 });
    expect(run.manifest?.gaps[0]).toMatchObject({ what: 'comments of all 30 objects', error: 'LoginRefusedError' });
    expect(run.manifest?.counts.historyRead).toBe(30);
  });

  it('is not asked for at all after five batches', async () => {
    const site = livelySite([7_000]);
    const run = await backUpWith(site, { endpoint: 'history', fault: { kind: 'status', status: 403 } });
    await expectStored(run, site, { history: 7_000 });
    const asked = run.simulator.requests.count('history');
    expect(asked).toBeLessThan(90);
    const waits = run.reporter.events.filter(({ name }) => name === 'run.waiting');
    expect(waits).toHaveLength(5);
  });
});

describe('activity that fails for a while', () => {
  it('is whole after three 404 in a moment, wherever they come', async () => {
    for (const skip of [0, 1, 40]) {
      const site = livelySite([50]);
      const fault = { kind: 'status', status: 404 } as const;
      const run = await backUpWith(
        site,
        { endpoint: 'history', skip, times: 3, fault },
        { endpoint: 'comments', skip, times: 2, fault },
      );
      await expectStored(run, site, {});
    }
  });

  it('is whole where the object itself is answered 404 in that moment', async () => {
    const site = livelySite([50]);
    const run = await backUpWith(site, {
      endpoint: ['history', 'object'],
      times: 2,
      fault: { kind: 'status', status: 404 },
    });
    await expectStored(run, site, {});
    expect(run.manifest?.notices).toEqual([]);
  });

  it.each(['history', 'comments'] as const)(
    'is whole where the site comes round within a minute: %s',
    async (endpoint) => {
      const site = livelySite([400]);
      let until: number | undefined;
      const run = await backUpWith(site, {
        endpoint,
        match: () => {
          until ??= testClock.now() + 20_000;
          return testClock.now() < until;
        },
        fault: { kind: 'status', status: endpoint === 'comments' ? 404 : 503 },
      });
      await expectStored(run, site, {});
    },
  );

  it('is lacking only where it failed: a batch that gave up is no matter of the next one', async () => {
    const site = livelySite([1_000, 1_000]);
    const run = await backUpWith(site, {
      endpoint: 'history',
      match: ({ params }) => Number(params.id) <= 1_000,
      fault: { kind: 'status', status: 503 },
    });
    await expectStored(run, site, { history: 1_000 });
  });
});

describe('activity that fails here and there', () => {
  it('is lacking where one schema in the middle of a batch is refused', async () => {
    const site = livelySite([100, 300, 100]);
    const run = await backUpWith(site, {
      endpoint: 'history',
      match: ({ params }) => Number(params.id) > 100 && Number(params.id) <= 400,
      fault: { kind: 'status', status: 403 },
    });
    await expectStored(run, site, { history: 300 });
    expect(new Set(run.manifest?.gaps.map(({ schemaKey }) => schemaKey))).toEqual(new Set(['S2']));
  });

  it('makes one gap of many, and a restore loses as much as they stand for', async () => {
    const site = livelySite([120]);
    const run = await backUpWith(site, {
      endpoint: 'history',
      match: ({ params }) => Number(params.id) % 3 === 0,
      fault: { kind: 'status', status: 400 },
    });
    await expectStored(run, site, { history: 40 });
    expect(run.manifest?.gaps).toMatchObject([
      { kind: 'history', schemaKey: 'S1', error: 'RequestRefusedError', objects: 40, objectIds: { length: 10 } },
    ]);
    expect(run.manifest?.gaps[0]?.what).toMatch(/^history of 40 objects \(the first: \d+(, \d+){9}\)$/);

    const target = await testSimulator({ site: emptySiteLike(site) });
    const folder = run.result?.backup ?? '';
    const { report } = await restore(target, run.directory, { folder });
    expect(report).toMatchObject({ outcome: 'restored-with-losses', losses: [{ kind: 'comment', values: 40 }] });
    const again = await restore(target, run.directory, { folder, processHistory: false });
    expect(again.result).toMatchObject({ outcome: 'restored', losses: 0 });
  });
});

describe('what the site does not offer any more', () => {
  it.each([
    { endpoint: 'comments', what: 'comments', status: 405 },
    { endpoint: 'schema-property', what: 'schema properties', status: 404 },
  ] as const)(
    'is a gap where the last backup had it, and not offered afterwards: $what',
    async ({ endpoint, what, status }) => {
      const simulator = await testSimulator({ site: livelySite([5]) });
      const directory = testDirectory();
      expect((await backUp(simulator, { directory })).result?.status).toBe('complete');
      simulator.faults.add({ endpoint, fault: { kind: 'status', status } });
      await testClock.sleep(1_000);
      const second = await backUp(simulator, { directory });
      expect(second.result).toMatchObject({ status: 'complete-with-gaps', notOffered: [] });
      expect(second.manifest?.gaps).toMatchObject([{ what, error: 'NotFoundError' }]);
      await testClock.sleep(1_000);
      const third = await backUp(simulator, { directory });
      expect(third.result).toMatchObject({ status: 'complete', notOffered: [what] });
    },
  );
});

describe('the properties of a schema', () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ['400', { kind: 'status', status: 400 }],
    ['401', { kind: 'status', status: 401 }],
    ['500', { kind: 'status', status: 500 }],
    ['an empty object', { kind: 'wrong-shape', body: {} }],
    ['a list', { kind: 'wrong-shape', body: [] }],
  ];
  it.each(faults)('that are answered %s leave a backup of which all else is restored', async (_, fault) => {
    const site = largeSite({ objects: 40, schemas: 2, types: 4 });
    const run = await backUpWith(site, { endpoint: 'schema-property', fault });
    await expectStored(run, site, {});
    expect(run.manifest?.gaps.map(({ kind, what }) => [kind, what])).toEqual([
      ['checks', 'properties of the schema'],
      ['checks', 'properties of the schema'],
    ]);
    const target = await testSimulator({ site: emptySiteLike(site) });
    const { report } = await restore(target, run.directory, { folder: run.result?.backup ?? '' });
    expect(report).toMatchObject({ outcome: 'restored-with-losses', differences: [] });
    expect(target.site.objects.size).toBe(40);
    expect(report?.losses.map(({ kind }) => kind)).toEqual(['schema', 'schema']);
  });

  it('are stored after an answer of 404 in a moment', async () => {
    const site = livelySite([3]);
    const fault = { kind: 'status', status: 404 } as const;
    await expectStored(await backUpWith(site, { endpoint: 'schema-property', times: 1, fault }), site, {});
  });

  it.each(faults.filter(([name]) => name !== '401'))(
    'that the target of a restore answers %s keep nothing else from coming back',
    async (_, fault) => {
      const site = livelySite([3]);
      const { directory, result } = await backUpWith(site);
      const target = await testSimulator({ site: emptySiteLike(site) });
      target.faults.add({ endpoint: 'schema-property', fault });
      const restored = await restore(target, directory, { folder: result?.backup ?? '' });
      expect(restored.error).toBeUndefined();
      expect(restored.report).toMatchObject({ outcome: 'restored', differences: [] });
      expect(target.site.objects.size).toBe(3);
    },
  );
});
