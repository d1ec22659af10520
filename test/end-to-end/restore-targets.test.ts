import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanItem } from '../../core/model/restore.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';
import { allValues, companySite, idsIn, stateOf, valuesOf } from './restore-company.ts';
import { copySite, type FinishedRestore, linesIn, restore } from './restore-run.ts';

/** The company's site with a backup of it. */
async function backedUp() {
  const company = companySite();
  const simulator = await testSimulator({ site: company.site });
  const { directory, result } = await backUp(simulator);
  const backup = result?.backup ?? '';
  return {
    ...company,
    simulator,
    directory,
    backup,
    /** Into the site itself. */
    run: (input = {}, options = {}) => restore(simulator, directory, { folder: backup, ...input }, options),
    /** Into another one. */
    runOn: async (target: SimulatedSite, input = {}) =>
      restore(await testSimulator({ site: target }), directory, { folder: backup, ...input }),
  };
}

const only = (...keys: string[]) => keys.map((oldObjectSchemaKey) => ({ oldObjectSchemaKey }));
const toOf = (restored: FinishedRestore, object: { id: number } | undefined) =>
  Number(restored.objects.get(String(object?.id)));

describe('a copy beside the original, on the same site', () => {
  const copyOfAssets = [
    { oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'ASSETS_IMP', newObjectSchemaName: 'Assets [Imported]' },
  ];

  it('is equal to it, refers to what the original refers to outside, and leaves it alone', async () => {
    const { site, run, laptops, places } = await backedUp();
    const before = stateOf(
      site,
      [...site.objects.all()].map(({ id }) => id),
    );
    const ids = [...site.objects.all()].map(({ id }) => id);
    const restored = await run({ objectSchemas: copyOfAssets });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(stateOf(site, ids)).toBe(before);
    const schemas = new Map([['ASSETS', 'ASSETS_IMP']]);
    expect(
      compareSites(site, site, { objects: restored.objects, schemas, history: true, referencesOutside: 'kept' }),
    ).toEqual([
      'schema ASSETS: name is "Assets [Imported]", not "Assets"',
      'schema ASSETS: displayName is "Assets [Imported]", not "Assets"',
    ]);
    for (const [index, laptop] of laptops.entries()) {
      const copy = toOf(restored, laptop);
      expect(valuesOf(site, copy, 'Place')).toEqual([String(places[index % 3]?.id)]);
      expect(valuesOf(site, copy, 'Peer')).toEqual([
        String(toOf(restored, laptops[index % 2 ? index - 1 : index + 1])),
      ]);
    }
    expect(restored.plan).toMatchObject({ outsideKept: 3, outsideLost: 0 });
  });

  it('is completed by a second run, not made again', async () => {
    const { site, run, laptops, simulator } = await backedUp();
    const first = await run({ objectSchemas: copyOfAssets });
    const [lost] = laptops;
    site.deleteObject(site.object(toOf(first, lost)));
    const second = await run({ objectSchemas: copyOfAssets });
    expect(second.result).toMatchObject({ created: 1, updated: 1, reused: 4 });
    expect(idsIn(site, 'ASSETS_IMP')).toHaveLength(6);
    expect(idsIn(site, 'ASSETS')).toHaveLength(6);
    const writes = simulator.requests.writes.length;
    expect((await run({ objectSchemas: copyOfAssets })).result).toMatchObject({ created: 0, reused: 6 });
    expect(simulator.requests.writes.slice(writes)).toEqual([]);
  });

  it('of all schemas refers to itself, not to the originals', async () => {
    const { site, run, laptops, places } = await backedUp();
    const objectSchemas = ['FAC', 'ASSETS'].map((key) => ({
      oldObjectSchemaKey: key,
      newObjectSchemaKey: `${key}2`,
      newObjectSchemaName: `${key} again`,
    }));
    const restored = await run({ objectSchemas });
    expect(restored.report).toMatchObject({ outcome: 'restored', differences: [] });
    for (const [index, laptop] of laptops.entries()) {
      expect(valuesOf(site, toOf(restored, laptop), 'Place')).toEqual([String(toOf(restored, places[index % 3]))]);
    }
  });
});

