import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiffFilters } from '../../core/diff/diff-lines.ts';
import { LoginRefusedError, SiteUnavailableError, WrongInputError } from '../../core/errors.ts';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { deleteSchema } from '../../simulator/site/schema-writes.ts';
import { deleteType } from '../../simulator/site/type-writes.ts';
import { backedUp, changesBetween, changesTold, knownOf } from './live-diffs.ts';
import { settingsFor, testClock, testSimulator } from './local-run.ts';
import { doNightDeed, type NightDeedKind, nightDeedKinds } from './night-deeds.ts';
import { companySite } from './restore-company.ts';

/** Invocations that never have time: each hands back after one piece of work. */
const short = { remainingMilliseconds: () => 0 };

describe('a site that nobody has changed', () => {
  const sites = [
    ['of every configuration feature', () => configurationSite()],
    ['of awkward names and values', () => awkwardSite()],
    ['of random site 6', () => randomSite(6, 200)],
  ] as const;
  it.each(sites)('%s gives no line', async (_, make) => {
    const site = make();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    const { lines, summary } = await diffLive();
    expect(lines).toEqual([]);
    expect(summary).toMatchObject({ isEqual: true, configuration: { added: 0, removed: 0, changed: 0 } });
    expect(summary.objects.reduce((sum, { same }) => sum + same, 0)).toBe(site.objects.size);
    expect(summary.notCompared).toEqual([expect.stringMatching(/^Comments and history are not compared with a site/)]);
  });
});

// Where a type stands among its siblings has its tests beside the comparison of configurations.
const kinds: readonly NightDeedKind[] = nightDeedKinds.filter((kind) => kind !== 'move a type');
const deeds = fc.array(fc.record({ kind: fc.constantFrom(...kinds), which: fc.nat(1000), other: fc.nat(1000) }), {
  minLength: 1,
  maxLength: 12,
});

describe('what people did since the backup', () => {
  it('is told, each change once, and nothing else, however short the invocations are', {
    timeout: 120_000,
  }, async () => {
    const property = fc.asyncProperty(deeds, async (all) => {
      const { site } = companySite();
      const { diffLive } = await backedUp(await testSimulator({ site }));
      const before = knownOf(site);
      await testClock.sleep(60_000);
      for (const [number, deed] of all.entries()) doNightDeed({ site, deed, number });
      const expected = changesBetween(before, knownOf(site));
      const long = await diffLive();
      expect(changesTold(long.lines)).toEqual(expected);
      expect(long.summary.isEqual).toBe(expected.length === 0);
      expect(
        long.summary.objects.reduce((sum, { added, removed, changed }) => sum + added + removed + changed, 0),
      ).toBe(expected.filter((change) => change.startsWith('object ')).length);
      const cut = await diffLive({}, short);
      expect(cut.invocations).toBeGreaterThan(5);
      expect(changesTold(cut.lines)).toEqual(expected);
      expect(cut.summary).toEqual(long.summary);
    });
    await fc.assert(property, { numRuns: 12, seed: 20261129, endOnFailure: true });
  });

  it('is told of a type of several pages, handed over after each', async () => {
    const { site, place } = companySite();
    for (let number = 0; number < 900; number += 1)
      site.addObject({ type: place, name: `Room ${number}`, values: { Code: `R${number}` } });
    const { diffLive } = await backedUp(await testSimulator({ site }));
    const before = knownOf(site);
    const rooms = [...site.objects.all()].filter(({ typeId }) => typeId === place.id);
    for (const room of rooms.filter((_, index) => index % 50 === 7))
      site.updateObject(room, { Name: `Another ${room.id}` });
    for (const room of rooms.filter((_, index) => index % 70 === 9)) site.deleteObject(room);
    for (let number = 0; number < 20; number += 1)
      site.createObject({ type: place, name: `New ${number}`, values: { Code: `N${number}` } });
    const { lines, invocations } = await diffLive({}, short);
    expect(changesTold(lines)).toEqual(changesBetween(before, knownOf(site)));
    expect(invocations).toBeGreaterThan(12);
  });

  it('is told of a move alone, where the other type has the same attributes', async () => {
    const { site, assets, hardware, laptop } = companySite();
    const desktop = site.addType({ schema: assets, name: 'Desktop', parent: hardware });
    const object = site.addObject({ type: laptop, values: { 'Serial number': 'S-99' } });
    const { diffLive } = await backedUp(await testSimulator({ site }));
    site.moveObject(object, desktop);
    const { lines } = await diffLive();
    expect(lines).toMatchObject([
      { id: String(object.id), type: 'Hardware/Desktop', from: { type: 'Hardware/Laptop' }, attributes: [] },
    ]);
  });

  it('is told value by value, references by label', async () => {
    const { site, laptops, places, users } = companySite();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    const [laptop] = laptops as [StoredObject];
    site.updateObject(laptop, { Place: places[2] ?? [], Owner: users[1] ?? [], Note: [] });
    const { lines } = await diffLive();
    expect(lines).toMatchObject([
      {
        ...{ kind: 'object', change: 'changed', schema: 'ASSETS', type: 'Hardware/Laptop', label: 'Laptop 0' },
        attributes: [
          { name: 'Place', before: ['Office SYD'], after: ['Office LIS'] },
          { name: 'Owner', before: ['Ada'], after: ['Grace'] },
          { name: 'Note', before: ['note of 0'], after: [] },
        ],
      },
    ]);
  });
});

