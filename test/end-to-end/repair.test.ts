import { describe, expect, it } from 'vitest';
import { ExistingDiffersError, WrongInputError } from '../../core/errors.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import type { ValuesInput } from '../../simulator/site/builder-inputs.ts';
import type { StoredObject, User } from '../../simulator/site/records.ts';
import { backUp, testClock, testSimulator } from './local-run.ts';
import { companySite, stateOf, valuesOf } from './restore-company.ts';
import { type FinishedRestore, linesIn, restore } from './restore-run.ts';

/** A backup of the company, and what runs a restore into it; a run that waits for an approval is approved. */
async function backedUp(prepare: (company: ReturnType<typeof companySite>) => void = () => undefined) {
  const company = companySite();
  const { site, laptops } = company;
  prepare(company);
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  const folder = result?.backup ?? '';
  const run = (input = {}, options = {}) => restore(simulator, directory, { folder, ...input }, options);
  const importer = site.addUser({ displayName: 'Import' });
  await testClock.sleep(60_000);
  return {
    ...company,
    simulator,
    directory,
    folder,
    importer,
    run,
    laptop: (index: number) => laptops[index] as StoredObject,
    edit: (index: number, values: ValuesInput, by?: User) =>
      site.updateObject(laptops[index] as StoredObject, values, by),
    owners: () => laptops.map(({ id }) => valuesOf(site, id, 'Owner').join()),
    async update(input = {}, options = {}): Promise<FinishedRestore & { readonly planned: FinishedRestore }> {
      const planned = await run({ onExisting: 'update', ...input }, options);
      expect(planned.result).toMatchObject({ outcome: 'needs-approval' });
      const done = await run({ onExisting: 'update', ...input, approve: planned.result?.hash }, options);
      return { ...done, planned };
    },
  };
}

const nothing = { attributes: 0, objects: 0, places: [] };

describe('a bad import', () => {
  it('is taken back for all objects, after an approval; the same line then finds nothing to write', async () => {
    const { site, laptops, users, edit, owners, importer, update, run, simulator } = await backedUp();
    const before = owners();
    for (const index of laptops.keys()) edit(index, { Owner: users[(index + 1) % 3] as User }, importer);
    simulator.requests.reset();
    const { planned, report, result } = await update();
    expect(planned.plan?.overwritten).toMatchObject({ attributes: 6, objects: 6 });
    expect(planned.plan?.approvals).toEqual(['6 values of 6 objects that are there would be overwritten']);
    expect(planned.result?.message).toContain('6 values of 6 objects that are there would be overwritten');
    expect(result).toMatchObject({ outcome: 'restored', updated: 6, losses: 0, differences: 0 });
    expect(report?.overwritten).toEqual({
      attributes: 6,
      objects: 6,
      places: [{ where: 'ASSETS / Laptop: Owner', objects: 6 }],
    });
    expect(report?.changed).toEqual(nothing);
    expect(owners()).toEqual(before);
    expect(simulator.requests.count('object-update')).toBe(6);
    expect(valuesOf(site, laptops[0]?.id ?? 0, 'Note')).toEqual(['note of 0']);

    const writes = simulator.requests.writes.length;
    const again = await run({ onExisting: 'update' });
    expect(again.result).toMatchObject({ outcome: 'restored', updated: 0, losses: 0, differences: 0 });
    expect(again.report?.overwritten).toEqual(nothing);
    expect(simulator.requests.writes).toHaveLength(writes);
  });

  it('stays where the input does not ask', async () => {
    const { edit, users, importer, run, owners, simulator } = await backedUp();
    edit(0, { Owner: users[1] as User }, importer);
    const now = owners();
    const { result, report } = await run();
    expect(result).toMatchObject({ outcome: 'restored', updated: 0 });
    expect(report).toMatchObject({ changed: { attributes: 1 }, overwritten: nothing });
    expect(owners()).toEqual(now);
    expect(simulator.requests.writes).toEqual([]);
  });
});

