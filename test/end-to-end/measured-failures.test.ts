import { describe, expect, it } from 'vitest';
import { awkwardNames, awkwardTexts } from '../../simulator/seeds/awkward-texts.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { positionAttribute } from '../../simulator/site/attribute-writes.ts';
import type { AttributeInput, ValuesInput } from '../../simulator/site/builder-inputs.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { drawIcon } from '../../simulator/site/icon-image.ts';
import type { ObjectType, StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites, type EqualSitesOptions } from './equal-sites.ts';
import { backUp, testSimulator } from './local-run.ts';
import { type Copied, copySite, restore } from './restore-run.ts';

// What the original scripts lost, made twice, or died of, measured on the same kind of site (reference, original scripts,
// sections 1.1 and 2): each is a test here.

/** A site with one type of one schema, its attributes, and an object for each set of values. */
function siteOf(attributes: readonly Omit<AttributeInput, 'type'>[], objects: readonly ValuesInput[]) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ASSETS', name: 'Assets' });
  const type = site.addType({ schema, name: 'Laptop' });
  for (const attribute of attributes) site.addAttribute({ type, ...attribute });
  const made = objects.map((values, index) => site.addObject({ type, name: `Laptop ${index + 1}`, values }));
  return { site, schema, type, objects: made };
}

/** Restores a site into an empty one, and expects the two to be equal and the report to say so. */
async function expectWhole(site: SimulatedSite, options: Partial<EqualSitesOptions> = {}): Promise<SimulatedSite> {
  const target = emptySiteLike(site);
  const { restored } = await copySite(site, target, { processHistory: options.history ?? false });
  expect(restored.error).toBeUndefined();
  expect(restored.report).toMatchObject({ outcome: 'restored', losses: [], differences: [] });
  expect(compareSites(site, target, { objects: restored.objects, ...options })).toEqual([]);
  return target;
}

/** The values of an attribute in a site, of all objects, as the site stores them; sorted, as a restore makes many objects at once. */
function valuesIn(site: SimulatedSite, attributeName: string): (readonly string[])[] {
  const values = [...site.objects.all()].flatMap((object) =>
    site
      .typeAttributes(object.typeId)
      .filter(({ name }) => name === attributeName)
      .map(({ id }) => object.values.get(id) ?? []),
  );
  return values
    .map((each) => JSON.stringify(each))
    .sort()
    .map((text) => JSON.parse(text) as string[]);
}