describe('what a site does not show', () => {
  it('is not called removed where the site counts more than it shows', async () => {
    const { site, laptops, places } = companySite();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    for (const laptop of laptops.slice(0, 2)) site.roles.hideObject(laptop);
    site.deleteObject(places[0] as StoredObject);
    for (const options of [{}, short]) {
      const { lines, summary } = await diffLive({}, options);
      expect(changesTold(lines).filter((change) => change.includes('removed'))).toEqual([
        `object ${places[0]?.id} removed`,
      ]);
      expect(summary.notCompared).toContainEqual(
        `Not compared, as the site shows 4 of 6 objects of this type to this login: ASSETS-${laptops[0]?.id}, ASSETS-${laptops[1]?.id} of ASSETS/Hardware/Laptop.`,
      );
    }
  });

  it('may be what another type lacks, which is said', async () => {
    const { site, laptops, docks } = companySite();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    const [moved] = laptops as [StoredObject];
    site.moveObject(moved, docks);
    site.roles.hideObject(moved);
    for (const options of [{}, short]) {
      const { lines, summary } = await diffLive({}, options);
      expect(changesTold(lines).filter((change) => change.includes('removed'))).toEqual([`object ${moved.id} removed`]);
      expect(summary.notCompared).toContainEqual(
        'What went to ASSETS/Dock counts as removed, as the site does not show all of that to this login.',
      );
    }
  });

  it('is not called removed where a type with its objects is hidden', async () => {
    const { site, laptop } = companySite();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    site.roles.hideType(laptop);
    const { lines, summary } = await diffLive();
    expect(lines.filter(({ change }) => change === 'removed')).toEqual([]);
    const sentences = summary.notCompared.join('\n');
    expect(sentences).toContain('the site shows 2 of 3 object types of the schema to this login');
    expect(sentences).toMatch(/ASSETS-\d+ and 1 more of ASSETS\/Hardware\/Laptop/);
  });

  it('is called removed where it is: objects, and a type with all that was in it', async () => {
    const { site, docks, place, laptops } = companySite();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    const before = knownOf(site);
    for (const object of laptops.slice(0, 3)) site.deleteObject(object);
    deleteType(site, docks);
    const { lines } = await diffLive();
    expect(changesTold(lines)).toEqual(changesBetween(before, knownOf(site)));
    expect(site.type(place.id)).toBeDefined();
  });

  it.each([
    ['offered', true],
    ['forbidden', false],
  ] as const)('is called removed of a whole schema where the usage of the site is %s: %s', async (usage, isTold) => {
    const { site } = companySite();
    const old = site.addSchema({ key: 'OLD', name: 'Old' });
    const thing = site.addType({ schema: old, name: 'Thing' });
    const object = site.addObject({ type: thing, name: 'Thing 1' });
    const { diffLive } = await backedUp(await testSimulator({ site, quirks: { usage } }));
    deleteSchema(site, old);
    const { lines, summary } = await diffLive();
    expect(changesTold(lines)).toEqual(
      isTold ? [`object ${object.id} removed`, `schemas ${old.id} removed`, `types ${thing.id} removed`] : [],
    );
    const sentences = summary.notCompared.join('\n');
    expect(/OLD may be one.*: schema OLD\./.test(sentences)).toBe(!isTold);
    expect(sentences.includes(`: OLD-${object.id} of OLD/Thing.`)).toBe(!isTold);
  });

  it('is asked for by itself: what moves from a type to one that was read already is not lost', async () => {
    const { site, laptop, docks } = companySite();
    const dock = site.addObject({ type: docks, name: 'Dock 1' });
    const simulator = await testSimulator({ site });
    const { diffLive } = await backedUp(simulator);
    const before = knownOf(site);
    let asked = 0;
    simulator.onRequest('object-aql', ({ body }) => {
      if (!JSON.stringify(body).includes(`objectTypeId = ${docks.id}`)) return;
      asked += 1;
      if (dock.typeId === docks.id) site.moveObject(dock, laptop);
    });
    const { lines } = await diffLive();
    expect(asked).toBeGreaterThan(0);
    expect(changesTold(lines)).toEqual(changesBetween(before, knownOf(site)));
    expect(changesTold(lines)).toHaveLength(1);
  });
});