describe('what is chosen', () => {
  it.each([
    ['an attribute', { attributes: ['Owner'] }, { Owner: true, Note: false, Name: false, Code: false }],
    ['a type', { objectTypes: ['Place'] }, { Owner: false, Note: false, Name: false, Code: true }],
    ['an object', { objects: ['ASSETS-4'] }, { Owner: true, Note: true, Name: true, Code: false }],
    [
      'of an object an attribute',
      { objects: ['ASSETS-4'], attributes: ['Note'] },
      { Note: true, Owner: false, Name: false, Code: false },
    ],
  ])('%s: it alone comes back', async (_, include, comes) => {
    const { site, laptops, places, users, edit, update } = await backedUp();
    expect(site.objectKey(laptops[0] as StoredObject)).toBe('ASSETS-4');
    edit(0, { Owner: users[2] as User, Note: 'other', Name: 'Renamed' });
    site.updateObject(places[1] as StoredObject, { Code: 'BER2' });
    const { report } = await update({ include });
    expect(report).toMatchObject({ outcome: 'restored', differences: [], lossCount: 0 });
    const id = laptops[0]?.id ?? 0;
    expect({
      Owner: valuesOf(site, id, 'Owner').join() === users[0]?.accountId,
      Note: valuesOf(site, id, 'Note').join() === 'note of 0',
      Name: valuesOf(site, id, 'Name').join() === 'Laptop 0',
      Code: valuesOf(site, places[1]?.id ?? 0, 'Code').join() === 'BER',
    }).toEqual(comes);
    const left = Object.values(comes).filter((isBack) => !isBack).length;
    expect((report?.overwritten.attributes ?? 0) + left).toBe(4);
  });
});