describe('what the scripts lost comes back:', () => {
  it('values of statuses that the restore itself makes (100 became 0)', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'ASSETS' });
    const type = site.addType({ schema, name: 'Laptop' });
    const inRepair = site.addStatusType({ name: 'In repair', schema, category: 2 });
    const gone = site.addStatusType({ name: 'Gone for ever', category: 0 });
    site.addAttribute({ type, name: 'State', kind: 'status', statuses: [inRepair, gone] });
    for (let number = 1; number <= 100; number += 1) {
      site.addObject({ type, name: `Laptop ${number}`, values: { State: number % 2 ? inRepair : gone } });
    }
    const target = await expectWhole(site);
    const names = valuesIn(target, 'State').map(([id]) => target.statusTypes.get(Number(id))?.name);
    expect(names.filter((name) => name === 'In repair')).toHaveLength(50);
    expect(names.filter((name) => name === 'Gone for ever')).toHaveLength(50);
  });

  it('circular references: to itself, mutual, in a ring of three, and across schemas (one side was lost)', async () => {
    const site = circlesSite();
    const target = await expectWhole(site);
    const references = (of: SimulatedSite) => [...valuesIn(of, 'Near'), ...valuesIn(of, 'Far')].flat().length;
    expect(references(target)).toBe(references(site));
  });

  it.each([[['LEFT', 'RIGHT']], [['RIGHT', 'LEFT']]])('a circle of two schemas, asked for as %j', async (order) => {
    const site = new SimulatedSite();
    const [left, right] = ['LEFT', 'RIGHT'].map((key) =>
      site.addType({ schema: site.addSchema({ key }), name: 'Thing' }),
    ) as [ObjectType, ObjectType];
    site.addAttribute({ type: left, name: 'Far', target: right, required: true });
    site.addAttribute({ type: right, name: 'Far', target: left, required: true });
    const one = site.addObject({ type: left, name: 'One' });
    const two = site.addObject({ type: right, name: 'Two', values: { Far: one } });
    site.objects.setValues(one, new Map([...one.values, ...site.storedValues(left, { Far: two })]));
    const target = emptySiteLike(site);
    const { restored, simulator } = await copySite(site, target, {
      objectSchemas: order.map((oldObjectSchemaKey) => ({ oldObjectSchemaKey })),
    });
    expect(restored.result?.outcome).toBe('restored');
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
    const { 'object-create': created, 'object-update': updated } = simulator.requests.writesByEndpoint();
    expect(created).toBe(2);
    // Members of a circle get a second write at most, and one of these two needs it.
    expect([1, 2]).toContain(updated);
  });

  it('all attributes and objects of types with `:` or `?` or any other sign in their names (only Name survived)', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'ASSETS' });
    for (const name of awkwardNames) {
      const type = site.addType({ schema, name });
      site.addAttribute({ type, name: 'Serial number' });
      site.addAttribute({ type, name: 'Own', target: type });
      const first = site.addObject({ type, name: `first ${name}`, values: { 'Serial number': `of ${name}` } });
      site.addObject({ type, name: `second ${name}`, values: { 'Serial number': name, Own: first } });
    }
    const target = await expectWhole(site);
    expect([...target.types.values()].map(({ name }) => name)).toEqual(awkwardNames);
    expect(valuesIn(target, 'Serial number').flat()).toHaveLength(2 * awkwardNames.length);
  });

  it.each([
    ['CRLF (the restore stopped)', 'first line\r\nsecond line\r\n'],
    ['control characters (the restore stopped)', 'bell \u0007, escape \u001b[31m, delete \u007f, next line \u0085'],
    ['backslashes (the restore stopped, or they became newlines)', 'DOMAIN\\nick and C:\\temp\\new'],
    ['`||` (it was split)', 'left || right||third'],
    ['`nan` (it became empty)', 'nan'],
    ['`NaN`', 'NaN'],
    ['quotes and braces', '"}, {"a": \'b\''],
  ])('text with %s', async (_, text) => {
    const attributes = [
      { name: 'Text' },
      { name: 'Long', kind: 'textarea' as const },
      { name: 'Many', multiple: true },
    ];
    const { site } = siteOf(attributes, [{ Text: text, Long: text, Many: [text, `${text}.`] }]);
    site.updateObject([...site.objects.all()][0] as StoredObject, { Name: text });
    const target = await expectWhole(site);
    expect(valuesIn(target, 'Text')).toEqual([[text]]);
    expect(valuesIn(target, 'Long')).toEqual([[text]]);
    expect(valuesIn(target, 'Many')).toEqual([[text, `${text}.`]]);
    expect(valuesIn(target, 'Name')).toEqual([[text]]);
  });

  it('select options and links with backslashes and `||`', async () => {
    const options = ['DOMAIN\\nick', 'a || b', '"c"'];
    const { site } = siteOf(
      [
        { name: 'Choice', kind: 'select', multiple: true, options },
        { name: 'Link', kind: 'url' },
      ],
      [{ Choice: options, Link: 'https://example.com/a\\new?x=1||2' }],
    );
    const target = await expectWhole(site);
    expect(valuesIn(target, 'Choice')).toEqual([options]);
  });

  it('a second value of a group attribute (the restore crashed)', async () => {
    const { site, type } = siteOf([{ name: 'Teams', kind: 'group', multiple: true }], []);
    const groups = ['first', 'second', 'third'].map((name) => site.addGroup(name));
    for (let number = 1; number <= 3; number += 1) {
      site.addObject({ type, name: `Laptop ${number}`, values: { Teams: groups.slice(0, number) } });
    }
    const target = await expectWhole(site);
    expect(new Set(valuesIn(target, 'Teams').map((names) => names.length))).toEqual(new Set([1, 2, 3]));
  });

  it('history of types that nobody knows (the restore stopped)', async () => {
    const { site, objects } = siteOf([{ name: 'Text' }], [{ Text: 'now' }, { Text: 'then' }]);
    const [object, other] = objects as [StoredObject, StoredObject];
    for (const type of [12, 13, 14, 18, 21, 24, 27, 28, 99, 12_345]) {
      site.addHistory({ object, attribute: 'Text', type, oldValue: `before ${type}`, newValue: `after ${type}` });
    }
    site.addHistory({ object: other, type: 77 });
    const target = await expectWhole(site, { history: true });
    const texts = [...target.objects.all()].flatMap(({ id }) => target.commentsOf(id).map(({ text }) => text)).join();
    for (const type of [28, 99, 12_345, 77]) expect(texts).toContain(String(type));
  });

  it('the required flag of text, integer, date, boolean, url and select attributes', async () => {
    const kinds = ['text', 'textarea', 'integer', 'double', 'date', 'time', 'boolean', 'url', 'email'] as const;
    const { site } = siteOf(
      kinds.map((kind) => ({ name: `A ${kind}`, kind, required: true })),
      [],
    );
    const target = await expectWhole(site);
    const flags = [...target.attributes.values()].filter(({ name }) => name.startsWith('A '));
    expect(flags.map(({ minimumCardinality }) => minimumCardinality)).toEqual(kinds.map(() => 1));
  });

  it('order of attributes (it was random)', async () => {
    const names = ['Zulu', 'Alpha', 'Mike', 'Bravo', 'Yankee', 'Charlie'];
    const { site, type } = siteOf(
      names.map((name) => ({ name })),
      [{ Mike: 'x' }],
    );
    const [zulu, , mike] = site.typeAttributes(type.id).filter(({ role }) => role === undefined);
    if (!zulu || !mike) throw new Error('two attributes were made');
    positionAttribute(site, mike, 0);
    positionAttribute(site, zulu, 5);
    const target = await expectWhole(site);
    const orderOf = (of: SimulatedSite) =>
      [...of.types.keys()].map((id) => of.typeAttributes(id).map(({ name }) => name));
    expect(orderOf(target)).toEqual(orderOf(site));
    expect(orderOf(target)[0]?.[0]).toBe('Mike');
  });

  it('a schema without types, and types without attributes of their own or without objects', async () => {
    const site = new SimulatedSite();
    site.addSchema({ key: 'EMPTY', name: 'No types', description: 'still here' });
    const schema = site.addSchema({ key: 'BARE' });
    const bare = site.addType({ schema, name: 'Bare' });
    site.addType({ schema, name: 'Bare and without objects' });
    site.addObject({ type: bare, name: 'Only a name' });
    const target = await expectWhole(site);
    expect([...target.schemas.values()].map(({ key }) => key)).toEqual(['EMPTY', 'BARE']);
  });

  it('types of one name under two parents and beside them (objects went to the wrong one)', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'ASSETS' });
    const physical = site.addType({ schema, name: 'Physical' });
    const inside = site.addType({ schema, name: 'Server', parent: physical });
    const virtual = site.addType({ schema, name: 'Virtual' });
    const other = site.addType({ schema, name: 'Server', parent: virtual });
    const root = site.addType({ schema, name: 'Server' });
    for (const [index, type] of [inside, other, root].entries()) {
      site.addAttribute({ type, name: 'Place' });
      for (let number = 0; number <= index; number += 1) {
        site.addObject({ type, name: `Server ${index}.${number}`, values: { Place: `place ${index}` } });
      }
    }
    await expectWhole(site);
  });

  it('a label that is not the Name (its text went into the Name)', async () => {
    const { site } = siteOf([{ name: 'Serial number', label: true }], []);
    const type = [...site.types.values()][0] as ObjectType;
    site.addObject({ type, values: { Name: 'a name', 'Serial number': 'S-1' } });
    site.addObject({ type, values: { Name: 'no serial number' } });
    site.addObject({ type, values: { 'Serial number': 'S-3' } });
    const target = await expectWhole(site);
    expect(valuesIn(target, 'Name')).toEqual([['a name'], ['no serial number'], []]);
  });

  it('descriptions of global statuses and reference types', async () => {
    const { site } = siteOf([], []);
    site.addStatusType({ name: 'Lent', description: 'To somebody outside' });
    site.addReferenceType({ name: 'Backs up', description: 'Has its data', color: '123456' });
    const target = await expectWhole(site);
    const described = [...target.statusTypes.values(), ...target.referenceTypes.values()].map(
      (thing) => thing.description,
    );
    expect(described).toEqual(expect.arrayContaining(['To somebody outside', 'Has its data']));
  });

  it('more users and groups than a page holds', async () => {
    const { site, type } = siteOf(
      [
        { name: 'Owner', kind: 'user' },
        { name: 'Team', kind: 'group' },
      ],
      [],
    );
    for (let number = 1; number <= 60; number += 1) {
      const values = {
        Owner: site.addUser({ displayName: `Person ${number}` }),
        Team: site.addGroup(`team-${number}`),
      };
      site.addObject({ type, name: `Laptop ${number}`, values });
    }
    const target = emptySiteLike(site);
    const { restored } = await copySite(site, target, {}, { target: { userPageSize: 7 } });
    expect(restored.report).toMatchObject({ losses: [], differences: [] });
    expect(compareSites(site, target, { objects: restored.objects, history: true })).toEqual([]);
  });

  it('roles of comments (all became 0), and their authors and times in their text', async () => {
    const { site, objects } = siteOf([], [{}]);
    const [object] = objects as [StoredObject];
    const author = site.addUser({ displayName: 'Grace <Hopper> & Co' });
    for (const role of [0, 1, 2, 3]) {
      site.addComment({
        object,
        text: `<p>for role ${role}</p>`,
        role,
        actor: author,
        created: new Date('2021-03-04T05:06:07Z'),
      });
    }
    const target = await expectWhole(site);
    expect([...target.objects.all()].flatMap(({ id }) => target.commentsOf(id).map(({ role }) => role))).toEqual([
      0, 1, 2, 3,
    ]);
  });

  it('comments of any text', async () => {
    const { site, objects } = siteOf(
      [],
      awkwardTexts.map(() => ({})),
    );
    for (const [index, text] of awkwardTexts.entries()) {
      site.addComment({ object: objects[index] as StoredObject, text });
      site.addComment({ object: objects[index] as StoredObject, text: `<p>${text}</p>`, role: 1 });
    }
    await expectWhole(site);
  });
});

