import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import type { Attribute, StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { companySite, valuesOf } from './restore-company.ts';
import { copySite, type FinishedRestore, restore } from './restore-run.ts';

/** The company's site, whose last laptop has three peers, with a backup of it. */
async function backedUp(prepare: (company: ReturnType<typeof companySite>) => void = () => undefined) {
  const company = companySite();
  const { site, laptop, laptops } = company;
  const last = laptops[5] as StoredObject;
  site.updateObject(last, { Peer: laptops.slice(0, 3) });
  prepare(company);
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  const peer = site.typeAttributes(laptop.id).find(({ name }) => name === 'Peer') as Attribute;
  return {
    ...company,
    simulator,
    directory,
    last,
    peer,
    run: (input = {}, options = {}) => restore(simulator, directory, { folder, ...input }, options),
  };
}

const peersOf = (site: SimulatedSite, object: StoredObject) => [...valuesOf(site, object.id, 'Peer')].sort();
const toOf = (restored: FinishedRestore, object: StoredObject | undefined) =>
  restored.objects.get(String(object?.id)) ?? '';

describe('a survivor of whose references the target refuses one', () => {
  it('keeps those that stand there, and gets what the target takes', async () => {
    const { site, laptops, last, peer, run } = await backedUp();
    const [first, second, third] = laptops;
    for (const object of [first, second]) site.deleteObject(object as StoredObject);
    peer.maximumCardinality = 2;
    const restored = await run();
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', losses: 1, differences: 0 });
    expect(restored.report?.losses).toMatchObject([{ where: `ASSETS-${last.id}`, attribute: 'Peer' }]);
    const kept = peersOf(site, last);
    expect(kept).toHaveLength(2);
    expect(kept).toContain(String(third?.id));
    expect((await run()).result).toMatchObject({ outcome: 'restored-with-losses', losses: 1 });
    peer.maximumCardinality = -1;
    expect((await run()).result).toMatchObject({ outcome: 'restored', losses: 0 });
    const all = [toOf(restored, first), toOf(restored, second), String(third?.id)];
    expect(peersOf(site, last)).toEqual(all.sort());
  });

  it.each([3, 4])('keeps them where the run dies at write %i of that', async (at) => {
    const { site, laptops, last, peer, run } = await backedUp();
    site.deleteObject(laptops[0] as StoredObject);
    peer.maximumCardinality = 2;
    await run({}, { decorate: new Killer(at, 'before', 'updateObject').decorate });
    expect(peersOf(site, last)).toEqual(expect.arrayContaining(laptops.slice(1, 3).map(({ id }) => String(id))));
    peer.maximumCardinality = -1;
    expect((await run()).result).toMatchObject({ outcome: 'restored', losses: 0, differences: 0 });
    expect(peersOf(site, last)).toHaveLength(3);
  });
});

describe('what a restore that has ended did not come to', () => {
  it('is written by the next one where it restored a part of the attributes', async () => {
    const { site } = companySite();
    const { simulator } = await testTarget(site);
    await simulator.run({ include: { attributes: ['Note', 'Code'] } });
    const whole = await simulator.run();
    expect(whole.result).toMatchObject({ outcome: 'restored', created: 0, losses: 0, differences: 0 });
    expect(whole.report?.changed.attributes).toBe(0);
    const again = await simulator.run();
    expect(again.result).toMatchObject({ outcome: 'restored', updated: 0 });
  });

  it('is linked by the next one where its backup did not hold the survivors', async () => {
    const { site, simulator, directory, places, laptops, run } = await backedUp();
    const places2 = await backUp(simulator, { directory, objectSchemaKeys: ['FAC'] });
    site.deleteObject(places[0] as StoredObject);
    const part = await restore(simulator, directory, {
      folder: places2.result?.backup ?? '',
      objectSchemas: [{ oldObjectSchemaKey: 'FAC' }],
    });
    expect(part.result).toMatchObject({ created: 1 });
    const whole = await run();
    expect(whole.result).toMatchObject({ outcome: 'restored', losses: 0 });
    const place = toOf(part, places[0]);
    expect([0, 3].map((index) => valuesOf(site, laptops[index]?.id ?? 0, 'Place'))).toEqual([[place], [place]]);
  });

  it('is linked by the next one where the survivors were hidden from it', async () => {
    const { site, laptops, places, run } = await backedUp();
    site.deleteObject(places[0] as StoredObject);
    for (const index of [0, 3]) site.roles.hideObject(laptops[index] as StoredObject);
    const first = await run();
    site.roles.showAll();
    const second = await run();
    expect(second.result).toMatchObject({ outcome: 'restored', losses: 0, differences: 0 });
    const place = toOf(second, places[0]) || toOf(first, places[0]);
    expect([0, 3].map((index) => valuesOf(site, laptops[index]?.id ?? 0, 'Place'))).toEqual([[place], [place]]);
  });
});

describe('what people do to restored objects before a run that was killed is started again', () => {
  it('stands, and is counted as theirs each time', async () => {
    const { site, laptops, run } = await backedUp();
    for (const object of laptops.slice(0, 2)) site.deleteObject(object);
    await run({}, { decorate: new Killer(1, 'before', 'createComment').decorate });
    const made = [...site.objects.all()].filter(({ id }) => id > Math.max(...laptops.map((one) => one.id)));
    const [edited] = made;
    site.updateObject(edited as StoredObject, { Note: 'somebody wrote this', Owner: [] });
    for (let time = 0; time < 2; time += 1) {
      const again = await run();
      expect(again.result).toMatchObject({ outcome: 'restored', losses: 0, differences: 0 });
      expect(again.report?.changed).toMatchObject({ attributes: 2, objects: 1 });
    }
    expect(valuesOf(site, edited?.id ?? 0, 'Note')).toEqual(['somebody wrote this']);
    expect(valuesOf(site, edited?.id ?? 0, 'Owner')).toEqual([]);
  });
});

/** The company's site restored into an empty one, in part and again. */
async function testTarget(site: SimulatedSite) {
  const copied = await copySite(site, emptySiteLike(site), { processObjects: false });
  return { simulator: { run: (input = {}) => copied.again({ processObjects: true, ...input }) } };
}