describe('a site beside which all its schemas are copied', () => {
  const makers: { name: string; make: () => SimulatedSite }[] = [
    { name: 'with every feature of a configuration', make: configurationSite },
    { name: 'with circles', make: circlesSite },
    ...[2, 9].map((seed) => ({ name: `made at random from ${seed}`, make: () => randomSite(seed, 30) })),
  ];
  it.each(makers)('$name, has all of it twice', async ({ make }) => {
    const [site, original] = [make(), make()];
    const keys = [...site.schemas.values()].map(({ key }) => key);
    const objectSchemas = keys.map((key) => ({
      oldObjectSchemaKey: key,
      newObjectSchemaKey: `${key}2`,
      newObjectSchemaName: `Second ${key}`,
    }));
    const { restored } = await copySite(site, site, { objectSchemas });
    expect(restored.report?.differences).toEqual([]);
    const schemas = new Map(keys.map((key) => [key, `${key}2`]));
    const differences = compareSites(original, site, { objects: restored.objects, schemas, history: true });
    expect(differences.filter((text) => !/^schema \w+: (name|displayName) is "Second/.test(text))).toEqual([]);
    // The originals are as they were.
    const itself = new Map([...original.objects.all()].map(({ id }) => [id, id]));
    const same = { objects: itself, schemas: new Map(keys.map((key) => [key, key])) };
    expect(compareSites(original, site, same)).toEqual([]);
  });
});

describe('a site of which a third of the objects is deleted', () => {
  it.each([0, 3, 5, 8, 10])('made at random from %i, has them all again but for links that are named', async (seed) => {
    const [site, original] = [randomSite(seed, 30), randomSite(seed, 30)];
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    const deleted = [...site.objects.all()].filter(({ id }) => id % 3 === 0);
    for (const object of deleted) site.deleteObject(object);
    const survivors = [...site.objects.all()].map(({ id }) => id);
    const gone = new Set(deleted.map(({ id }) => String(id)));
    const refersToGone = (id: number) =>
      [...site.object(id).values].some(
        ([attribute, values]) => site.attribute(attribute).kind === 'reference' && values.some((to) => gone.has(to)),
      );
    const [linked, others] = [survivors.filter(refersToGone), survivors.filter((id) => !refersToGone(id))];
    const state = stateOf(site, others);
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '', processHistory: false });
    expect(restored.result).toMatchObject({ created: deleted.length, updated: linked.length, differences: 0 });
    expect(restored.result?.reused).toBe(others.length);
    expect(stateOf(site, others)).toBe(state);
    const named = restored.report?.losses.map(({ where, attribute }) => JSON.stringify([where, attribute])) ?? [];
    const differences = compareSites(original, site, { objects: restored.objects });
    const unnamed = differences.filter((text) => {
      const [, key = '', attribute = '""'] = /^object (\S+) .* · ("(?:[^"\\]|\\.)*") holds/s.exec(text) ?? [];
      return !named.includes(JSON.stringify([key, JSON.parse(attribute)]));
    });
    expect(unnamed).toEqual([]);
    const writes = simulator.requests.writes.length;
    const again = await restore(simulator, directory, { folder: result?.backup ?? '', processHistory: false });
    expect(again.result).toMatchObject({ created: 0, reused: 30 });
    expect(simulator.requests.writes.length).toBe(writes);
  });
});