describe('values of every kind', () => {
  it('come back: users, groups, statuses, references, several, none', async () => {
    const { site, laptop, laptops, groups, assets, users, edit, update } = await backedUp(({ site, laptops }) => {
      site.updateObject(laptops[5] as StoredObject, { Peer: laptops.slice(0, 3), Note: [] });
    });
    const before = stateWithoutHistory(site, laptops);
    const lost = site.addStatusType({ name: 'Lost', schema: assets });
    for (const attribute of site.attributes.values()) attribute.typeValueMulti = [];
    edit(0, { Teams: [groups[0]?.name ?? ''], State: String(lost.id), Owner: [], Place: [] });
    edit(1, { Teams: [], Peer: [laptop(4), laptop(2)], Owner: users[2] as User });
    edit(5, { Peer: [laptop(0), laptop(4)], Note: 'a note that the backup does not have', Name: 'New name' });
    const { report, planned } = await update();
    expect(planned.plan?.overwritten).toMatchObject({ attributes: 10, objects: 3 });
    expect(report).toMatchObject({
      outcome: 'restored',
      differences: [],
      lossCount: 0,
      overwritten: { attributes: 10 },
    });
    expect(stateWithoutHistory(site, laptops)).toEqual(before);
  });

  it('that the site refuses are losses with its reason, one by one, and the others stand alone', async () => {
    const { site, laptop, laptops, groups, users, edit, run, update } = await backedUp();
    edit(0, { Teams: [], Owner: users[1] as User });
    edit(1, { Note: 'other' });
    const team = groups[1]?.name ?? '';
    site.groups.delete(team);
    site.users.delete(users[0]?.accountId ?? '');
    const { report } = await update();
    expect(report).toMatchObject({ outcome: 'restored-with-losses', differences: [], lossCount: 3 });
    expect(report?.losses.map(({ attribute, where, values }) => [attribute, where, values]).sort()).toEqual([
      ['Owner', site.objectKey(laptop(0)), 1],
      ['Owner', site.objectKey(laptop(3)), 1],
      ['Teams', site.objectKey(laptop(0)), 1],
    ]);
    expect(valuesOf(site, laptop(0).id, 'Teams')).toEqual([groups[0]?.name]);
    // Nothing of the backup's can be put in its place.
    expect(valuesOf(site, laptop(0).id, 'Owner')).toEqual([users[1]?.accountId]);
    expect(valuesOf(site, laptops[1]?.id ?? 0, 'Note')).toEqual(['note of 1']);
    const again = await run({
      onExisting: 'update',
      approve: (await run({ onExisting: 'update' })).result?.hash ?? null,
    });
    expect(again.report).toMatchObject({ outcome: 'restored-with-losses', lossCount: 3 });
    site.users.set(users[0]?.accountId ?? '', users[0] as User);
    site.addGroup(team);
    const mended = await update();
    expect(mended.report).toMatchObject({ outcome: 'restored', lossCount: 0 });
    expect(valuesOf(site, laptop(0).id, 'Teams').toSorted()).toEqual(groups.map(({ name }) => name).toSorted());
  });

  it('lead to what is made anew in the same run', async () => {
    const { site, laptop, places, edit, importer, update } = await backedUp();
    edit(0, { Place: places[1] as StoredObject }, importer);
    edit(1, { Peer: [laptop(3)] }, importer);
    for (const object of [places[0], laptop(0)]) if (object) site.deleteObject(object);
    edit(3, { Place: places[2] as StoredObject }, importer);
    const { report, objects } = await update({ changedBy: importer.accountId });
    expect(report).toMatchObject({ outcome: 'restored', differences: [], lossCount: 0 });
    const [place = '', first = ''] = [places[0], laptop(0)].map((object) => objects.get(String(object?.id)));
    expect(valuesOf(site, first, 'Place')).toEqual([place]);
    expect(valuesOf(site, laptop(3).id, 'Place')).toEqual([place]);
    expect(valuesOf(site, laptop(1).id, 'Peer')).toEqual([first]);
    expect(report?.overwritten).toMatchObject({ attributes: 2, objects: 2 });
  });

  it('of a copy that an earlier restore made as well', async () => {
    const { site, laptops, users, simulator, directory, folder } = await backedUp();
    const into = { folder, objectSchemas: [{ oldObjectSchemaKey: 'ASSETS', newObjectSchemaKey: 'COPY' }] };
    const made = await restore(simulator, directory, into);
    const [first = '', second = ''] = laptops.map(({ id }) => made.objects.get(String(id)));
    site.updateObject(site.object(first), { Owner: users[2] as User, Note: [] });
    site.deleteObject(site.object(second));
    const planned = await restore(simulator, directory, { ...into, onExisting: 'update' });
    expect(planned.plan).toMatchObject({
      overwritten: { attributes: 2 },
      counts: { object: { create: 1, update: 1 } },
    });
    const done = await restore(simulator, directory, { ...into, onExisting: 'update', approve: planned.result?.hash });
    expect(done.report).toMatchObject({ outcome: 'restored', overwritten: { attributes: 2 }, differences: [] });
    expect(valuesOf(site, first, 'Owner')).toEqual([users[0]?.accountId]);
    const peer = done.objects.get(String(laptops[1]?.id)) ?? '';
    expect(valuesOf(site, first, 'Peer')).toEqual([peer]);
    const skipped = await restore(simulator, directory, into);
    expect(skipped.report).toMatchObject({ outcome: 'restored', changed: { attributes: 0 } });
  });

  it('of a moved object stay where it is now, and it is named', async () => {
    const { site, laptop, docks, edit, update, run } = await backedUp();
    site.moveObject(laptop(0), docks);
    edit(1, { Note: 'other' });
    const moved = stateOf(site, [laptop(0).id]);
    const { report } = await update();
    expect(report).toMatchObject({ overwritten: { attributes: 1 }, changed: { attributes: 1, objects: 1 } });
    expect(report?.changed.places).toEqual([{ where: 'ASSETS / Laptop: its object type', objects: 1 }]);
    expect(stateOf(site, [laptop(0).id])).toBe(moved);
    expect((await run({ onExisting: 'fail' })).error).toBeInstanceOf(ExistingDiffersError);
  });
});

