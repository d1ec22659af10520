import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { backedUpCompany, type Death, deletePlaceAndPeer, told, toOf } from './measured-company.ts';
import { idsIn, valuesOf } from './restore-company.ts';
import { copySite } from './restore-run.ts';

// Sentences of a restore that were measured to be false on a site that is not ours: each is a test here.

const labels = (site: SimulatedSite) => [...site.objects.all()].map((object) => site.label(object)).sort();
const only = (...keys: string[]) => keys.map((oldObjectSchemaKey) => ({ oldObjectSchemaKey }));

/** After the last of so many creates: before anybody hears of it, and when all of them are noted. */
const deathsAfter = (creates: number): Death[] => [
  { name: 'before the answer to its last create', moment: 'after', write: 'createObject', at: creates },
  { name: 'after its creates were noted', moment: 'before', write: 'createComment', at: 1 },
];

describe('Twice: nothing is made a second time', () => {
  it('where the search of an empty site lags by 20 s and the same line follows at once', async () => {
    const { site: source, beside } = await backedUpCompany();
    const { site, simulator, run } = await beside();
    simulator.quirks.searchLagMs = 20_000;
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 9 });
    const again = await run();
    expect(labels(site)).toEqual(labels(source));
    expect(again.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9, losses: 0, differences: 0 });
  });

  const [unheard, noted] = deathsAfter(9) as [Death, Death];
  const killedWhileSearchLags = async (death: Death) => {
    const { site: source, beside } = await backedUpCompany();
    const { site, simulator, run, runKilled } = await beside();
    simulator.quirks.searchLagMs = 5_000;
    await runKilled(death);
    expect(site.objects.size).toBe(9);
    const again = await run();
    expect(labels(site)).toEqual(labels(source));
    expect(again.result).toMatchObject({ outcome: 'restored', losses: 0, differences: 0 });
  };
  it.each([unheard])('where a restore was killed $name, and the search lags by 5 s', killedWhileSearchLags);
  it.each([noted])('where a restore was killed $name, and the search lags by 5 s', killedWhileSearchLags);

  it('where what came back in place is not found by the search yet', async () => {
    const { site, simulator, laptops, run } = await backedUpCompany();
    const before = labels(site);
    for (const laptop of laptops) site.deleteObject(laptop);
    simulator.quirks.searchLagMs = 20_000;
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 6 });
    const again = await run();
    expect(labels(site)).toEqual(before);
    expect(again.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9 });
  });

  it('where what is there is not found by the search yet: it is kept as it is', async () => {
    const { site, simulator, laptops, run } = await backedUpCompany();
    const gone = [...laptops];
    for (const laptop of gone) site.deleteObject(laptop);
    simulator.quirks.searchLagMs = 20_000;
    // As when somebody undeletes: the same objects, under their ids.
    for (const laptop of gone) site.objects.add(laptop);
    const before = labels(site);
    const restored = await run();
    expect(labels(site)).toEqual(before);
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9 });
    expect(simulator.requests.writes).toEqual([]);
  });
});