describe('an existing schema that may be written into', () => {
  /** Another site with a schema ASSETS of its own: Laptop without most attributes, one known laptop, and strangers. */
  function existing(source: SimulatedSite) {
    const target = emptySiteLike(source);
    const schema = target.addSchema({ key: 'ASSETS', name: 'Their assets', description: 'theirs' });
    const hardware = target.addType({ schema, name: 'Hardware', inherited: true, description: 'their words' });
    const laptop = target.addType({ schema, name: 'Laptop', parent: hardware });
    const strange = target.addType({ schema, name: 'Stranger' });
    // Same name elsewhere in the tree: not the same path.
    const decoy = target.addType({ schema, name: 'Laptop' });
    target.addAttribute({ type: hardware, name: 'Serial number', unique: true });
    target.addAttribute({ type: laptop, name: 'Note', kind: 'textarea', description: 'their note' });
    target.addAttribute({ type: laptop, name: 'Theirs' });
    const known = target.addObject({
      type: laptop,
      name: 'Known',
      values: { 'Serial number': 'S-2', Note: 'their note', Theirs: 'x' },
    });
    const theirs = [
      known,
      target.addObject({ type: laptop, name: 'Laptop 0', values: { 'Serial number': 'S-77', Theirs: 'y' } }),
      target.addObject({ type: strange, name: 'Laptop 1' }),
      target.addObject({ type: decoy, name: 'Laptop 3' }),
    ];
    return { target, laptop, known, theirs, decoy };
  }

  it('gets what it lacks; objects are known by the unique attribute alone, and nothing foreign is touched', async () => {
    const { site, runOn, laptops } = await backedUp();
    const { target, laptop, known, theirs, decoy } = existing(site);
    const ids = theirs.map(({ id }) => id);
    const before = stateOf(target, ids);
    const restored = await runOn(target, { intoExisting: true });
    expect(restored.report?.differences).toEqual([]);
    expect(restored.result).toMatchObject({ created: 8, reused: 1 });
    expect(toOf(restored, laptops[2])).toBe(known.id);
    expect(stateOf(target, ids)).toBe(before);
    expect(idsIn(target, 'ASSETS')).toHaveLength(5 + ids.length);
    const names = target.typeAttributes(laptop.id).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Theirs', 'Place', 'Peer', 'Owner', 'Teams', 'State', 'Note']));
    expect(names.filter((name) => name === 'Note' || name === 'Serial number')).toHaveLength(2);
    expect([...target.objects.all()].filter(({ typeId }) => typeId === decoy.id)).toHaveLength(1);
    // What was there keeps its words; what was made is as in the backup.
    expect(target.schema(laptop.schemaId)).toMatchObject({ name: 'Their assets', description: 'theirs' });
    const made = laptops.filter((_, index) => index !== 2);
    expect(made.map((object) => valuesOf(target, toOf(restored, object), 'Note')[0])).toEqual(
      made.map((object) => valuesOf(site, object.id, 'Note')[0]),
    );
    // Laptop 2 stands for the one that is there: its peer points to it.
    expect(valuesOf(target, toOf(restored, laptops[3]), 'Peer')).toEqual([String(known.id)]);
  });

  it('is not written to by a second run', async () => {
    const { site, runOn, directory, backup } = await backedUp();
    const { target } = existing(site);
    await runOn(target, { intoExisting: true });
    const state = fingerprint(target);
    const simulator = await testSimulator({ site: target });
    const again = await restore(simulator, directory, { folder: backup, intoExisting: true });
    expect(again.result).toMatchObject({ created: 0, reused: 9, comments: 0 });
    expect(simulator.requests.writes).toEqual([]);
    expect(fingerprint(target)).toBe(state);
  });

  it('has a conflict where a unique value stands in an object of another type, and says so', async () => {
    const { site, runOn } = await backedUp();
    const { target, laptop, known } = existing(site);
    const parent = target.type(laptop.parentId ?? 0);
    const tablet = target.addType({ schema: target.schema(laptop.schemaId), name: 'Tablet', parent });
    target.moveObject(known, tablet);
    const restored = await runOn(target, { intoExisting: true });
    expect(restored.plan?.counts.object).toMatchObject({ create: 8, conflict: 1 });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 8, reused: 0 });
    expect(restored.report?.losses).toContainEqual(expect.objectContaining({ kind: 'object', where: 'ASSETS-6' }));
    expect(restored.report?.differences).toEqual([]);
    expect(target.type(known.typeId).name).toBe('Tablet');
  });

  it('has a conflict where an attribute of the name is of another kind: its values are losses', async () => {
    const { site, runOn } = await backedUp();
    const { target, laptop } = existing(site);
    target.addAttribute({ type: laptop, name: 'Owner', kind: 'integer' });
    const restored = await runOn(target, { intoExisting: true });
    expect(restored.plan?.counts.attribute).toMatchObject({ conflict: 1 });
    const lost = restored.report?.losses.filter(({ attribute }) => attribute === 'Owner') ?? [];
    expect(lost).toHaveLength(6);
    expect(lost.every(({ reason }) => /is of another kind/.test(reason))).toBe(true);
    expect(restored.report?.differences).toEqual([]);
    expect(allValues(target, 'ASSETS', 'Owner')).toEqual([]);
  });
});