describe('who has changed it, and when', () => {
  it('changed-by: what the account has changed last comes back, attribute by attribute', async () => {
    const { site, laptop, laptops, users, edit, importer, update, simulator, owners } = await backedUp();
    const before = owners();
    for (const index of laptops.keys())
      edit(index, { Owner: users[(index + 1) % 3] as User, Note: 'by import' }, importer);
    await testClock.sleep(1_000);
    edit(1, { Owner: users[0] as User }, users[0]);
    edit(2, { Note: 'by hand' }, users[0]);
    const mine = [owners()[1], valuesOf(site, laptop(2).id, 'Note')];
    simulator.requests.reset();
    const { report, planned } = await update({ changedBy: importer.accountId });
    expect(planned.plan).toMatchObject({ overwritten: { attributes: 10, objects: 6 }, changed: { attributes: 2 } });
    expect(simulator.requests.count('history')).toBe(2 * 6);
    expect(report).toMatchObject({ outcome: 'restored', overwritten: { attributes: 10 }, changed: { attributes: 2 } });
    expect([owners()[1], valuesOf(site, laptop(2).id, 'Note')]).toEqual(mine);
    expect(owners()).toEqual(before.map((owner, index) => (index === 1 ? mine[0] : owner)));
  });

  it('the plan counts a history for each object that differs', async () => {
    const { users, edit, importer, run, simulator } = await backedUp();
    for (const index of [0, 1, 2]) edit(index, { Owner: users[(index + 1) % 3] as User }, importer);
    simulator.requests.reset();
    const all = await run({ onExisting: 'update', dryRun: true });
    expect(simulator.requests.count('history')).toBe(0);
    const narrowed = await run({ onExisting: 'update', dryRun: true, changedBy: importer.accountId });
    expect(simulator.requests.count('history')).toBe(3);
    expect((narrowed.plan?.requests ?? 0) - (all.plan?.requests ?? 0)).toBe(3);
  });

  it('changed-since: what was changed before stays', async () => {
    const { site, laptop, edit, update } = await backedUp();
    edit(0, { Note: 'before' });
    await testClock.sleep(60_000);
    const changedSince = new Date(testClock.now()).toISOString();
    await testClock.sleep(1_000);
    edit(1, { Note: 'since' });
    const { report } = await update({ changedSince });
    expect(report).toMatchObject({ overwritten: { attributes: 1 }, changed: { attributes: 1 } });
    expect([0, 1].map((index) => valuesOf(site, laptop(index).id, 'Note')[0])).toEqual(['before', 'note of 1']);
  });

  it('an attribute that is made anew has no history: its values are losses, and nothing advises what was given', async () => {
    const { site, laptop, importer, update } = await backedUp();
    const note = site.typeAttributes(laptop(0).typeId).find(({ name }) => name === 'Note')?.id ?? 0;
    for (const object of site.objects.all())
      site.objects.setValues(object, new Map([...object.values].filter(([id]) => id !== note)));
    site.attributes.delete(note);
    site.configurationChanged();
    const { report } = await update({ changedBy: importer.accountId });
    expect(report).toMatchObject({ outcome: 'restored-with-losses', lossCount: 6, differences: [] });
    expect(new Set(report?.losses.map(({ reason }) => reason))).toEqual(
      new Set([
        'the attribute is made anew, and this object is still there and is left as it is by what was chosen: set the value by hand',
      ]),
    );
  });

  it('an attribute that was renamed is known by both names; what a history does not tell stays', async () => {
    const { site, laptop, edit, importer, update } = await backedUp();
    const note = site.typeAttributes(laptop(0).typeId).find(({ name }) => name === 'Note');
    edit(0, { Note: 'before it was renamed' }, importer);
    await testClock.sleep(10);
    if (note) note.name = 'Remark';
    edit(1, { Remark: 'after that' }, importer);
    edit(2, { Remark: 'without a word' }, importer);
    await testClock.sleep(10);
    site.addHistory({ object: laptop(2), type: 99 });
    site.objects.setValues(laptop(3), new Map([...laptop(3).values, [note?.id ?? 0, ['without history']]]));
    const { report } = await update({ changedBy: importer.accountId });
    expect(report).toMatchObject({ overwritten: { attributes: 2 }, changed: { attributes: 2 } });
    expect([0, 1, 2, 3].map((index) => valuesOf(site, laptop(index).id, 'Remark')[0])).toEqual([
      ...['note of 0', 'note of 1'],
      ...['without a word', 'without history'],
    ]);
  });

  it('changed-by somebody whom no history names: nothing comes back, and the plan warns', async () => {
    const { edit, importer, run } = await backedUp();
    for (const index of [0, 1]) edit(index, { Note: 'by import' }, importer);
    const warnings = async (input: object) =>
      (await run({ onExisting: 'update', dryRun: true, ...input })).plan?.warnings.join();
    const nobody = await warnings({ changedBy: 'nobody' });
    expect(nobody).toContain(
      'No history of the 2 objects that differ names the account nobody as the last to have changed a value: nothing is set back.',
    );
    expect(await warnings({ changedBy: 'nobody', changedSince: '2026-01-01' })).toContain(
      'changed a value since 2026-01-01T00:00:00.000Z: nothing',
    );
    expect(await warnings({ changedBy: importer.accountId })).not.toContain('No history');
    expect(await warnings({})).not.toContain('No history');
  });

  it('asks nothing where nothing is set back', async () => {
    const { run } = await backedUp();
    for (const input of [{ changedBy: 'x' }, { changedSince: '2026-11-27' }, { onExisting: 'fail', changedBy: 'x' }]) {
      await expect(run(input)).rejects.toThrow(WrongInputError);
    }
  });

  it('goes on in the next invocation where time is short', async () => {
    const { site, laptops, users, edit, importer, update, simulator, owners } = await backedUp(
      ({ site, laptop, users }) => {
        for (let number = 0; number < 430; number += 1)
          site.addObject({ type: laptop, name: `More ${number}`, values: { Owner: users[0] as User } });
      },
    );
    const before = owners();
    const more = [...site.objects.all()].filter(({ id }) => id > (laptops[5]?.id ?? 0));
    for (const object of more) site.updateObject(object, { Owner: users[1] as User }, importer);
    edit(0, { Owner: users[2] as User }, importer);
    simulator.requests.reset();
    const { report } = await update({ changedBy: importer.accountId }, { remainingMilliseconds: () => 60_000 });
    expect(report).toMatchObject({ outcome: 'restored', overwritten: { attributes: 431 } });
    expect(simulator.requests.count('history')).toBe(2 * 431);
    expect(owners()).toEqual(before);
  });
});

