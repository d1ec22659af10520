import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ObjectJournalFile } from '../../core/restore/id-map/object-journal.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { ObjectCount, Quirks } from '../../simulator/site/quirks.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, HurriedClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';
import { restore } from './restore-run.ts';

/** A site that says nowhere how many objects it has: what an index does not show is then known by id alone. */
function countNothing(site: SimulatedSite): void {
  for (const thing of [...site.types.values(), ...site.schemas.values()]) {
    thing.extra = { ...thing.extra, objectCount: 0, objectTypeCount: 0 };
  }
}
const saysNothing: Partial<Quirks> = { usage: 'forbidden' };

/** A site's backup, and restores into it or another site by one clock for both. */
async function backedUp(site: SimulatedSite, target: SimulatedSite, quirks: Partial<Quirks> = {}) {
  const clock = new HurriedClock();
  const source = await testSimulator({ site });
  const { directory, result } = await backUp(source);
  const simulator = await testSimulator({ site: target, clock, quirks });
  const run = (input: object = {}, options: object = {}) =>
    restore(simulator, directory, { folder: result?.backup ?? '', ...input }, { clock, ...options });
  return { clock, directory, simulator, run };
}

describe('a target whose search lags behind by 20 s', () => {
  it.each([
    { name: 'and that counts what it has', isCounted: true },
    { name: 'and that counts nothing', isCounted: false },
  ])('$name gets nothing twice when the same line comes again at once', async ({ isCounted }) => {
    const { site } = companySite();
    const target = emptySiteLike(site);
    const quirks = { searchLagMs: 20_000, ...(isCounted ? {} : saysNothing) };
    const { run, simulator, directory } = await backedUp(site, target, quirks);
    const first = await run();
    expect(first.result).toMatchObject({ outcome: 'restored', created: 9 });
    if (!isCounted) countNothing(target);
    const writes = simulator.requests.writes.length;
    const again = await run();
    expect(again.error).toBeUndefined();
    expect(again.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9, losses: 0, differences: 0 });
    expect(simulator.requests.writes.length).toBe(writes);
    expect(target.objects.size).toBe(9);
    expect(again.objects).toEqual(first.objects);
    const third = await run();
    expect(third.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9 });
    expect(simulator.requests.writes.length).toBe(writes);
    // What the journal says where only asking told: a later restore goes on from what was made, not from what was found.
    const found = isCounted ? [] : [...statesOf(directory, again.result?.restore ?? '')];
    expect(new Set(found)).toEqual(new Set(isCounted ? [] : ['found']));
  });
});

function statesOf(directory: string, name: string): string[] {
  const root = join(directory, '.work', 'journals');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.includes(join('objects', name)),
  );
  return files.flatMap((file) =>
    Object.values((JSON.parse(readFileSync(join(root, file), 'utf8')) as ObjectJournalFile).entries).map(
      ({ state }) => state,
    ),
  );
}

describe('a restore that is killed at its last create', () => {
  const deaths: readonly { readonly what: string; readonly at: 'create' | 'note'; readonly moment: Moment }[] = [
    { what: 'before its answer came', at: 'create', moment: 'after' },
    { what: 'before its answer was noted', at: 'create', moment: 'answered' },
    { what: 'when it was noted', at: 'note', moment: 'after' },
  ];
  const cases = deaths.flatMap((death) => [
    { seed: 'circles', make: circlesSite, ...death, searchLagMs: 20_000, isCounted: false },
    { seed: 'a configuration', make: configurationSite, ...death, searchLagMs: 5_000, isCounted: true },
  ]);

  it.each(cases)(
    '$seed, $what, with a lag of $searchLagMs ms (counted: $isCounted), makes nothing twice',
    async ({ make, at, moment, searchLagMs, isCounted }) => {
      const site = make();
      const quirks = { searchLagMs, ...(isCounted ? {} : saysNothing) };
      const whole = await (await backedUp(site, emptySiteLike(site), quirks)).run();
      const target = emptySiteLike(site);
      const { run } = await backedUp(site, target, quirks);
      const isNote = (name: string) =>
        /^journals\/.*\/objects\//.test(name) && target.objects.size === site.objects.size;
      const killer =
        at === 'create' ? new Killer(site.objects.size, moment, 'createObject') : new Killer(1, moment, isNote);
      await run({}, { decorate: killer.decorate });
      expect(killer.hasStruck).toBe(true);
      expect(target.objects.size).toBe(site.objects.size);
      if (!isCounted) countNothing(target);
      const resumed = await run();
      expect(resumed.error).toBeUndefined();
      expect(target.objects.size).toBe(site.objects.size);
      expect(resumed.result?.outcome).toBe(whole.result?.outcome);
      expect(resumed.report?.losses).toEqual(whole.report?.losses);
      expect(compareSites(site, target, { objects: resumed.objects, history: true })).toEqual([]);
    },
  );
});