describe('the schema that was backed up', () => {
  it('is restored whole when it is gone', async () => {
    const { site, run } = await backedUp();
    const copy = companySite().site;
    for (const object of [...site.objects.all()]) site.deleteObject(object);
    for (const attribute of [...site.attributes.keys()]) site.attributes.delete(attribute);
    site.types.clear();
    site.schemas.clear();
    site.configurationChanged();
    const restored = await run();
    expect(restored.report).toMatchObject({ outcome: 'restored', differences: [] });
    expect(compareSites(copy, site, { objects: restored.objects, history: true })).toEqual([]);
  });

  it('waits for approval where its configuration would change, names what, and goes on with it', async () => {
    const { site, simulator, docks, laptop, laptops, run } = await backedUp();
    const [first] = laptops;
    const note = site.typeAttributes(laptop.id).find(({ name }) => name === 'Note');
    for (const attribute of site.typeAttributes(docks.id)) site.attributes.delete(attribute.id);
    site.types.delete(docks.id);
    site.attributes.delete(note?.id ?? 0);
    for (const object of laptops) object.values.delete(note?.id ?? 0);
    site.configurationChanged();
    if (first) site.deleteObject(first);
    const state = fingerprint(site);
    const waiting = await run();
    expect(waiting.result).toMatchObject({ outcome: 'needs-approval', created: 0, report: null });
    expect(waiting.result?.approve?.because).toEqual([
      'make the object type ASSETS / Dock, in the existing schema ASSETS',
      'make the attribute ASSETS / Hardware / Laptop: Note, in the existing schema ASSETS',
    ]);
    expect(waiting.result?.message).toContain(waiting.result?.hash);
    expect(waiting.result?.where).toMatch(/\.work\/restores\/[^/]+\/plan\.json$/);
    expect(simulator.requests.writes).toEqual([]);
    expect(fingerprint(site)).toBe(state);

    // As one pastes it into the console.
    const pasted = waiting.result?.approve?.input ?? {};
    expect(pasted).toMatchObject({ dryRun: false, approve: waiting.result?.hash });
    const approved = await run(pasted);
    expect(approved.result).toMatchObject({ created: 1, updated: 1, reused: 7 });
    expect(approved.result?.where).toMatch(/\.work\/restores\/[^/]+\/report\.json$/);
    expect(approved.report?.differences).toEqual([]);
    expect([...site.types.values()].filter(({ name }) => name === 'Dock')).toHaveLength(1);
    expect(valuesOf(site, toOf(approved, first), 'Note')).toEqual(['note of 0']);
    // The others are left as they are, without a value of the attribute that is new to them: each is named.
    const without = laptops.slice(1).map(({ id }) => ({ source: String(id), attribute: 'Note', values: 1 }));
    const losses = approved.report?.losses.filter(({ attribute }) => attribute === 'Note') ?? [];
    expect(losses).toEqual(without.map((loss) => expect.objectContaining(loss)));
    expect(losses[0]?.reason).toContain('set the value by hand');
    expect(waiting.plan?.lossCount).toBe(approved.report?.lossCount);
  });

  it('gets its types again, below each other, when they are gone with all their objects', async () => {
    const { site, hardware, laptop, laptops, run } = await backedUp();
    for (const object of laptops) site.deleteObject(object);
    for (const type of [laptop, hardware]) {
      for (const attribute of site.typeAttributes(type.id)) site.attributes.delete(attribute.id);
      site.types.delete(type.id);
    }
    site.configurationChanged();
    const waiting = await run();
    expect(waiting.result?.approve?.because).toEqual([
      'make the object type ASSETS / Hardware, in the existing schema ASSETS',
      'make the object type ASSETS / Hardware / Laptop, in the existing schema ASSETS',
    ]);
    const restored = await run({ approve: waiting.result?.hash });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    // The survivors' histories are where they were, in no comment.
    const differences = compareSites(companySite().site, site, { objects: restored.objects, history: true });
    expect(differences.filter((text) => !/^object FAC-\d: history entry/.test(text))).toEqual([]);
  });

  it('is known by its ids where types and attributes have other names by now, which they keep', async () => {
    const { site, laptop, laptops, run } = await backedUp();
    const note = site.typeAttributes(laptop.id).find(({ name }) => name === 'Note');
    laptop.name = 'Notebook';
    if (note) note.name = 'Remark';
    site.configurationChanged();
    site.deleteObject(laptops[0] as StoredObject);
    const restored = await run();
    expect(restored.result).toMatchObject({ created: 1, updated: 1, reused: 7, differences: 0 });
    expect(valuesOf(site, toOf(restored, laptops[0]), 'Remark')).toEqual(['note of 0']);
    expect([...site.types.values()].map(({ name }) => name)).toEqual(['Place', 'Hardware', 'Notebook', 'Dock']);
  });

  it('waits for approval where only a status or a reference type would be made', async () => {
    const { site, simulator, run } = await backedUp();
    const used = [...site.statusTypes.values()].find(({ name }) => name === 'In use');
    site.statusTypes.delete(used?.id ?? 0);
    site.configurationChanged();
    const waiting = await run();
    expect(waiting.result?.outcome).toBe('needs-approval');
    expect(waiting.result?.approve?.because).toEqual([
      'make the status type ASSETS: In use, in the existing schema ASSETS',
    ]);
    expect(simulator.requests.writes).toEqual([]);
    const approved = await run({ approve: waiting.result?.hash });
    expect(approved.report?.differences).toEqual([]);
    expect([...site.statusTypes.values()].filter(({ name }) => name === 'In use')).toHaveLength(1);
  });

  it('tells of an object that has become one of another type, and leaves it there', async () => {
    const { site, simulator, docks, laptops, run } = await backedUp();
    const [moved, peer] = laptops as [StoredObject, StoredObject];
    site.moveObject(moved, docks);
    const state = fingerprint(site);
    const restored = await run();
    expect(restored.plan?.counts.object).toMatchObject({ conflict: 0, create: 0, reuse: 9 });
    expect(restored.plan?.changed.places).toEqual([{ where: 'ASSETS / Laptop: its object type', objects: 1 }]);
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 0, reused: 9, losses: 0 });
    expect(restored.report?.changed).toEqual(restored.plan?.changed);
    expect(restored.report?.differences).toEqual([]);
    expect(simulator.requests.writes).toEqual([]);
    expect(fingerprint(site)).toBe(state);
    expect(valuesOf(site, peer.id, 'Peer')).toEqual([String(moved.id)]);
  });

  it('keeps what survivors have by now, and counts where they differ from the backup', async () => {
    const { site, laptops, run } = await backedUp();
    const [changed, deleted] = laptops as [StoredObject, StoredObject];
    site.updateObject(changed, { Note: 'younger than the backup' });
    site.deleteObject(deleted);
    const restored = await run();
    expect(restored.report?.differences).toEqual([]);
    expect(restored.result).toMatchObject({ created: 1, updated: 1, reused: 7 });
    expect(valuesOf(site, changed.id, 'Note')).toEqual(['younger than the backup']);
    const places = [{ where: 'ASSETS / Laptop: Note', objects: 1 }];
    expect(restored.report?.changed).toEqual({ attributes: 1, objects: 1, places });
  });

  it('lets survivors refer to what was made anew', async () => {
    const { site, laptops, run } = await backedUp();
    const [survivor, deleted] = laptops as [StoredObject, StoredObject];
    site.deleteObject(deleted);
    const restored = await run();
    expect(restored.result).toMatchObject({ outcome: 'restored', created: 1, updated: 1, losses: 0 });
    expect(restored.report?.linked).toMatchObject({ references: 1, objects: 1 });
    expect(valuesOf(site, survivor.id, 'Peer')).toEqual([String(toOf(restored, deleted))]);
    expect(valuesOf(site, toOf(restored, deleted), 'Peer')).toEqual([String(survivor.id)]);
  });

  it('tells of an object that vanished between the plan and the end, and makes none in its place', async () => {
    const { site, laptops, run } = await backedUp();
    const [deleted, , vanishing] = laptops as [StoredObject, StoredObject, StoredObject];
    site.deleteObject(deleted);
    const reporter = new RecordingReporter();
    reporter.event = (_level, name) => {
      if (name === 'restore.planned') site.deleteObject(vanishing);
    };
    const restored = await run({}, { reporter });
    expect(restored.result).toMatchObject({ outcome: 'differences-found', created: 1 });
    expect(restored.report?.differences.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      'ASSETS-6: it is not there',
    ]);
    expect((await run()).result).toMatchObject({ created: 1, updated: 1, reused: 7 });
  });
});