describe('no blind overwrite', () => {
  it('what somebody changes between plan and write is left as it is, and named', async () => {
    const { site, laptop, laptops, docks, edit, run, simulator } = await backedUp();
    for (const index of laptops.keys()) edit(index, { Note: 'by import' });
    const input = { onExisting: 'update', include: { attributes: ['Note'] } };
    const { result } = await run(input);
    const end = simulator.onRequest('object', () => {
      end();
      edit(2, { Note: 'by hand, a moment ago' });
      edit(3, { Note: 'note of 3' });
      site.deleteObject(laptop(4));
      site.moveObject(laptop(5), docks);
    });
    const { report } = await run({ ...input, approve: result?.hash });
    expect(valuesOf(site, laptop(2).id, 'Note')).toEqual(['by hand, a moment ago']);
    expect(report).toMatchObject({ lossCount: 0, overwritten: { attributes: 3 }, changed: { attributes: 2 } });
    expect(report?.changed.places.map(({ where }) => where)).toContain('ASSETS / Laptop: its object type');
    expect(report?.differences).toMatchObject([{ source: String(laptop(4).id), what: 'it is not there' }]);
    expect(report?.notices.join()).toContain(`Note of ${site.objectKey(laptop(2))}`);
    expect(
      laptops.filter(({ id }) => site.objects.get(id) && valuesOf(site, id, 'Note').join() === 'by import'),
    ).toEqual([]);
  });

  it('looks at ten objects at a time: what people change in others meanwhile is left', async () => {
    const { site, edit, laptops, users, run, simulator } = await backedUp(({ site, laptop }) => {
      for (let number = 0; number < 30; number += 1)
        site.addObject({ type: laptop, name: `More ${number}`, values: { Note: 'note' } });
    });
    const more = [...site.objects.all()].filter(({ id }) => id > (laptops[5]?.id ?? 0));
    for (const object of more) site.updateObject(object, { Note: 'by import' });
    edit(0, { Note: 'by import' });
    const { result } = await run({ onExisting: 'update' });
    const end = simulator.onRequest('object-update', () => {
      end();
      for (const object of more) site.updateObject(object, { Note: 'by hand' }, users[2]);
    });
    const { report } = await run({ onExisting: 'update', approve: result?.hash });
    const stay = more.filter(({ id }) => valuesOf(site, id, 'Note').join() === 'by hand');
    expect(stay.length).toBeGreaterThanOrEqual(20);
    expect(report).toMatchObject({ lossCount: 0, differences: [], changed: { attributes: stay.length } });
  });

  it('writes to what the plan names, and to nothing else; each is read by id once before', async () => {
    const { site, laptops, places, fac, edit, update, simulator, directory } = await backedUp();
    const foreign = site.addSchema({ key: 'OTHER', name: 'Other' });
    const type = site.addType({ schema: foreign, name: 'Thing' });
    const things = [1, 2].map((number) => site.addObject({ type, name: `Thing ${number}` }));
    const later = site.createObject({ type: site.type(laptops[0]?.typeId ?? 0), name: 'Came later' });
    const stay = [...things, later, ...places, ...laptops.slice(3)].map(({ id }) => id);
    for (const index of [0, 1, 2]) edit(index, { Note: 'by import' });
    const before = stateOf(site, stay);
    simulator.requests.reset();
    const { planned, report } = await update();
    expect(stateOf(site, stay)).toBe(before);
    expect(fac.key).toBe('FAC');
    const written = simulator.requests.writes.map(
      ({ method, path }) => `${method} ${path.replace(/.*(\/object\/)/, '$1')}`,
    );
    expect(written.sort()).toEqual(
      laptops
        .slice(0, 3)
        .map(({ id }) => `PUT /object/${id}`)
        .sort(),
    );
    const lines = linesIn<{ source: string; attribute: string }>(
      directory,
      restoreKeys(report?.restore ?? '').plannedOverwrites(1),
    );
    expect(lines.map(({ source, attribute }) => [source, attribute])).toEqual(
      laptops.slice(0, 3).map(({ id }) => [String(id), 'Note']),
    );
    expect(planned.plan?.cameLater).toMatchObject({
      objects: 1,
      types: [{ where: 'ASSETS / Hardware / Laptop', objects: 1 }],
    });
    expect(site.objects.get(later.id)).toBeDefined();
  });
});

