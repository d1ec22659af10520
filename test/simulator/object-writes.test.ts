import { expect, test } from 'vitest';
import type { AttributeInput } from '../../simulator/site/builder-inputs.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Client, Json } from './client.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

const reads = async (client: Client, id: string | number): Promise<Record<string, string[]>> => {
  const { json } = await client.get(`/object/${id}/attributes`);
  return Object.fromEntries(
    json.map(({ objectTypeAttribute, objectAttributeValues }: Json) => [
      objectTypeAttribute.name,
      objectAttributeValues.map(({ searchValue }: Json) => searchValue),
    ]),
  );
};

const sent = (values: Record<string, readonly string[]>) =>
  Object.entries(values).map(([objectTypeAttributeId, list]) => ({
    objectTypeAttributeId,
    objectAttributeValues: list.map((value) => ({ value })),
  }));

/** A site with one type whose Name has id 2 and that has one attribute of this kind, and how to write it. */
async function writing(input: Omit<AttributeInput, 'type' | 'name'>, prepare?: (site: SimulatedSite) => void) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ONE' });
  const type = site.addType({ schema, name: 'Thing' });
  const attribute = site.addAttribute({ type, name: 'Value', ...input });
  prepare?.(site);
  const { client } = await start({ site });
  const write = async (...values: string[]) => {
    const body = { objectTypeId: `${type.id}`, attributes: sent({ 2: ['x'], [attribute.id]: values }) };
    const { status, json } = await client.post('/object/create', body);
    return status === 201
      ? (await reads(client, json.id)).Value
      : json.errors[`rlabs-insight-attribute-${attribute.id}`];
  };
  return { site, client, type, attribute, write };
}

test('creates an object, answers it without attributes, and gives it the next id as its key', async () => {
  const { site, office, sydney } = officesSite();
  const { client } = await start({ site });
  const ids = site.typeAttributes(office.id);
  const attribute = (name: string) => String(ids.find((candidate) => candidate.name === name)?.id);
  const reply = await client.post('/object/create', {
    objectTypeId: `${office.id}`,
    attributes: sent({ [attribute('Name')]: ['NY-1'], [attribute('City')]: [`ITSM-${sydney.id}`] }),
  });
  expect(reply.status).toBe(201);
  expect(reply.json).toMatchObject({ label: 'NY-1', objectKey: 'ITSM-5', id: '5' });
  expect(reply.json).not.toHaveProperty('attributes');
  expect(await reads(client, 5)).toMatchObject({ Name: ['NY-1'], City: ['ITSM-1'], Key: ['ITSM-5'] });
});

test('keeps what a PUT does not send, replaces what it sends, and clears by an empty list', async () => {
  const { site, office, syd1, placeholder, cityAttribute } = officesSite();
  const { client } = await start({ site });
  const put = (values: Record<string, readonly string[]>) =>
    client.put(`/object/${syd1.id}`, { objectTypeId: `${office.id}`, attributes: sent(values) });
  const { json } = await put({ [placeholder.id]: ['new'] });
  expect(json.attributes[0]).toHaveProperty('objectTypeAttribute');
  expect(await reads(client, syd1.id)).toMatchObject({ Placeholder: ['new'], City: ['ITSM-1'] });
  await put({ [cityAttribute.id]: [] });
  expect(await reads(client, syd1.id)).not.toHaveProperty('City');
  const history = (await client.get(`/object/${syd1.id}/history`)).json;
  expect(history.slice(0, 2)).toMatchObject([
    { affectedAttribute: 'City', oldValue: 'Sydney', newValue: '', type: 6 },
    { affectedAttribute: 'Placeholder', oldValue: 'A placeholder value', newValue: 'new', type: 2 },
  ]);
  expect(Date.parse((await client.get(`/object/${syd1.id}`)).json.updated)).toBeGreaterThan(Date.now() - 10_000);
});

