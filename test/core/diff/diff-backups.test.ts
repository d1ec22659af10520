import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../core/backup-format/manifest.ts';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import type { DiffFilters } from '../../../core/diff/diff-lines.ts';
import { DamagedBackupError, WrongInputError } from '../../../core/errors.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { updateAttribute } from '../../../simulator/site/attribute-writes.ts';
import { updateSchema } from '../../../simulator/site/schema-writes.ts';
import { SimulatedSite } from '../../../simulator/site/simulated-site.ts';
import { deleteType, positionType, updateType } from '../../../simulator/site/type-writes.ts';
import type { Simulator } from '../../../simulator/start-simulator.ts';
import { backUp, testClock, testDirectory, testSimulator } from '../../end-to-end/local-run.ts';
import { type Diffed, diffed } from './diffed.ts';

const day = 86_400_000;
const noTypeFields = {
  ...{ name: undefined, displayName: undefined, description: undefined, iconId: undefined },
  ...{ inherited: undefined, abstract: undefined },
};
const noSchemaFields = { name: undefined, key: undefined, displayName: undefined, description: undefined };

/** Laptops and people of two schemas, with a person's name that another one has as well. */
function smallSite() {
  const site = new SimulatedSite();
  const assets = site.addSchema({ key: 'ASSETS', name: 'IT assets' });
  const users = site.addSchema({ key: 'USERS', name: 'People' });
  const person = site.addType({ schema: users, name: 'Person' });
  const hardware = site.addType({ schema: assets, name: 'Hardware', inherited: true });
  const laptop = site.addType({ schema: assets, name: 'Laptop', parent: hardware });
  const phone = site.addType({ schema: assets, name: 'Phone', parent: hardware });
  site.addAttribute({ type: hardware, name: 'Owner', kind: 'reference', target: person });
  site.addAttribute({ type: laptop, name: 'Tags', multiple: true });
  site.addAttribute({ type: laptop, name: 'Memory', kind: 'integer' });
  const [anna, bert, otherAnna] = ['Anna', 'Bert', 'Anna'].map((name) => site.addObject({ type: person, name }));
  if (!anna || !bert || !otherAnna) throw new Error('There are three people.');
  const [one, two, three] = ['L1', 'L2', 'L3'].map((name) =>
    site.addObject({ type: laptop, name, values: { Owner: [String(anna.id)], Tags: ['a', 'b', 'b'], Memory: ['16'] } }),
  );
  if (!one || !two || !three) throw new Error('There are three laptops.');
  return { site, assets, users, person, hardware, laptop, phone, anna, bert, otherAnna, one, two, three };
}