describe('fail', () => {
  it('ends at the plan with exit code 1 where a chosen object differs; a dry run shows it', async () => {
    const { site, laptop, edit, run, simulator, directory } = await backedUp();
    edit(0, { Owner: [], Note: [] });
    const { error } = await run({ onExisting: 'fail' });
    expect(error).toMatchObject({ name: 'ExistingDiffersError', exitCode: 1 });
    expect(error?.message).toMatch(
      /^2 values of 1 object that is there differ from the backup .* Nothing was written\. .*plan\.json/,
    );
    expect(error?.message).toContain(directory);
    expect(simulator.requests.writes).toEqual([]);
    const planned = await run({ onExisting: 'fail', dryRun: true });
    expect(planned.result).toMatchObject({ outcome: 'planned' });
    expect(planned.plan?.changed).toMatchObject({ attributes: 2, objects: 1 });
    const chosen = await run({ onExisting: 'fail', include: { objectTypes: ['Place'] } });
    expect(chosen.result).toMatchObject({ outcome: 'restored' });
    site.deleteObject(laptop(5));
    const back = await run({ onExisting: 'skip' });
    expect(back.result).toMatchObject({ created: 1 });
  });

  it('does not mind what is ours to mend', async () => {
    const { site, places, run } = await backedUp();
    site.deleteObject(places[0] as StoredObject);
    const { result } = await run({ onExisting: 'fail' });
    expect(result).toMatchObject({ outcome: 'restored', created: 1 });
  });
});

/** Everything of objects but times and histories. */
const stateWithoutHistory = (site: ReturnType<typeof companySite>['site'], objects: readonly StoredObject[]) =>
  objects.map(({ id }) => {
    const { typeId, values } = site.object(id);
    return [typeId, Object.fromEntries([...values].map(([attribute, texts]) => [attribute, texts.toSorted()]))];
  });