test('refuses a whole object for one invalid attribute, and names all invalid ones', async () => {
  const { site, client, type, attribute } = await writing({ kind: 'integer' });
  const { status, json } = await client.post('/object/create', {
    objectTypeId: type.id,
    attributes: sent({ 2: ['x'.repeat(256)], [attribute.id]: ['many'] }),
  });
  expect(status).toBe(400);
  expect(json.errorMessages).toEqual([]);
  expect(json.errors).toEqual({
    'rlabs-insight-attribute-2': expect.stringContaining('must be less than 255 characters'),
    'rlabs-insight-attribute-5': expect.stringContaining('value provided is invalid'),
  });
  expect(site.objects.size).toBe(0);
});

test('asks for required attributes, the Name among them', async () => {
  const { client, type } = await writing({ required: true });
  const { json } = await client.post('/object/create', { objectTypeId: `${type.id}`, attributes: [] });
  expect(Object.keys(json.errors)).toEqual(['rlabs-insight-attribute-2', 'rlabs-insight-attribute-5']);
});

test('refuses a duplicate of a unique value, also after changes', async () => {
  const { site, write } = await writing({ unique: true });
  expect(await write('a')).toEqual(['a']);
  expect(await write('a')).toContain('has duplicated value');
  site.updateObject(site.object(1), { Value: 'b' });
  expect(await write('a')).toEqual(['a']);
  expect(await write('b')).toContain('has duplicated value');
  site.deleteObject(site.object(1));
  expect(await write('b')).toEqual(['b']);
});

test('checks plain values by their kind', async () => {
  const cases: [input: Omit<AttributeInput, 'type' | 'name'>, good: string, bad: string][] = [
    [{ kind: 'text', regexValidation: '[A-Z]{2}' }, 'AB', 'ABC'],
    [{ kind: 'integer' }, '-2147483648', '2147483648'],
    [{ kind: 'double' }, '1.5', 'one'],
    [{ kind: 'boolean' }, 'true', 'yes'],
    [{ kind: 'date' }, '2024-05-01', '01/May/24'],
    [{ kind: 'time' }, '23:59', '24:00'],
    [{ kind: 'datetime' }, '2021-02-16T20:04:41.527Z', '16/Feb/21 8:04 PM'],
    [{ kind: 'url' }, 'https://example.com', 'example.com'],
    [{ kind: 'email' }, 'a@example.com', 'a at example'],
    [{ kind: 'ipAddress' }, '10.0.0.1', '10.0.0.256'],
    [{ kind: 'select', options: ['a', 'b'] }, 'a', 'c'],
  ];
  for (const [input, good, bad] of cases) {
    const { write } = await writing(input);
    expect([input.kind, await write(good)]).toEqual([input.kind, [good]]);
    expect([input.kind, await write(bad)]).toEqual([input.kind, expect.any(String)]);
  }
});

test('holds values to their number', async () => {
  const { write } = await writing({ kind: 'select', options: ['a', 'b', 'c'], multiple: 2 });
  expect(await write('a', 'b')).toEqual(['a', 'b']);
  expect(await write('a', 'b', 'c')).toContain('can only contain max 2');
});

test('knows users, groups, statuses and projects by what identifies them', async () => {
  const user = await writing({ kind: 'user' }, (site) => site.addUser({ accountId: 'abc', active: false }));
  expect(await user.write('abc')).toEqual(['abc']);
  expect(await user.write('nobody')).toContain('User(s)');
  user.site.quirks.deactivatedUsers = 'rejected';
  expect(await user.write('abc')).toContain('User(s)');
  const group = await writing({ kind: 'group' }, (site) => site.addGroup('jira-users'));
  expect(await group.write('jira-users')).toEqual(['jira-users']);
  expect(await group.write('others')).toBe('Invalid Group(s)');
  const project = await writing({ kind: 'project' }, (site) => site.addProject('ITSM'));
  expect(await project.write('ITSM')).toEqual(['ITSM']);
  expect(await project.write('X')).toContain('not found in jira');
  const status = await writing({ kind: 'status' });
  const [active, closed] = [...status.site.statusTypes.values()];
  status.attribute.typeValueMulti = [String(active?.id)];
  expect(await status.write(String(active?.id))).toEqual([String(active?.id)]);
  expect(await status.write(String(closed?.id))).toContain('invalid due to restrictions');
  expect(await status.write('Active')).toContain('value provided is invalid');
});