describe('two backups of a small site', () => {
  let there: ReturnType<typeof smallSite>;
  let simulator: Simulator;
  let directory: string;
  let first: Manifest;

  const night = async (options: Parameters<typeof backUp>[1] = {}): Promise<Manifest> => {
    const { manifest, error } = await backUp(simulator, { directory, ...options });
    if (!manifest) throw error;
    testClock.pass(day);
    return manifest;
  };
  const since = async (filters: DiffFilters = {}, options: Parameters<typeof backUp>[1] = {}): Promise<Diffed> =>
    diffed(directory, first, await night(options), { filters });

  beforeEach(async () => {
    there = smallSite();
    simulator = await testSimulator({ site: there.site });
    directory = testDirectory();
    first = await night();
  });

  it('shows values as people see them, references by their labels, and equal labels by their keys', async () => {
    const { site, one, two, three, bert, otherAnna } = there;
    site.updateObject(one, { Owner: [String(bert.id)], Memory: ['32'] });
    site.updateObject(two, { Owner: [String(otherAnna.id)], Tags: [] });
    site.updateObject(three, { Tags: ['b', 'a', 'a'] });
    const { objects, summary } = await since();
    expect(
      objects.map(({ key, attributes }) => [key, attributes.map(({ name, before, after }) => [name, before, after])]),
    ).toEqual([
      [
        `ASSETS-${one.id}`,
        [
          ['Owner', ['Anna'], ['Bert']],
          ['Memory', ['16'], ['32']],
        ],
      ],
      [
        `ASSETS-${two.id}`,
        [
          ['Owner', [`Anna (USERS-${there.anna.id})`], [`Anna (USERS-${otherAnna.id})`]],
          ['Tags', ['a', 'b', 'b'], []],
        ],
      ],
      [`ASSETS-${three.id}`, [['Tags', ['a', 'b', 'b'], ['b', 'a', 'a']]]],
    ]);
    expect(summary.objects).toEqual([
      { schema: 'ASSETS', type: 'Hardware/Laptop', added: 0, removed: 0, changed: 3, same: 0 },
      { schema: 'USERS', type: 'Person', added: 0, removed: 0, changed: 0, same: 3 },
    ]);
  });

  it('takes other orders, other times and other labels of what is referred to for no difference', async () => {
    const { site, anna, one, two } = there;
    site.updateObject(one, { Tags: ['b', 'b', 'a'] });
    site.updateObject(two, { Tags: ['z'] });
    site.updateObject(two, { Tags: ['a', 'b', 'b'] });
    site.updateObject(anna, { Name: ['Anne'] });
    const { objects } = await since({}, { activity: false });
    expect(objects.map(({ label, attributes }) => [label, attributes.map(({ name }) => name)])).toEqual([
      ['Anne', ['Name']],
    ]);
  });

  it('tells what was moved, re-keyed and renamed once, where it happened', async () => {
    const { site, assets, laptop, phone, hardware, one } = there;
    site.moveObject(one, phone);
    updateSchema(site, assets, { ...noSchemaFields, key: 'IT' });
    updateType(site, hardware, { ...noTypeFields, name: 'Things' });
    positionType(site, laptop, 0, undefined);
    const { lines } = await since({}, { full: true });
    expect(lines).toEqual([
      {
        ...{ kind: 'schema', change: 'changed', schema: 'IT', id: String(assets.id), name: 'IT assets' },
        fields: [{ field: 'objectSchemaKey', before: 'ASSETS', after: 'IT' }],
      },
      {
        ...{ kind: 'object-type', change: 'changed', schema: 'IT', id: String(hardware.id), name: 'Things' },
        fields: [{ field: 'name', before: 'Hardware', after: 'Things' }],
      },
      {
        ...{ kind: 'object-type', change: 'changed', schema: 'IT', id: String(laptop.id), name: 'Laptop' },
        fields: [{ field: 'parentObjectTypeId', before: String(hardware.id), after: null }],
      },
      ...lines.slice(3),
    ]);
    const [moved] = lines.slice(3).filter(({ id }) => id === String(one.id));
    expect(moved).toMatchObject({
      ...{ kind: 'object', change: 'changed', schema: 'IT', type: 'Things/Phone', key: `IT-${one.id}` },
      from: { type: 'Hardware/Laptop' },
    });
  });

  it('tells a move alone, where the other type has the same attributes', async () => {
    const { site, assets, hardware, phone } = there;
    const tablet = site.addType({ schema: assets, name: 'Tablet', parent: hardware });
    const mobile = site.addObject({ type: phone, values: { Owner: [String(there.anna.id)] } });
    const second = await night();
    site.moveObject(mobile, tablet);
    const { objects } = await diffed(directory, second, await night());
    expect(objects).toMatchObject([
      { id: String(mobile.id), type: 'Hardware/Tablet', from: { type: 'Hardware/Phone' }, attributes: [] },
    ]);
  });

  it('tells comments and history by how many there are, where both know it', async () => {
    const { site, one } = there;
    site.comment({ object: one, text: 'first' });
    const { objects } = await since({}, { full: true });
    expect(objects).toEqual([
      expect.objectContaining({ key: `ASSETS-${one.id}`, attributes: [], comments: { before: 0, after: 1 } }),
    ]);
    const without = await since({}, { activity: false });
    expect(without.objects).toEqual([]);
    expect(without.summary).toMatchObject({
      isEqual: true,
      notCompared: [expect.stringMatching(/^Not compared, as .* was made without them: comments and history\.$/)],
    });
  });

  describe('filters', () => {
    beforeEach(() => {
      const { site, one, two, bert } = there;
      site.updateObject(one, { Owner: [String(bert.id)], Memory: ['32'] });
      site.updateObject(two, { Memory: ['32'] });
      site.updateObject(bert, { Name: ['Bob'] });
    });

    const keys = ({ objects }: Diffed) => objects.map(({ key }) => key);

    it('choose schemas, a type by name, path or id, and an object by key or id', async () => {
      const { one, two, bert, laptop } = there;
      const second = await night();
      const chosen = async (filters: DiffFilters) => keys(await diffed(directory, first, second, { filters }));
      const laptops = [`ASSETS-${one.id}`, `ASSETS-${two.id}`];
      expect(await chosen({ schemas: ['USERS'] })).toEqual([`USERS-${bert.id}`]);
      for (const type of ['Laptop', 'Hardware/Laptop', 'ASSETS/Hardware/Laptop', String(laptop.id)])
        expect(await chosen({ type })).toEqual(laptops);
      for (const object of [`ASSETS-${one.id}`, String(one.id)])
        expect(await chosen({ object })).toEqual(laptops.slice(0, 1));
    });

    it('choose an attribute: of the lines that touch it nothing else is told', async () => {
      const { one } = there;
      const { objects, summary } = await since({ attribute: 'Owner' });
      expect(objects.map(({ key, attributes, history }) => [key, attributes.map(({ name }) => name), history])).toEqual(
        [[`ASSETS-${one.id}`, ['Owner'], undefined]],
      );
      expect(summary.objects.find(({ type }) => type === 'Hardware/Laptop')).toMatchObject({ changed: 1, same: 2 });
    });

    it('tell configuration only of what they choose', async () => {
      const { site, laptop, phone } = there;
      const own = [...site.attributes.values()];
      updateType(site, phone, { ...noTypeFields, name: 'Mobile' });
      for (const name of ['Memory', 'Owner'])
        updateAttribute(site, own.find((attribute) => attribute.name === name) as never, { description: 'x' } as never);
      const second = await night();
      const told = async (filters: DiffFilters) =>
        (await diffed(directory, first, second, { filters })).configuration.map(({ name }) => name);
      expect(await told({})).toEqual(['Hardware/Mobile', 'Hardware.Owner', 'Hardware/Laptop.Memory']);
      expect(await told({ type: String(laptop.id) })).toEqual(['Hardware.Owner', 'Hardware/Laptop.Memory']);
      expect(await told({ type: 'Phone' })).toEqual(['Hardware/Mobile', 'Hardware.Owner']);
      expect(await told({ attribute: 'Memory' })).toEqual(['Hardware/Laptop.Memory']);
      expect(await told({ schemas: ['USERS'] })).toEqual([]);
      expect(await told({ object: `ASSETS-${there.one.id}` })).toEqual([]);
    });

    it.each<[DiffFilters, RegExp]>([
      [{ schemas: ['NONE'] }, /has a schema with the key NONE\. There are: ASSETS, USERS\.$/],
      [{ type: 'Tablet' }, /has an object type Tablet/],
      [{ type: 'Laptop', schemas: ['USERS'] }, /has an object type Laptop/],
      [{ attribute: 'Colour' }, /has an attribute Colour/],
      [{ attribute: 'Memroy' }, /has an attribute Memroy there: it takes a name or an id\. Did you mean Memory\?$/],
      [{ object: 'ASSETS-999999' }, /has an object ASSETS-999999/],
      [{ object: 'NONE-1' }, /has an object NONE-1/],
    ])('that name nothing are refused: %j', async (filters, message) => {
      await expect(since(filters)).rejects.toThrow(message);
      await expect(since(filters)).rejects.toBeInstanceOf(WrongInputError);
    });

    it('that name several types are refused with their paths', async () => {
      const { site, users } = there;
      const { id } = site.addType({ schema: users, name: 'Laptop' });
      await expect(since({ type: 'Laptop' })).rejects.toThrow(
        `Several object types are called Laptop: ASSETS/Hardware/Laptop (id ${there.laptop.id}), USERS/Laptop (id ${id}).`,
      );
      expect((await since({ type: 'USERS/Laptop' })).objects).toEqual([]);
    });

    it('do not take the key of another schema for the object of that number', async () => {
      await expect(since({ object: `USERS-${there.one.id}` })).rejects.toBeInstanceOf(WrongInputError);
      const elsewhere = since({ object: `ASSETS-${there.one.id}`, schemas: ['USERS'] });
      await expect(elsewhere).rejects.toThrow(/has an object ASSETS-\d+ in what --schema and --type choose: /);
    });
  });

  describe('what one side does not know', () => {
    it('is not removed: a schema that a backup was not made of', async () => {
      const { configuration, objects, summary } = await since({}, { objectSchemaKeys: ['USERS'] });
      expect([configuration, objects]).toEqual([[], []]);
      const { name } = await night({ objectSchemaKeys: ['USERS'] });
      expect(summary.isEqual).toBe(true);
      expect(summary.notCompared).toEqual([
        expect.stringMatching(
          /^Not compared, as .* was made of USERS only: schema ASSETS, 3 objects of ASSETS\/Hardware\/Laptop\.$/,
        ),
      ]);
      const back = await diffed(directory, await openBackup(openLocalStores(directory).backups, name), first);
      expect([back.lines, back.summary.notCompared]).toEqual([
        [],
        [expect.stringContaining('3 objects of ASSETS/Hardware/Laptop')],
      ]);
    });

    it('may have gone elsewhere: an object of a schema beside which no other was read', async () => {
      const { site, bert, laptop } = there;
      site.moveObject(bert, laptop);
      const { objects, summary } = await since({ schemas: ['USERS'] }, { objectSchemaKeys: ['USERS'] });
      expect(objects.map(({ change, label }) => [change, label])).toEqual([['removed', 'Bert']]);
      expect(summary.notCompared).toContainEqual(
        expect.stringMatching(/ was made of USERS only: what went from there to another schema counts as removed\.$/),
      );
    });

    it('is not removed: objects of a type that could not be read', async () => {
      const { site, one, bert, laptop } = there;
      site.updateObject(bert, { Name: ['Bob'] });
      site.deleteObject(one);
      simulator.faults.add({
        endpoint: 'object-aql',
        match: ({ body }) => JSON.stringify(body).includes(`objectTypeId = ${laptop.id}`),
        fault: { kind: 'status', status: 500 },
      });
      const { objects, summary } = await since();
      expect(objects.map(({ change, label }) => [change, label])).toEqual([['changed', 'Bob']]);
      expect(summary.notCompared).toEqual([
        expect.stringMatching(/has a gap \(.*\): 3 objects of ASSETS\/Hardware\/Laptop\.$/),
      ]);
    });

    it('is not removed: objects that the account does not see', async () => {
      const { site, laptop, two } = there;
      simulator.site.quirks.hiddenCountedBy = ['type'];
      site.roles.hideObjectsOf(laptop);
      const { objects, summary } = await since();
      expect(objects).toEqual([]);
      expect(summary.notCompared).toEqual([
        expect.stringMatching(/did not see all \(3 objects of Laptop\): 3 objects of ASSETS\/Hardware\/Laptop\.$/),
      ]);
      const one = await since({ object: String(two.id) });
      expect([one.objects, one.summary.notCompared[0]]).toEqual([[], expect.stringContaining(': 1 object of ASSETS/')]);
    });

    it('is not emptied: values of a type whose attributes could not be read', async () => {
      const { site, one, laptop, two } = there;
      site.updateObject(one, { Memory: ['64'] });
      site.deleteObject(two);
      simulator.faults.add({
        endpoint: 'objecttype-attributes',
        match: ({ params }) => params.id === String(laptop.id),
        fault: { kind: 'status', status: 500 },
      });
      const { configuration, objects, summary } = await since();
      expect(configuration).toEqual([]);
      expect(
        objects.map(({ change, label, attributes }) => [change, label, attributes.map(({ after }) => after)]),
      ).toEqual([
        ['changed', 'L1', [['64']]],
        ['removed', 'L2', []],
      ]);
      expect(summary.notCompared).toContainEqual(
        expect.stringMatching(/does not have its list of them: attributes of ASSETS\/Hardware\/Laptop\.$/),
      );
    });

    it('is no list of attributes that lacks one: what objects have of it is compared all the same', async () => {
      const { site, one, laptop } = there;
      simulator.faults.add({
        endpoint: 'objecttype-attributes',
        match: ({ params }) => params.id === String(laptop.id),
        fault: { kind: 'drop-item', index: 6 },
      });
      const second = await night();
      site.updateObject(one, { Memory: ['64'] });
      const third = await night();
      const { objects, summary } = await diffed(directory, second, third);
      const memory = [...site.attributes.values()].find(({ name }) => name === 'Memory');
      expect(objects.map(({ label, attributes }) => [label, attributes])).toEqual([
        ['L1', [{ id: String(memory?.id), name: String(memory?.id), before: ['16'], after: ['64'] }]],
      ]);
      expect(summary.isEqual).toBe(false);
    });

    it('is said where an object that is gone may have become one of a type that was not read', async () => {
      const { site, one, phone } = there;
      site.moveObject(one, phone);
      const read = {
        endpoint: 'object-aql',
        match: ({ body }: { body: unknown }) => JSON.stringify(body).includes(`objectTypeId = ${phone.id}`),
      } as const;
      simulator.faults.add({ ...read, fault: { kind: 'status', status: 500 } });
      const { objects, summary } = await since();
      expect(objects.map(({ change, label }) => [change, label])).toEqual([['removed', 'L1']]);
      expect(summary.notCompared).toContainEqual(
        expect.stringMatching(/^As .* has a gap \(.*Phone.*\), what went there from another type counts as removed\.$/),
      );
    });

    it('is removed only where the usage shows no schema that the account does not see', async () => {
      const { site, assets, users } = there;
      deleteType(site, there.phone);
      const gone = new Set([assets.id]);
      simulator.faults.add({ endpoint: 'usage', fault: { kind: 'status', status: 403 } });
      const second = await night({ objectSchemaKeys: null });
      const without: Manifest = {
        ...second,
        schemas: second.schemas.filter(({ id }) => !gone.has(Number(id))),
      };
      const unknown = await diffed(directory, first, without);
      expect(unknown.lines).toEqual([]);
      expect(unknown.summary.notCompared[0]).toMatch(
        /does not know whether the site had schemas .*: schema ASSETS, 3 objects/,
      );
      const known = await diffed(directory, first, { ...without, gaps: [], notOffered: [] });
      expect(known.configuration[0]).toMatchObject({ kind: 'schema', change: 'removed', id: String(assets.id) });
      const notice = { kind: 'schema-not-visible' as const, message: 'The site has a schema.' };
      for (const [schemaId, isTold] of [
        [String(assets.id), false],
        [String(users.id), true],
      ] as const) {
        const hidden = await diffed(directory, first, {
          ...without,
          gaps: [],
          notOffered: [],
          notices: [{ ...notice, schemaId }],
        });
        expect(hidden.configuration.some(({ kind }) => kind === 'schema')).toBe(isTold);
      }
      const old = await diffed(directory, first, { ...without, gaps: [], notOffered: [], notices: [notice] });
      expect(old.lines).toEqual([]);
    });
  });

  it('compares backups whatever their folders are called, and however they lay out activity', async () => {
    const { site, one } = there;
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityFiles: 'object' }));
    site.updateObject(one, { Memory: ['64'] });
    const second = await night({ full: true });
    renameSync(join(directory, first.name), join(directory, 'before the import'));
    const renamed = await openBackup(openLocalStores(directory).backups, 'before the import');
    const { objects, summary } = await diffed(directory, renamed, second);
    expect(objects.map(({ label }) => label)).toEqual(['L1']);
    expect(summary).toMatchObject({ left: 'before the import', right: second.name, isEqual: false });
  });

  it('takes what a restore has made of an object for the same', async () => {
    const { site, laptop, person, anna, one, two } = there;
    site.deleteObject(anna);
    const again = site.addObject({ type: person, name: 'Anna' });
    for (const object of [one, two]) site.updateObject(object, { Owner: [String(again.id)] });
    site.updateObject(two, { Memory: ['1'] });
    const second = await night({ activity: false });
    const madeOf = new Map([[String(again.id), String(anna.id)]]);
    const { objects } = await diffed(directory, first, second, { madeOf });
    expect(
      objects.map(({ key, change, from, attributes }) => [key, change, from, attributes.map(({ name }) => name)]),
    ).toEqual([
      [`ASSETS-${two.id}`, 'changed', undefined, ['Memory']],
      // Nobody has given it back to the third one.
      [`ASSETS-${there.three.id}`, 'changed', undefined, ['Owner']],
      [`USERS-${again.id}`, 'changed', { key: `USERS-${anna.id}` }, []],
    ]);
    const plain = await diffed(directory, first, second, { filters: { type: 'Person' } });
    expect(plain.objects.map(({ change }) => change)).toEqual(['added', 'removed']);
    expect(laptop.name).toBe('Laptop');
  });

  it('refuses a backup of another site, and a damaged one', async () => {
    const { site, one } = there;
    const other: Manifest = { ...first, site: { ...first.site, workspaceId: 'another', siteName: 'elsewhere' } };
    await expect(diffed(directory, first, other)).rejects.toThrow(
      /is a backup of .*, and .* of elsewhere: .* cannot be compared/,
    );
    await expect(diffed(directory, first, other)).rejects.toBeInstanceOf(WrongInputError);
    site.updateObject(one, { Memory: ['64'] });
    const second = await night();
    const path = join(
      directory,
      second.schemas.find(({ key }) => key === 'ASSETS')?.objectTypes.find(({ name }) => name === 'Laptop')
        ?.objectsMeta[0] ?? '',
    );
    writeFileSync(path, readFileSync(path, 'utf8').replace('L3', 'L4'));
    await expect(diffed(directory, first, second)).rejects.toBeInstanceOf(DamagedBackupError);
  });

  it('compares by the objects themselves where a list does not tell their values', async () => {
    const { site, one, two } = there;
    site.updateObject(one, { Memory: ['64'] });
    site.deleteObject(two);
    const second = await night();
    const plain = await diffed(directory, first, second);
    // As a backup of before: objects are counted that stand in no list.
    const old = (manifest: Manifest): Manifest => ({
      ...manifest,
      counts: { ...manifest.counts, objects: manifest.counts.objects + 1 },
    });
    for (const [left, right] of [
      [old(first), second],
      [first, old(second)],
      [old(first), old(second)],
    ] as const)
      expect(await diffed(directory, left, right)).toEqual(plain);
    expect(plain.objects).toHaveLength(2);
  });
});
