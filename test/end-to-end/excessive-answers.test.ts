import { describe, expect, it } from 'vitest';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { EndpointName, FaultRule } from '../../simulator/start-simulator.ts';
import { backUp, type FinishedRun, testSimulator } from './local-run.ts';
import { readStored, truthOf } from './stored-site.ts';

type Fault = FaultRule['fault'];

const small = () => largeSite({ objects: 30, schemas: 1, types: 3, historyEntries: 1, shareWithComments: 1, seed: 12 });

/** What is stored is the site's truth, but for the object, the history or the comments of these ids. */
async function expectTruthBut(
  site: SimulatedSite,
  run: FinishedRun,
  without: {
    readonly objects?: readonly string[];
    readonly history?: readonly string[];
    readonly comments?: readonly string[];
  },
): Promise<void> {
  if (!run.manifest) throw run.error ?? new Error('There is no manifest.');
  const [stored, truth] = [await readStored(run.directory, run.manifest), truthOf(site)];
  for (const kind of ['objects', 'history', 'comments'] as const) {
    for (const id of without[kind] ?? []) expect(truth[kind].delete(id), `${kind} of ${id}`).toBe(true);
    expect(plainOf(stored[kind]), kind).toEqual(plainOf(truth[kind]));
  }
}

/** Without a fault's own field, and without what GET object says of an object besides what AQL says. */
const plainOf = (records: ReadonlyMap<string, unknown>): unknown => {
  const besides = ['undocumented', 'objectTypeAttribute', 'extendedInfo'];
  return JSON.parse(
    JSON.stringify(Object.fromEntries(records), (field, value) => (besides.includes(field) ? undefined : value)),
  );
};

const idsOf = (site: SimulatedSite) => [...site.objects.all()].map(({ id }) => id);