test('lets a reference point to the right type only, to children and by filter when told so', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ONE' });
  const target = site.addType({ schema, name: 'Target' });
  const child = site.addType({ schema, name: 'Child', parent: target });
  const other = site.addType({ schema: site.addSchema({ key: 'TWO' }), name: 'Other' });
  const type = site.addType({ schema, name: 'Thing' });
  const attribute = site.addAttribute({ type, name: 'Points', target });
  const objects = [target, child, other].map((each) => site.addObject({ type: each, name: each.name }));
  const { client } = await start({ site });
  const nameId = site.labelAttribute(type.id)?.id ?? 0;
  const outcome = async () => {
    const statuses = [];
    for (const object of objects) {
      const attributes = sent({ [nameId]: ['x'], [attribute.id]: [String(object.id)] });
      statuses.push((await client.post('/object/create', { objectTypeId: `${type.id}`, attributes })).status);
    }
    return statuses;
  };
  expect(await outcome()).toEqual([201, 400, 400]);
  attribute.includeChildObjectTypes = true;
  expect(await outcome()).toEqual([201, 201, 400]);
  attribute.qlQuery = 'Name = Child';
  expect(await outcome()).toEqual([400, 201, 400]);
});

test('lets a reference enter another schema only if that schema allows it', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'SHY', properties: { allowOtherObjectSchema: false } });
  const target = site.addType({ schema, name: 'Target' });
  const object = site.addObject({ type: target, name: 't' });
  const type = site.addType({ schema: site.addSchema({ key: 'TWO' }), name: 'Thing' });
  site.addAttribute({ type, name: 'Points', target });
  expect(() => site.createObject({ type, name: 'x', values: { Points: object } })).toThrow();
  await start({ site });
  schema.properties.allowOtherObjectSchema = true;
  expect(site.createObject({ type, name: 'x', values: { Points: object } }).id).toBe(2);
});

test('takes attribute ids as texts, as numbers or both, and ignores or refuses the other', async () => {
  const { client, type } = await writing({});
  const { simulator } = client;
  const outcome = () =>
    Promise.all(
      ['2', 2].map(async (objectTypeAttributeId) => {
        const attributes = [{ objectTypeAttributeId, objectAttributeValues: [{ value: 'x' }] }];
        const { status, json } = await client.post('/object/create', { objectTypeId: `${type.id}`, attributes });
        return status === 201 ? status : Object.keys(json.errors);
      }),
    );
  expect(await outcome()).toEqual([201, 201]);
  simulator.quirks.attributeIds = 'number';
  expect(await outcome()).toEqual([['rlabs-insight-attribute-2'], 201]);
  simulator.quirks.attributeIds = 'text';
  expect(await outcome()).toEqual([201, ['rlabs-insight-attribute-2']]);
  simulator.quirks.otherAttributeIds = 'refused';
  expect(await outcome()).toEqual([201, ['objectTypeAttributeId']]);
});

test('refuses what cannot be written: system attributes, abstract types, another type, unknown objects', async () => {
  const { site, client, type } = await writing({});
  const abstract = site.addType({ schema: site.schema(1), name: 'Abstract', abstract: true });
  const create = (objectTypeId: number, values: Record<string, readonly string[]>) =>
    client.post('/object/create', { objectTypeId, attributes: sent(values) });
  expect((await create(type.id, { 1: ['ONE-9'], 2: ['x'] })).json.errors).toHaveProperty('rlabs-insight-attribute-1');
  expect((await create(abstract.id, {})).status).toBe(400);
  expect((await create(99, {})).status).toBe(400);
  const object = site.createObject({ type, name: 'x' });
  expect((await client.put(`/object/${object.id}`, { objectTypeId: `${abstract.id}`, attributes: [] })).status).toBe(
    400,
  );
  expect((await client.put('/object/99', { objectTypeId: '1', attributes: [] })).status).toBe(404);
  expect((await client.post('/object/create', 'no object')).status).toBe(400);
});

test('shows no reference to a deleted object', async () => {
  const { site, sydney, syd1 } = officesSite();
  const { client } = await start({ site });
  expect((await client.delete(`/object/${sydney.id}`)).json.label).toBe('Sydney');
  expect((await client.get(`/object/${sydney.id}`)).status).toBe(404);
  expect(await reads(client, syd1.id)).not.toHaveProperty('City');
});