describe('what the scripts wrote wrong is exact:', () => {
  it('two users of one display name stay two', async () => {
    const { site, type } = siteOf(
      [
        { name: 'Owner', kind: 'user' },
        { name: 'Watchers', kind: 'user', multiple: true },
      ],
      [],
    );
    const users = [1, 2].map(() => site.addUser({ displayName: 'Sam Smith' }));
    for (const user of users) {
      site.addObject({ type, name: 'Laptop', values: { Owner: user, Watchers: [...users].reverse() } });
    }
    const target = await expectWhole(site);
    expect(valuesIn(target, 'Owner')).toEqual(users.map(({ accountId }) => [accountId]).sort());
  });

  it('dates keep day and month, times their seconds, and moments their milliseconds and zones', async () => {
    const { site } = siteOf(
      [
        { name: 'Date', kind: 'date' },
        { name: 'Time', kind: 'time' },
        { name: 'Moment', kind: 'datetime' },
      ],
      [
        { Date: '2023-04-03', Time: '00:00', Moment: '2023-04-03T10:00:00.000Z' },
        { Date: '2023-12-01', Time: '23:59:58', Moment: '2024-05-01T13:45:06.789Z' },
        { Date: '1999-02-01', Time: '7:05', Moment: '2024-01-01T00:30:00.001+05:30' },
      ],
    );
    const target = await expectWhole(site);
    expect(valuesIn(target, 'Date')).toEqual([['1999-02-01'], ['2023-04-03'], ['2023-12-01']]);
    expect(valuesIn(target, 'Time')).toEqual([['00:00'], ['23:59:58'], ['7:05']]);
    expect(valuesIn(target, 'Moment')).toEqual([
      ['2023-04-03T10:00:00.000Z'],
      ['2023-12-31T19:00:00.001Z'],
      ['2024-05-01T13:45:06.789Z'],
    ]);
  });

  it('one unknown user among several costs that value, and no other', async () => {
    const { site, type } = siteOf([{ name: 'Watchers', kind: 'user', multiple: true }], []);
    const users = [1, 2, 3].map((number) => site.addUser({ displayName: `Person ${number}` }));
    site.addObject({ type, name: 'Laptop', values: { Watchers: users } });
    const target = emptySiteLike(site);
    const [, unknown] = users;
    target.users.delete(unknown?.accountId ?? '');
    const { restored } = await copySite(site, target);
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, losses: 1 });
    expect(restored.report?.losses).toMatchObject([
      {
        kind: 'object',
        where: 'ASSETS-1',
        attribute: 'Watchers',
        values: 1,
        reason: expect.stringMatching(/does not know the user/),
      },
    ]);
    expect(valuesIn(target, 'Watchers')).toEqual([[users[0]?.accountId, users[2]?.accountId]]);
    expect(restored.plan?.missingAccounts).toEqual([unknown?.accountId]);
  });

  it('one value that the target refuses costs that value, and no other of its object', async () => {
    const { site, type } = siteOf([{ name: 'Project', kind: 'project', multiple: true }, { name: 'Text' }], []);
    const projects = ['ONE', 'TWO', 'THREE'].map((key) => site.addProject(key));
    site.addObject({ type, name: 'Laptop', values: { Project: projects, Text: 'kept' } });
    const target = emptySiteLike(site);
    target.projects.delete('TWO');
    const { restored } = await copySite(site, target);
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, losses: 1 });
    expect(restored.report?.losses).toMatchObject([{ where: 'ASSETS-1', attribute: 'Project', values: 1 }]);
    expect(valuesIn(target, 'Project')).toEqual([['ONE', 'THREE']]);
    expect(valuesIn(target, 'Text')).toEqual([['kept']]);
  });

  it('a custom icon is uploaded with its image (the restore crashed)', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'ASSETS' });
    const icons = [1, 2].map((number) => site.addIcon(`Our icon: ${number}?`, drawIcon(number, 16)));
    for (const icon of icons) site.addType({ schema, name: `Type of ${icon.name}`, icon });
    site.addType({ schema, name: 'Again', icon: icons[0] as (typeof icons)[number] });
    const target = await expectWhole(site);
    const custom = [...target.icons.values()].filter((icon) => icon.custom);
    expect(custom.map(({ name }) => name)).toEqual(['Our icon: 1?', 'Our icon: 2?']);
    expect(custom.map(({ id }) => target.iconImages.get(id))).toEqual(icons.map(({ id }) => site.iconImages.get(id)));
  });

  it('a custom icon that the target does not take becomes the first icon there, and a loss', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'ASSETS' });
    const type = site.addType({ schema, name: 'Laptop', icon: site.addIcon('Our icon', drawIcon(1, 16)) });
    site.addObject({ type, name: 'Laptop 1' });
    const target = emptySiteLike(site);
    const { restored } = await copySite(site, target, {}, { target: { iconUpload: 'not-offered' } });
    expect(restored.result).toMatchObject({ outcome: 'restored-with-losses', created: 1, losses: 1 });
    expect(restored.report?.losses).toMatchObject([{ kind: 'icon', where: 'icon Our icon' }]);
    expect(compareSites(site, target, { objects: restored.objects, history: true, icons: false })).toEqual([]);
    const [first] = target.icons.values();
    expect([...target.types.values()].map(({ iconId }) => iconId)).toEqual([first?.id]);
  });

  it('configuration alone keeps select options, cardinality, regex, and all the rest (options became nothing)', async () => {
    const site = configurationSite();
    const target = emptySiteLike(site);
    const { restored, simulator } = await copySite(site, target, { processObjects: false });
    expect(restored.report?.differences).toEqual([]);
    expect(restored.report?.losses.every(({ reason }) => reason.includes('lets nobody set'))).toBe(true);
    expect(simulator.requests.writesByEndpoint()).not.toHaveProperty('object-create');
    expect(target.objects.size).toBe(0);
    for (const object of [...site.objects.all()]) site.deleteObject(object);
    expect(compareSites(site, target, { objects: new Map() })).toEqual([]);
  });
});