describe('a schema that Atlassian manages', () => {
  it('is skipped, with a warning and a loss', async () => {
    const { site } = companySite();
    const services = site.addSchema({ key: 'SVC', name: 'Services', canManage: false });
    const type = site.addType({ schema: services, name: 'Service' });
    site.addObject({ type, name: 'Payroll' });
    const target = emptySiteLike(site);
    const { restored } = await copySite(site, target);
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 9 });
    expect(restored.plan?.schemas.map(({ from, action }) => [from, action])).toEqual([
      ['FAC', 'create'],
      ['ASSETS', 'create'],
      ['SVC', 'skip'],
    ]);
    expect(restored.plan?.warnings).toContainEqual(expect.stringMatching(/^Atlassian manages SVC/));
    expect(restored.report?.losses).toContainEqual(expect.objectContaining({ kind: 'schema', where: 'SVC' }));
    expect([...target.schemas.values()].map(({ key }) => key)).toEqual(['FAC', 'ASSETS']);
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
  });

  it('is not written into on its own site either, nor is what refers to it lost there', async () => {
    const { site, laptop, laptops } = companySite();
    const services = site.addSchema({ key: 'SVC', name: 'Services', canManage: false });
    const type = site.addType({ schema: services, name: 'Service' });
    const payroll = site.addObject({ type, name: 'Payroll' });
    site.addAttribute({ type: laptop, name: 'Serves', target: type });
    for (const object of laptops) site.updateObject(object, { Serves: payroll });
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator, { activity: false });
    const [deleted] = laptops;
    site.deleteObject(deleted as StoredObject);
    const restored = await restore(simulator, directory, { folder: result?.backup ?? '' });
    expect(restored.result?.created).toBe(1);
    expect(restored.report?.differences).toEqual([]);
    expect(valuesOf(site, toOf(restored, deleted), 'Serves')).toEqual([String(payroll.id)]);
  });
});