test('moves an object to another type with the values that both types have', async () => {
  const { site, schema, syd1 } = officesSite();
  const shop = site.addType({ schema, name: 'Shop' });
  site.addAttribute({ type: shop, name: 'Placeholder' });
  const { client } = await start({ site });
  site.moveObject(syd1, shop);
  expect(await client.labels('objectType = Office')).toEqual(['SYD-2']);
  expect(await reads(client, syd1.id)).toMatchObject({ Name: ['SYD-1'], Placeholder: ['A placeholder value'] });
});

test('takes comments', async () => {
  const { site, ann } = officesSite();
  const { client } = await start({ site });
  const reply = await client.post('/comment/create', { role: 0, objectId: `${ann.id}`, comment: '<p>hello</p>' });
  expect(reply).toMatchObject({ status: 201, json: { comment: '<p>hello</p>', objectId: `${ann.id}` } });
  expect(site.comments(ann.id)).toMatchObject([{ comment: '<p>hello</p>' }]);
  expect((await client.post('/comment/create', { objectId: '99', comment: 'x' })).status).toBe(400);
});

test('moves `updated` by whatever is done to an object, not by comments and attachments, or never', async () => {
  const { site, city, syd1, placeholder, cityAttribute, sydney } = officesSite();
  let time = Date.UTC(2026, 10, 29);
  const { client, simulator } = await start({ site, clock: { now: () => (time += 1_000) } });
  const seen = async () => {
    const { updated, timestamp } = (await client.get(`/object/${syd1.id}`)).json;
    const [found] = (await client.aql(`objectId = ${syd1.id}`)).json.values;
    expect([found.updated, found.timestamp]).toEqual([updated, timestamp]);
    return { updated: Date.parse(updated), timestamp };
  };
  const before = await seen();
  /** What of the deeds has moved it, and whether `timestamp` went along. */
  const moved = async () => {
    const moves: string[] = [];
    const told = async (deed: string, work: () => unknown) => {
      const old = await seen();
      await work();
      const now = await seen();
      expect(now.timestamp).toBe(simulator.quirks.timestamp === 'created' ? before.timestamp : now.updated);
      if (now.updated !== old.updated) moves.push(deed);
    };
    const [comment] = site.commentsOf(syd1.id);
    if (!comment) throw new Error('it has a comment');
    await told('comment', () => client.post('/comment/create', { objectId: `${syd1.id}`, comment: 'new', role: 0 }));
    await told('edit', () => site.editComment(syd1, comment, 'other'));
    await told('file', () => site.attachFile(syd1, 'plan.pdf'));
    await told('label of what it refers to', () => site.updateObject(sydney, { Name: `Sydney ${time}` }));
    await told('value', () => site.updateObject(syd1, { [placeholder.name]: `${time}` }));
    const office = site.type(syd1.typeId);
    await told('type', () => site.moveObject(syd1, city));
    site.moveObject(syd1, office);
    expect(site.typeAttributes(syd1.typeId)).toContain(cityAttribute);
    return moves;
  };
  expect(await moved()).toEqual(['comment', 'edit', 'file', 'value', 'type']);
  Object.assign(simulator.quirks, { updatedMoves: 'not-for-comments', timestamp: 'updated' });
  expect(await moved()).toEqual(['value', 'type']);
  simulator.quirks.updatedMoves = 'never';
  expect(await moved()).toEqual([]);
});

test('lets people change and delete their comments', async () => {
  const { site, syd1 } = officesSite();
  const { client } = await start({ site });
  const texts = async () => (await client.get(`/comment/object/${syd1.id}`)).json.map(({ comment }: Json) => comment);
  const said = site.comment({ object: syd1, text: 'said' });
  expect(await texts()).toEqual(['<p>text</p>', 'said']);
  site.editComment(syd1, said, 'meant');
  expect(await texts()).toEqual(['<p>text</p>', 'meant']);
  for (const comment of site.commentsOf(syd1.id)) site.deleteComment(syd1, comment);
  expect(await texts()).toEqual([]);
});