describe('a backup of a site with answers beyond all bounds', () => {
  it('reads objects that are too much for one page in smaller pages, all of them', async () => {
    const site = largeSite({ objects: 450, schemas: 1, types: 1, seed: 12 });
    const simulator = await testSimulator({ site });
    // A page of 400 would weigh 24 MB.
    simulator.faults.add({ endpoint: 'object-aql', fault: { kind: 'heavy', bytesEach: 60_000 } });

    const run = await backUp(simulator, { activity: false });

    expect(run.result?.status).toBe('complete');
    await expectTruthBut(site, run, { history: [...truthOf(site).history.keys()] });
    expect(simulator.requests.byEndpoint['object-aql']).toBeLessThan(20);
  });

  const excesses: readonly (readonly [what: string, fault: Fault])[] = [
    ['nested too deep', { kind: 'nested', depth: 200_000 }],
    ['nested a little too deep', { kind: 'nested', depth: 200 }],
    ['too heavy', { kind: 'heavy', bytesEach: 17_000_000 }],
  ];
  it.each(excesses)('stores all but one object that is %s, and names it', async (_case, fault) => {
    for (const which of ['first', 'middle', 'last'] as const) {
      const site = small();
      const simulator = await testSimulator({ site });
      const ids = idsOf(site);
      const id = ids.at({ first: 0, middle: ids.length >> 1, last: -1 }[which]) ?? 0;
      simulator.faults.add({
        endpoint: ['object-aql', 'object'],
        // It stands among the values.
        match: ({ query }) => query.get('includeAttributes') !== 'false',
        fault: { ...fault, id } as Fault,
      });

      const run = await backUp(simulator);

      expect(
        run.manifest?.gaps.map(({ kind, objectId, error }) => ({ kind, objectId, error })),
        which,
      ).toEqual([{ kind: 'objects', objectId: String(id), error: 'ExcessiveAnswerError' }]);
      // Its history and comments are asked for by the list of what is stored.
      await expectTruthBut(site, run, { objects: [`${id}`], history: [`${id}`], comments: [`${id}`] });
      if (fault.kind === 'heavy') break;
    }
  });

  it('names it also where the invocation that met it handed back', async () => {
    const site = small();
    const simulator = await testSimulator({ site, quirks: { maxPageSize: 3 } });
    const id = idsOf(site)[1];
    simulator.faults.add({
      endpoint: ['object-aql', 'object'],
      match: ({ query }) => query.get('includeAttributes') !== 'false',
      fault: { kind: 'nested', depth: 300, ...(id !== undefined && { id }) },
    });

    // An invocation that finds its time short does the least that it may: one page.
    const run = await backUp(simulator, { activity: false, remainingMilliseconds: () => 1_000 });

    expect(run.manifest?.gaps).toMatchObject([
      { kind: 'objects', objectId: String(id), error: 'ExcessiveAnswerError' },
    ]);
    await expectTruthBut(site, run, {
      objects: [`${id}`],
      history: [...truthOf(site).history.keys()],
      comments: [...truthOf(site).comments.keys()],
    });
  });

  const activities: readonly ('history' | 'comments')[] = ['history', 'comments'];
  it.each(activities)('lacks only the %s of one object', async (kind) => {
    for (const fault of [
      { kind: 'nested', depth: 200_000 },
      { kind: 'packed', bytes: 20_000_000 },
      { kind: 'heavy', bytesEach: 17_000_000 },
    ] satisfies Fault[]) {
      const site = small();
      const simulator = await testSimulator({ site });
      const id = String(idsOf(site)[17]);
      simulator.faults.add({ endpoint: kind, match: ({ params }) => params.id === id, fault });

      const run = await backUp(simulator);

      expect(run.result?.status, fault.kind).toBe('complete-with-gaps');
      expect(run.manifest?.gaps).toMatchObject([{ kind, objectId: id, error: 'ExcessiveAnswerError' }]);
      expect(run.manifest?.gaps).toHaveLength(1);
      await expectTruthBut(site, run, { [kind]: [id] });
    }
  });

  it('goes on after a page of objects that was too much once', async () => {
    const site = small();
    const simulator = await testSimulator({ site });
    for (const endpoint of [
      'object-aql',
      'history',
      'comments',
      'objecttypes-flat',
      'objectschema-list',
    ] as EndpointName[])
      simulator.faults.add({ endpoint, times: 1, fault: { kind: 'packed', bytes: 20_000_000 } });

    const run = await backUp(simulator);

    expect(run.result?.status).toBe('complete');
    await expectTruthBut(site, run, {});
  });

  it('leaves a type whose pages never end, and stores the others', async () => {
    const site = small();
    // Small pages, so that they are many before they are many objects.
    const simulator = await testSimulator({ site, quirks: { maxPageSize: 4 } });
    const typeId = [...site.types.keys()][1];
    simulator.faults.add({
      endpoint: 'object-aql',
      match: ({ body }) => JSON.stringify(body).includes(`objectTypeId = ${typeId} `),
      fault: { kind: 'endless' },
    });

    const run = await backUp(simulator, { activity: false });

    expect(run.manifest?.gaps).toContainEqual(
      expect.objectContaining({ kind: 'objects', objectTypeId: String(typeId), error: 'ExcessiveAnswerError' }),
    );
    const truth = truthOf(site);
    if (!run.manifest) throw run.error;
    const { objects } = await readStored(run.directory, run.manifest);
    const others = [...site.objects.all()].filter((object) => object.typeId !== typeId);
    for (const { id } of others) expect(objects.get(`${id}`), `${id}`).toEqual(truth.objects.get(`${id}`));
    expect(simulator.requests.byEndpoint['object-aql']).toBeLessThan(300);
  });

  it('says what is wrong where the list of schemas is beyond all bounds', async () => {
    for (const fault of [
      { kind: 'packed', bytes: 20_000_000 },
      { kind: 'nested', depth: 200_000 },
      { kind: 'endless' },
    ] satisfies Fault[]) {
      const site = small();
      const simulator = await testSimulator({ site });
      // The check of the login asks for one.
      simulator.faults.add({
        endpoint: 'objectschema-list',
        match: ({ query }) => query.get('maxResults') !== '1',
        fault,
      });

      const run = await backUp(simulator);

      expect([run.manifest, run.error?.name, run.error?.message], fault.kind).toEqual([
        undefined,
        'ExcessiveAnswerError',
        expect.stringContaining('GET /objectschema/list answered '),
      ]);
    }
  });
});