describe('a dry run', () => {
  it('writes nothing and gives the same hash twice; approved, it is carried out as planned', async () => {
    const { site, directory, backup } = await backedUp();
    const target = emptySiteLike(site);
    const simulator = await testSimulator({ site: target });
    const run = (input = {}) => restore(simulator, directory, { folder: backup, ...input });
    const state = fingerprint(target);
    const first = await run({ dryRun: true });
    const second = await run({ dryRun: true });
    expect(first.result).toMatchObject({ outcome: 'planned', created: 0, report: null, losses: 0 });
    expect(first.result?.approve).toMatchObject({ hash: first.result?.hash, because: [] });
    expect(first.result?.approve?.input).toMatchObject({ dryRun: false, approve: first.result?.hash });
    expect(second.result?.hash).toBe(first.result?.hash);
    expect(simulator.requests.writes).toEqual([]);
    expect(fingerprint(target)).toBe(state);
    const carriedOut = await run({ approve: first.result?.hash?.toUpperCase() });
    expect(carriedOut.result).toMatchObject({ outcome: 'restored', created: first.plan?.counts.object.create });
    expect(compareSites(site, target, { objects: carriedOut.objects, history: true })).toEqual([]);
  });

  it('has another hash for whatever else would be written, and only then', async () => {
    const { site, laptops, run } = await backedUp();
    const hashOf = async (input = {}) => (await run({ dryRun: true, ...input })).result?.hash;
    const [first, second, third] = laptops;
    if (!first || !second || !third) throw new Error('laptops were made');
    site.deleteObject(first);
    const hash = await hashOf();
    expect(await hashOf({ processComments: false })).not.toBe(hash);
    expect(await hashOf({ include: { attributes: ['Note'] } })).not.toBe(hash);
    expect(await hashOf({ objectSchemas: only('FAC') })).not.toBe(hash);
    // Neither a choice that comes to the same, nor what it does not look at, nor a value changes what would be done.
    expect(await hashOf({ setAttributeRestrictions: false })).toBe(hash);
    expect(await hashOf({ objectSchemas: only('ASSETS') })).toBe(hash);
    site.addUser({ displayName: 'Somebody new' });
    site.addSchema({ key: 'NEW' });
    site.updateObject(third, { Note: 'another note' });
    expect(await hashOf()).toBe(hash);
    site.deleteObject(third);
    expect(await hashOf()).not.toBe(hash);
  });
});