describe('Forgotten: the same line says the same, until it is mended', () => {
  it('links survivors again to what came back', async () => {
    const company = await backedUpCompany();
    const { site, run } = company;
    const { place, laptop, peer, lackPlace } = deletePlaceAndPeer(company);
    const restored = await run();
    for (const { id } of lackPlace) expect(valuesOf(site, id, 'Place')).toEqual([toOf(restored, place)]);
    expect(valuesOf(site, peer.id, 'Peer')).toEqual([toOf(restored, laptop)]);
    expect(told(restored)).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
  });

  it.each(deathsAfter(2))('links survivors again where the restore was killed $name', async (death) => {
    const company = await backedUpCompany();
    const { site, run, runKilled } = company;
    const { place, laptop, peer, lackPlace } = deletePlaceAndPeer(company);
    await runKilled(death);
    const again = await run();
    for (const { id } of lackPlace) expect(valuesOf(site, id, 'Place')).toEqual([toOf(again, place)]);
    expect(valuesOf(site, peer.id, 'Peer')).toEqual([toOf(again, laptop)]);
    expect(told(again)).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect((await run()).result).toMatchObject({ outcome: 'restored', created: 0, updated: 0 });
  });

  it('names references of survivors that lead to nothing, also in the second run', async () => {
    const company = await backedUpCompany();
    const { lackPlace } = deletePlaceAndPeer(company);
    const laptops = { include: { objectTypes: ['Laptop'] } };
    const first = await company.run(laptops);
    expect(first.result).toMatchObject({ outcome: 'restored-with-losses', created: 1 });
    const lost = lackPlace.map(({ id }) => ({ kind: 'object', where: `ASSETS-${id}`, attribute: 'Place', values: 1 }));
    expect(first.report?.losses).toMatchObject(lost);
    expect(told(await company.run(laptops))).toEqual(told(first));
  });

  it('names the same losses and ends the same, where a person of the backup is not there', async () => {
    const { users, beside } = await backedUpCompany();
    const { site, run } = await beside();
    site.users.delete(users[0]?.accountId ?? '');
    const first = await run();
    expect(told(first)).toMatchObject({ outcome: 'restored-with-losses', lossCount: 2, differences: [] });
    expect(told(await run())).toEqual(told(first));
  });

  it.each(deathsAfter(9))('names the same losses and ends the same, where it was killed $name', async (death) => {
    const { users, beside } = await backedUpCompany();
    const unkilled = await beside();
    const killed = await beside();
    for (const { site } of [unkilled, killed]) site.users.delete(users[0]?.accountId ?? '');
    await killed.runKilled(death);
    expect(told(await killed.run())).toEqual(told(await unkilled.run()));
  });

  it.each([2, 9])('names the same losses of random site %i and ends the same', async (seed) => {
    const site = randomSite(seed, 30);
    const { restored, again } = await copySite(site, emptySiteLike(site));
    expect(restored.result?.outcome).toBe('restored-with-losses');
    expect(told(await again())).toEqual(told(restored));
  });

  it('ends the same, where the site silently drops a value', async () => {
    const { beside } = await backedUpCompany();
    const { site, simulator, run } = await beside();
    simulator.onRequest('*', () => {
      const object = [...site.objects.all()].find((candidate) => site.label(candidate) === 'Laptop 1');
      const note = object && site.typeAttributes(object.typeId).find(({ name }) => name === 'Note');
      if (note && object.values.has(note.id))
        site.objects.setValues(object, new Map([...object.values].filter(([id]) => id !== note.id)));
    });
    const first = await run();
    expect(told(first)).toMatchObject({
      outcome: 'differences-found',
      differences: [{ what: expect.stringMatching(/Note/) }],
    });
    expect(told(await run())).toEqual(told(first));
  });
});

describe('Silent: a plan says what the site lacks', () => {
  /** Restored in part: one laptop is back, its and a survivor's place are not, and two people have other laptops. */
  async function restoredInPart() {
    const company = await backedUpCompany();
    const { site, laptops, users, places, run } = company;
    for (const gone of [places[0], laptops[3]]) if (gone) site.deleteObject(gone);
    const input = { include: { objectTypes: ['Laptop'] } };
    expect((await run(input)).result).toMatchObject({ created: 1 });
    for (const laptop of [laptops[1], laptops[2]]) if (laptop) site.updateObject(laptop, { Owner: users[0] ?? [] });
    return { ...company, plan: (await run({ ...input, dryRun: true })).plan };
  }

  it('names the references that are lost', async () => {
    const { plan, laptops } = await restoredInPart();
    expect(plan?.counts.object).toMatchObject({ create: 0 });
    const lost = [laptops[0], laptops[3]].map((laptop) => ({
      where: `ASSETS-${laptop?.id}`,
      attribute: 'Place',
      values: 1,
    }));
    expect(plan?.losses).toMatchObject(lost);
    expect(plan).toMatchObject({ lossCount: 2 });
  });

  it('counts the values that people have changed, and that stay', async () => {
    const { plan } = await restoredInPart();
    expect(plan?.changed).toEqual({
      attributes: 2,
      objects: 2,
      places: [{ where: 'ASSETS / Laptop: Owner', objects: 2 }],
    });
  });

  it('of one schema counts the broken references in others, which are rewritten', async () => {
    const { site, places, laptops, run } = await backedUpCompany();
    for (const place of places) site.deleteObject(place);
    const planned = await run({ objectSchemas: only('FAC'), dryRun: true });
    expect(planned.plan?.linked).toEqual({
      references: 6,
      objects: 6,
      schemas: [{ key: 'ASSETS', references: 6, objects: 6 }],
    });
    const restored = await run({ objectSchemas: only('FAC') });
    expect(told(restored)).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    for (const [index, { id }] of laptops.entries())
      expect(valuesOf(site, id, 'Place')).toEqual([toOf(restored, places[index % 3])]);
    expect(idsIn(site, 'ASSETS')).toHaveLength(6);
  });

  it('of one schema names the broken references in others that stay broken', async () => {
    const { site, places, laptops, run } = await backedUpCompany();
    for (const place of places.slice(0, 2)) site.deleteObject(place);
    const restored = await run({ objectSchemas: only('FAC'), include: { objects: [`FAC-${places[0]?.id}`] } });
    const lost = [laptops[1], laptops[4]].map((laptop) => ({
      where: `ASSETS-${laptop?.id}`,
      attribute: 'Place',
      values: 1,
    }));
    expect(told(restored)).toMatchObject({ outcome: 'restored-with-losses', losses: lost, differences: [] });
    expect(valuesOf(site, laptops[0]?.id ?? 0, 'Place')).toEqual([toOf(restored, places[0])]);
  });
});