/** Everything of some objects but times. */
function stateOf(site: SimulatedSite, ids: readonly number[]): string {
  return JSON.stringify(
    ids.map((id) => {
      const object = site.objects.get(id);
      return object && [object.typeId, [...object.values], site.historyOf(id), site.commentsOf(id)];
    }),
  );
}

describe('what the scripts overwrote or made twice is there once:', () => {
  it('foreign objects under equal ids on another site stay as they are (110 of 300 were overwritten)', async () => {
    const { site } = siteOf(
      [{ name: 'Text' }],
      Array.from({ length: 110 }, (_, index) => ({ Text: `text ${index}` })),
    );
    const target = emptySiteLike(site, { idsAbove: 0 });
    const foreign = target.addSchema({ key: 'THEIRS', name: 'Somebody else’s' });
    const type = target.addType({ schema: foreign, name: 'Laptop' });
    target.addAttribute({ type, name: 'Text' });
    const theirs = Array.from({ length: 300 }, (_, index) =>
      target.addObject({ type, name: `Theirs ${index}`, values: { Text: `their text ${index}` } }),
    );
    const ids = theirs.map(({ id }) => id);
    expect([...site.objects.all()].every(({ id }) => ids.includes(id))).toBe(true);
    const before = stateOf(target, ids);

    const copy = await copySite(site, target);
    expect(copy.restored.result).toMatchObject({ outcome: 'restored', created: 110, reused: 0, updated: 0 });
    expect(stateOf(target, ids)).toBe(before);
    expect(compareSites(site, target, { objects: copy.restored.objects, history: true })).toEqual([]);

    const state = fingerprint(target);
    const again = await copy.again();
    expect(again.result).toMatchObject({ created: 0, reused: 110 });
    expect(fingerprint(target)).toBe(state);
  });

  it('an id map of one target is not used for another (unrelated objects were overwritten)', async () => {
    const { site } = siteOf([{ name: 'Text' }], [{ Text: 'one' }, { Text: 'two' }]);
    const first = await copySite(site, emptySiteLike(site, { idsAbove: 0 }));
    expect(first.restored.result?.outcome).toBe('restored');
    const target = emptySiteLike(site, { idsAbove: 0, workspaceId: 'c3000000-0000-4000-8000-000000000001' });
    const type = target.addType({ schema: target.addSchema({ key: 'THEIRS' }), name: 'Laptop' });
    const theirs = ['a', 'b', 'c'].map((name) => target.addObject({ type, name }));
    const ids = theirs.map(({ id }) => id);
    const before = stateOf(target, ids);
    const simulator = await testSimulator({ site: target });
    const second = await restore(simulator, first.directory, { folder: first.backup });
    expect(second.result).toMatchObject({ outcome: 'restored', created: 2, reused: 0 });
    expect(stateOf(target, ids)).toBe(before);
  });

  describe('in the schema that was backed up, one of 100 objects deleted', () => {
    async function withOneDeleted(): Promise<{ site: SimulatedSite; copy: Copied; left: number[] }> {
      const { site, objects } = siteOf(
        [{ name: 'Text', unique: true }],
        Array.from({ length: 100 }, (_, index) => ({ Text: `text ${index}` })),
      );
      for (const object of objects) site.addComment({ object, text: '<p>a comment</p>', role: 2 });
      const simulator = await testSimulator({ site });
      const { directory, result } = await backUp(simulator);
      const backup = result?.backup ?? '';
      site.deleteObject(objects[41] as StoredObject);
      const left = [...site.objects.all()].map(({ id }) => id);
      const again = (input = {}) => restore(simulator, directory, { folder: backup, ...input });
      return { site, left, copy: { restored: await again(), simulator, directory, backup, again } };
    }

    it('makes 100 again with one create, and leaves the 99 alone (99 became 199)', async () => {
      const { site, copy, left } = await withOneDeleted();
      expect(copy.restored.result).toMatchObject({
        outcome: 'restored',
        created: 1,
        reused: 99,
        updated: 0,
        losses: 0,
      });
      expect(site.objects.size).toBe(100);
      expect(copy.simulator.requests.writesByEndpoint()).toMatchObject({ 'object-create': 1 });
      expect(copy.simulator.requests.writesByEndpoint()).not.toHaveProperty('object-update');
      // One comment of its own and one that holds its history.
      expect(copy.simulator.requests.writesByEndpoint()['comment-create']).toBe(2);
      expect(left.every((id) => site.commentsOf(id).length === 1)).toBe(true);
      expect(valuesIn(site, 'Text').flat().sort()).toEqual(
        Array.from({ length: 100 }, (_, index) => `text ${index}`).sort(),
      );
    });

    it('and a second run writes nothing at all', async () => {
      const { site, copy } = await withOneDeleted();
      const writes = copy.simulator.requests.writes.length;
      const state = fingerprint(site);
      const again = await copy.again();
      expect(again.result).toMatchObject({ outcome: 'restored', created: 0, reused: 100, updated: 0, comments: 0 });
      expect(copy.simulator.requests.writes.length).toBe(writes);
      expect(fingerprint(site)).toBe(state);
    });
  });

  it('comments and histories, after a second run as well (120 became 240)', async () => {
    const { site, objects } = siteOf(
      [{ name: 'Text' }],
      Array.from({ length: 12 }, () => ({})),
    );
    for (const object of objects) {
      for (let number = 0; number < 10; number += 1)
        site.addComment({ object, text: `<p>${number}</p>`, role: number % 4 });
      site.addHistory({ object, attribute: 'Text', oldValue: 'a', newValue: 'b' });
    }
    const target = emptySiteLike(site);
    const copy = await copySite(site, target);
    const count = () => [...target.objects.all()].reduce((sum, { id }) => sum + target.commentsOf(id).length, 0);
    expect(copy.restored.report?.counts).toMatchObject({ comments: 120, historyComments: 12 });
    expect(count()).toBe(132);
    const writes = copy.simulator.requests.writes.length;
    const again = await copy.again();
    expect(again.result).toMatchObject({ outcome: 'restored', created: 0, reused: 12, comments: 0 });
    expect(count()).toBe(132);
    expect(copy.simulator.requests.writes.length).toBe(writes);
    expect(compareSites(site, target, { objects: again.objects, history: true })).toEqual([]);
  });

  it('everything of the configuration, after a second run as well', async () => {
    const site = configurationSite();
    const target = emptySiteLike(site);
    const copy = await copySite(site, target);
    const state = fingerprint(target);
    const writes = copy.simulator.requests.writes.length;
    const again = await copy.again();
    expect(again.report?.differences).toEqual([]);
    expect(copy.simulator.requests.writes.length).toBe(writes);
    expect(fingerprint(target)).toBe(state);
  });
});