describe('a reference to an object that the restore does not bring back', () => {
  it('is kept on the same site while the object is there, and lost and named when it is gone', async () => {
    const { site, laptops, places, run } = await backedUp();
    site.deleteObject(places[0] as StoredObject);
    for (const laptop of laptops) site.deleteObject(laptop);
    const restored = await run({ objectSchemas: only('ASSETS') });
    expect(restored.plan).toMatchObject({ outsideKept: 2, outsideLost: 1 });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 6, losses: 2 });
    expect(restored.report?.losses).toMatchObject([
      {
        where: 'ASSETS-4',
        attribute: 'Place',
        values: 1,
        reason: expect.stringMatching(/restore FAC in the same run/),
      },
      { where: 'ASSETS-7', attribute: 'Place', values: 1 },
    ]);
    expect(restored.report?.differences).toEqual([]);
    expect(valuesOf(site, toOf(restored, laptops[1]), 'Place')).toEqual([String(places[1]?.id)]);
  });

  it.each([
    [1, 4],
    [4, 1],
  ])(
    'is lost on the same site when another type holds the id by now, told in the order of the backup, though laptop %i is made before laptop %i',
    async (first, second) => {
      const { site, fac, laptops, places, simulator, run } = await backedUp();
      site.moveObject(places[1] as StoredObject, site.addType({ schema: fac, name: 'Warehouse' }));
      for (const laptop of laptops) site.deleteObject(laptop);
      simulator.onRequest('object-create', async ({ rawBody }) => {
        const isMade = () => [...site.objects.all()].some((object) => site.label(object) === `Laptop ${first}`);
        if (rawBody.includes(`Laptop ${second}"`)) await expect.poll(isMade).toBe(true);
      });
      const restored = await run({ objectSchemas: only('ASSETS') });
      expect(restored.report?.losses.map(({ where, attribute }) => [where, attribute])).toEqual([
        ['ASSETS-5', 'Place'],
        ['ASSETS-8', 'Place'],
      ]);
      expect(valuesOf(site, toOf(restored, laptops[1]), 'Place')).toEqual([]);
    },
  );

  it('is lost on another site with all its values named, even where an object of the id is there', async () => {
    const { site, runOn } = await backedUp();
    const target = emptySiteLike(site, { idsAbove: 0 });
    const type = target.addType({ schema: target.addSchema({ key: 'FAC' }), name: 'Place' });
    for (const name of ['a', 'b', 'c', 'd']) target.addObject({ type, name });
    const restored = await runOn(target, { objectSchemas: only('ASSETS') });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 6 });
    expect(restored.report?.losses.filter(({ kind }) => kind === 'object').map(({ attribute }) => attribute)).toEqual(
      Array.from({ length: 6 }, () => 'Place'),
    );
    expect(restored.report?.differences).toEqual([]);
    expect(
      compareSites(site, target, {
        objects: restored.objects,
        schemas: new Map([['ASSETS', 'ASSETS']]),
        history: true,
        referencesOutside: 'dropped',
      }),
    ).toEqual(['attribute ASSETS: "Hardware" / "Laptop" own Place is missing']);
  });

  it('leads on another site to what an earlier restore made of the object', async () => {
    const { site, runOn, laptops, places } = await backedUp();
    const target = emptySiteLike(site);
    const include = (objects: readonly StoredObject[]) => ({
      include: { objects: objects.map(({ id }) => String(id)) },
    });
    const first = await runOn(target, include(places));
    expect(first.result).toMatchObject({ outcome: 'restored', created: 3 });
    const second = await runOn(target, include(laptops.slice(0, 1)));
    expect(second.result).toMatchObject({ created: 1 });
    expect(valuesOf(target, toOf(second, laptops[0]), 'Place')).toEqual([String(toOf(first, places[0]))]);
    // Its peer was left out and is nowhere yet.
    expect(second.report?.losses).toMatchObject([{ where: 'ASSETS-4', attribute: 'Peer', values: 1 }]);
    const third = await runOn(target, include(laptops.slice(1)));
    expect(third.result).toMatchObject({ created: 5 });
    expect(valuesOf(target, toOf(third, laptops[1]), 'Peer')).toEqual([String(toOf(second, laptops[0]))]);
  });

  it('comes to another site also where the schemas are restored one by one, the one that is referred to first', async () => {
    const { site, runOn } = await backedUp();
    const target = emptySiteLike(site);
    expect((await runOn(target, { objectSchemas: only('FAC') })).result?.outcome).toBe('restored');
    const second = await runOn(target, { objectSchemas: only('ASSETS') });
    expect(second.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    expect(second.plan).toMatchObject({ lossCount: 0, outsideKept: 3 });
    const objects = new Map([...(await runOn(target)).objects]);
    expect(compareSites(site, target, { objects, history: true })).toEqual([]);
  });

  it('is lost on another site where the one that is referred to is not restored, and the plan says so', async () => {
    const { site, runOn } = await backedUp();
    const restored = await runOn(emptySiteLike(site), { objectSchemas: only('ASSETS') });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 6, losses: 7 });
    expect(restored.plan).toMatchObject({ lossCount: 7 });
    const places = restored.report?.losses.map(({ kind, where, attribute }) => `${kind} ${where} ${attribute ?? ''}`);
    expect(places?.sort()).toEqual([
      'attribute ASSETS / Hardware / Laptop: Place ',
      ...[4, 5, 6, 7, 8, 9].map((number) => `object ASSETS-${number} Place`),
    ]);
  });
});