describe('objects of the very site that no search shows', () => {
  it.each([true, false])('are kept as they are (counted: %s), and nothing is made of them', async (isCounted) => {
    const { site, laptops } = companySite();
    const { run, simulator, clock } = await backedUp(site, site, {
      searchLagMs: 600_000,
      ...(isCounted ? {} : saysNothing),
    });
    const deleted = laptops.slice(0, 3);
    for (const object of deleted) site.deleteObject(object);
    await clock.sleep(700_000);
    // Undeleted: there again, and by id alone.
    for (const object of deleted) site.objects.add(object);
    if (!isCounted) countNothing(site);
    const restored = await run();
    expect(restored.error).toBeUndefined();
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9, losses: 0, differences: 0 });
    expect(simulator.requests.writes).toEqual([]);
    expect(site.objects.size).toBe(9);
  });
});

/** Ten servers and two rooms in one schema. */
function serverSite() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'SRV', name: 'Servers' });
  const server = site.addType({ schema, name: 'Server' });
  const room = site.addType({ schema, name: 'Room' });
  const servers = Array.from({ length: 10 }, (_, index) => site.addObject({ type: server, name: `Server ${index}` }));
  const rooms = [0, 1].map((index) => site.addObject({ type: room, name: `Room ${index}` }));
  return { site, server, room, servers, rooms };
}

const counts: readonly (readonly [ObjectCount, 'type' | 'schema'])[] = [
  ['type', 'type'],
  ['totalcount', 'type'],
  ['schema', 'schema'],
  ['usage', 'schema'],
];

describe('a login from which a role of a type hides objects', () => {
  it.each(counts)('creates none of them where only the count of %s tells, which is of a %s', async (count, of) => {
    const { site, servers, rooms } = serverSite();
    const { run, simulator } = await backedUp(site, site, { hiddenCountedBy: [count] });
    for (const object of servers.slice(0, 7)) site.roles.hideObject(object);
    site.deleteObject(rooms[0] as StoredObject);
    const restored = await run();
    expect(restored.error).toBeUndefined();
    const made = of === 'type' ? 1 : 0;
    expect(restored.plan?.counts.object).toMatchObject({ create: made, reuse: 4, conflict: 8 - made });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: made, losses: 8 - made });
    const reasons = new Set(restored.report?.losses.map(({ reason }) => reason));
    expect([...reasons]).toEqual([
      of === 'type'
        ? 'this login sees 3 of 10 objects of this type: a role of the type hides the others; nothing is created in it'
        : 'this login sees 4 of 11 objects of this schema: a role of an object type hides the others, and nothing tells of which; nothing is created in the schema',
    ]);
    expect(simulator.requests.writesByEndpoint()['object-create'] ?? 0).toBe(made);
    // The same line says the same, also to one who approves the plan by its hash.
    const again = await run({ approve: (await run({ dryRun: true })).result?.hash });
    expect(again.result).toMatchObject({ outcome: 'restored-with-losses', created: 0, losses: 8 - made });
  });

  it('creates what was deleted of a type that is seen whole, with no second count', async () => {
    const { site, servers, rooms } = serverSite();
    const { run, simulator } = await backedUp(site, site, { hiddenCountedBy: ['type'] });
    site.roles.hideObject(rooms[0] as StoredObject);
    site.roles.hideObject(rooms[1] as StoredObject);
    site.deleteObject(servers[0] as StoredObject);
    const restored = await run({ include: { objectTypes: ['Server'] } });
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 1, reused: 9 });
    expect(simulator.requests.count('usage')).toBe(1);
  });

  it('makes neither a type that it does not see nor its objects', async () => {
    const { site, server, rooms } = serverSite();
    const { run, simulator } = await backedUp(site, site, { hiddenCountedBy: [] });
    site.roles.hideType(server);
    site.deleteObject(rooms[0] as StoredObject);
    const restored = await run();
    expect(restored.error).toBeUndefined();
    expect(restored.plan?.approvals).toEqual([]);
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, differences: 0 });
    expect(restored.plan?.counts.object).toMatchObject({ create: 1, reuse: 1, conflict: 10 });
    expect(restored.report?.losses).toContainEqual(
      expect.objectContaining({
        where: 'SRV-1',
        reason: expect.stringMatching(/^this login sees 1 of 2 object types of this schema: a role hides the others/),
      }),
    );
    expect(simulator.requests.writesByEndpoint()['object-create']).toBe(1);
    expect([...site.types.values()]).toHaveLength(2);
  });

  it('makes nothing at all in a schema of which only the number of objects tells', async () => {
    const { site, server, rooms } = serverSite();
    const { run, simulator } = await backedUp(site, site, { hiddenCountedBy: ['usage'] });
    site.roles.hideType(server);
    for (const schema of site.schemas.values()) schema.extra = { objectTypeCount: 1 };
    site.deleteObject(rooms[0] as StoredObject);
    const restored = await run();
    expect(restored.error).toBeUndefined();
    expect(restored.plan?.approvals).toEqual([]);
    expect(restored.plan?.counts['object-type']).toMatchObject({ create: 0, conflict: 1 });
    expect(restored.plan?.counts.object).toMatchObject({ create: 0, reuse: 1, conflict: 11 });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 0, differences: 0 });
    expect(simulator.requests.writes).toEqual([]);
  });
});