describe('a new object that is shown twice, since it was moved meanwhile', () => {
  it.each([{}, short])('is told once', async (options) => {
    const { site, laptop, docks } = companySite();
    const simulator = await testSimulator({ site });
    const { diffLive } = await backedUp(simulator);
    const added = site.createObject({ type: laptop, name: 'New' });
    simulator.onRequest('object-aql', ({ body }) => {
      if (added.typeId === laptop.id && JSON.stringify(body).includes(`objectTypeId = ${docks.id}`))
        site.moveObject(added, docks);
    });
    const { lines, summary } = await diffLive({}, options);
    expect(added.typeId).toBe(docks.id);
    expect(changesTold(lines)).toEqual([`object ${added.id} added`]);
    expect(summary.objects.reduce((sum, counts) => sum + counts.added, 0)).toBe(1);
  });
});

describe('a comparison that cannot be made', () => {
  it('with another site names both', async () => {
    const { site } = companySite();
    const { diffLive } = await backedUp(await testSimulator({ site }));
    const other = await testSimulator({ site: companySite({ workspaceId: randomUUID() }).site });
    const refused = diffLive({}, { settings: settingsFor(other) });
    await expect(refused).rejects.toThrow(WrongInputError);
    await expect(refused).rejects.toThrow(
      new RegExp(`is of http://127.0.0.1:\\d+ \\(workspace ${site.workspaceId}\\), and this login is of ${other.url}`),
    );
  });

  it.each([
    [{ schemas: ['NONE'] }, /has a schema with the key NONE/],
    [{ type: 'Lorry' }, /has an object type Lorry/],
    [{ object: 'ASSETS-99999' }, /has an object ASSETS-99999/],
    [{ object: `FAC-${companySite().laptops[0]?.id}` }, /has an object FAC-\d+/],
    [
      { object: `${companySite().laptops[0]?.id}`, type: 'Place' },
      /has an object \d+ in what --schema and --type choose/,
    ],
    [{ attribute: 'Colour' }, /has an attribute Colour/],
  ])('as %j names nothing is refused', async (filters, sentence) => {
    const { diffLive } = await backedUp(await testSimulator({ site: companySite().site }));
    await expect(diffLive(filters)).rejects.toThrow(sentence);
  });

  it('as a page fails ends with that error', async () => {
    const simulator = await testSimulator({ site: companySite().site });
    const { diffLive } = await backedUp(simulator);
    simulator.faults.add({ endpoint: 'object-aql', skip: 2, fault: { kind: 'status', status: 500 } });
    await expect(diffLive()).rejects.toThrow(SiteUnavailableError);
    simulator.revokeLogin();
    await expect(diffLive()).rejects.toThrow(LoginRefusedError);
  });
});

describe('a part of it', () => {
  async function changed() {
    const company = companySite();
    const { site, laptops, places } = company;
    const simulator = await testSimulator({ site });
    const backup = await backedUp(simulator, {});
    const [first, second] = laptops as [StoredObject, StoredObject];
    site.updateObject(first, { Note: 'other', Owner: [] });
    site.updateObject(second, { Note: 'other too' });
    site.updateObject(places[0] as StoredObject, { Name: 'Office Sydney' });
    site.comment({ object: first, text: 'seen' });
    return { ...company, ...backup, simulator, first, second };
  }

  it('is a schema, a type or an attribute', async () => {
    const { diffLive, first, second, places } = await changed();
    const told = async (filters: DiffFilters) => changesTold((await diffLive(filters)).lines);
    expect(await told({ schemas: ['FAC'] })).toEqual([`object ${places[0]?.id} changed: Name`]);
    expect(await told({ type: 'Laptop' })).toEqual([
      `object ${first.id} changed: Note, Owner`,
      `object ${second.id} changed: Note`,
    ]);
    expect(await told({ attribute: 'Owner' })).toEqual([`object ${first.id} changed: Owner`]);
  });

  it('is one object, with its comments and its history', async () => {
    const { diffLive, first, second, site, simulator } = await changed();
    const { lines, summary } = await diffLive({ object: `ASSETS-${first.id}` });
    expect(lines).toMatchObject([
      {
        ...{ id: String(first.id), change: 'changed', comments: { before: 1, after: 2 } },
        history: { before: 1, after: 3 },
        attributes: [{ name: 'Owner' }, { name: 'Note', before: ['note of 0'], after: ['other'] }],
      },
    ]);
    expect(summary.notCompared).toEqual([]);
    const without = await backedUp(simulator, { activity: false });
    expect((await without.diffLive({ object: String(second.id) })).summary.notCompared).toEqual([
      `Not compared, as ${without.backup} does not know how many there were: history, comments.`,
    ]);
    site.deleteObject(second);
    const gone = await diffLive({ object: String(second.id) });
    expect(changesTold(gone.lines)).toEqual([`object ${second.id} removed`]);
    site.roles.hideObject(first);
    const hidden = await diffLive({ object: String(first.id) });
    expect(hidden.lines).toEqual([]);
    expect(hidden.summary.notCompared).toEqual([
      expect.stringContaining(`ASSETS-${first.id} of ASSETS/Hardware/Laptop`),
    ]);
  });
});