describe('users and groups that are others on the target', () => {
  it('are losses while nobody maps them, and stand in a template', async () => {
    const { site, runOn, users, directory } = await backedUp();
    const [ada] = users;
    const target = emptySiteLike(site);
    target.users.delete(ada?.accountId ?? '');
    target.groups.delete('lenders');
    const planned = await runOn(target, { dryRun: true });
    expect(planned.plan).toMatchObject({
      missingAccounts: [ada?.accountId],
      missingGroups: ['lenders'],
    });
    const key = planned.plan?.usersTemplate ?? '';
    const template = readFileSync(join(directory, '.work', key), 'utf8');
    expect(template.split('\r\n').map((row) => row.split(',').slice(0, 2))).toEqual([
      ['from', 'to'],
      [ada?.accountId, ''],
      ['lenders', ''],
      [''],
    ]);
    // As it is, the template leaves them out on purpose.
    const restored = await runOn(target, { users: key });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 9 });
    const lost = restored.report?.losses ?? [];
    expect(lost.reduce((sum, { values }) => sum + values, 0)).toBe(8);
    expect(lost.every(({ reason }) => /the users file leaves the (user|group) out/.test(reason))).toBe(true);
    expect(restored.report?.differences).toEqual([]);
  });

  it('are replaced by those that the users file names', async () => {
    const { site, runOn, users, directory } = await backedUp();
    const [ada, grace] = users;
    const target = emptySiteLike(site);
    target.users.delete(ada?.accountId ?? '');
    target.groups.delete('lenders');
    const other = target.addUser({ displayName: 'Ada there', accountId: 'ada-there' });
    target.addGroup('lenders there');
    const rows = [`${ada?.accountId},ada-there`, 'lenders,lenders there', `${grace?.accountId},`];
    writeFileSync(join(directory, '.work', 'users.csv'), `from,to\n${rows.join('\n')}\n`);
    const restored = await runOn(target, { users: 'users.csv' });
    expect(restored.plan).toMatchObject({ missingAccounts: [], missingGroups: [], usersTemplate: null });
    const lost = restored.report?.losses ?? [];
    expect(lost.map(({ attribute, values, reason }) => [attribute, values, reason])).toEqual([
      ['Owner', 1, 'the users file leaves the user out'],
      ['Owner', 1, 'the users file leaves the user out'],
    ]);
    expect(allValues(target, 'ASSETS', 'Owner')).toEqual(
      [users[2]?.accountId, users[2]?.accountId, other.accountId, other.accountId].sort(),
    );
    expect(allValues(target, 'ASSETS', 'Teams').filter((name) => name === 'lenders there')).toHaveLength(6);
    const mapping = new Map([[ada?.accountId ?? '', 'ada-there']]);
    expect(
      compareSites(site, target, { objects: restored.objects, history: true, users: mapping, ignoredKinds: ['group'] }),
    ).toHaveLength(2);
  });

  it('also in the restrictions of attributes', async () => {
    const { site } = companySite();
    const [group] = site.groups.values();
    const type = site.addType({ schema: [...site.schemas.values()][0] as never, name: 'Desk' });
    site.addAttribute({ type, name: 'Sitter', kind: 'user', groups: group ? [group] : [] });
    const simulator = await testSimulator({ site });
    const { directory, result } = await backUp(simulator);
    const target = emptySiteLike(site);
    target.groups.delete(group?.name ?? '');
    target.addGroup('admins there');
    writeFileSync(join(directory, '.work', 'users.csv'), 'from,to\nadmins,admins there\n');
    const restored = await restore(await testSimulator({ site: target }), directory, {
      folder: result?.backup ?? '',
      users: 'users.csv',
    });
    expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
    const sitter = [...target.attributes.values()].find(({ name }) => name === 'Sitter');
    expect(sitter?.typeValueMulti).toEqual(['admins there']);
  });
});

describe('the items of a plan', () => {
  it('say of each thing what becomes of it, and are as many as their counts', async () => {
    const { site, laptops, run, directory } = await backedUp();
    site.deleteObject(laptops[0] as StoredObject);
    const { plan } = await run({ dryRun: true });
    const items = plan?.itemFiles.flatMap((file) => linesIn<PlanItem>(directory, file)) ?? [];
    for (const [kind, counts] of Object.entries(plan?.counts ?? {})) {
      for (const [action, count] of Object.entries(counts)) {
        const found = items.filter((item) => item.kind === kind && item.action === action);
        if (kind !== 'comment') expect([kind, action, found.length]).toEqual([kind, action, count]);
      }
    }
    expect(items.filter(({ kind, action }) => kind === 'object' && action === 'create')).toMatchObject([
      { where: 'ASSETS-4', source: String(laptops[0]?.id), precondition: 'no such object' },
    ]);
  });
});
