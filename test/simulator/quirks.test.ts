import { expect, test } from 'vitest';
import { largeSite } from '../../simulator/seeds/large.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

const twelve = () => largeSite({ objects: 12, types: 1, schemas: 1 });

test('gives isLast as text, as boolean or not at all', async () => {
  const { client, simulator } = await start({ site: twelve() });
  const isLast = async () => (await client.aql('objectTypeId = 1')).json.isLast;
  expect(await isLast()).toBe('true');
  simulator.quirks.isLast = 'boolean';
  expect(await isLast()).toBe(true);
  simulator.quirks.isLast = 'absent';
  expect((await client.aql('objectTypeId = 1')).json).not.toHaveProperty('isLast');
});

test('caps total, adds hasMoreResults, ends too early from a page size on, and caps the page', async () => {
  const { client, simulator } = await start({ site: twelve() });
  Object.assign(simulator.quirks, { totalCap: 10, hasMoreResults: true, isLastWrongFrom: 8 });
  expect((await client.aql('objectTypeId = 1', 'maxResults=7')).json).toMatchObject({
    total: 10,
    hasMoreResults: true,
    last: false,
  });
  expect((await client.aql('objectTypeId = 1', 'maxResults=8')).json).toMatchObject({ last: true, isLast: 'true' });
  simulator.quirks.maxPageSize = 5;
  const capped = (await client.aql('objectTypeId = 1', 'maxResults=7')).json;
  expect(capped).toMatchObject({ maxResults: 5, last: false });
  expect(capped.values).toHaveLength(5);
});

test('sorts keys by number or as text', async () => {
  const { client, simulator } = await start({ site: twelve() });
  const order = async () =>
    (await client.aql('objectTypeId = 1 order by Key asc', 'maxResults=3')).json.values.map(
      ({ id }: { id: string }) => id,
    );
  expect(await order()).toEqual(['1', '2', '3']);
  simulator.quirks.keySort = 'text';
  expect(await order()).toEqual(['1', '10', '11']);
});

test('may have no comments, no usage, no display names, no history types, UUIDs for icons', async () => {
  const { site, syd1, schema } = officesSite();
  const { client, simulator } = await start({
    site,
    quirks: { comments: 'not-offered', usage: 'forbidden', displayName: false, historyType: false, iconIds: 'uuid' },
  });
  const comments = await client.get(`/comment/object/${syd1.id}`);
  expect([comments.status, comments.json.title]).toEqual([404, 'Not Found']);
  expect((await client.get('/usage')).status).toBe(403);
  expect((await client.get(`/objectschema/${schema.id}/objecttypes/flat`)).text).not.toContain('displayName');
  expect((await client.get(`/objectschema/${schema.id}`)).json).not.toHaveProperty('displayName');
  expect((await client.get(`/object/${syd1.id}/history`)).json[0]).not.toHaveProperty('type');
  const [icon] = (await client.get('/icon/global')).json;
  expect(icon.id).toMatch(/^[0-9a-f]{8}-/);
  expect((await client.get(`/icon/${icon.id}/icon.png`)).headers.get('content-type')).toBe('image/png');
  simulator.quirks.unknownRoute = 'html';
  expect((await client.get(`/comment/object/${syd1.id}`)).text).toContain('<html>');
});

test('omits the type of attributes as documented, never or always', async () => {
  const { site, office, schema } = officesSite();
  const { client, simulator } = await start({ site });
  const hasType = async () => [
    'type' in (await client.get(`/objecttype/${office.id}/attributes`)).json[0],
    'type' in (await client.get(`/objectschema/${schema.id}/attributes`)).json[0],
  ];
  expect(await hasType()).toEqual([true, false]);
  simulator.quirks.attributeType = 'never';
  expect(await hasType()).toEqual([false, false]);
  simulator.quirks.attributeType = 'always';
  expect(await hasType()).toEqual([true, true]);
});

test('gives users, groups, statuses and references without value, or with it', async () => {
  const { site, syd1, cityAttribute } = officesSite();
  const { client, simulator } = await start({ site });
  const value = async () => {
    const attributes: { objectTypeAttributeId: string; objectAttributeValues: Record<string, unknown>[] }[] = (
      await client.get(`/object/${syd1.id}/attributes`)
    ).json;
    return attributes.find((entry) => entry.objectTypeAttributeId === String(cityAttribute.id))
      ?.objectAttributeValues[0];
  };
  expect(await value()).not.toHaveProperty('value');
  simulator.quirks.valueOfNestedKinds = 'present';
  expect(await value()).toHaveProperty('value', 'ITSM-1');
});

test('gives dates and times as they were written, with more or less of a time, with an offset, or by turns', async () => {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'DAY' }), name: 'Day' });
  const day = site.addAttribute({ type, name: 'Day', kind: 'date' });
  const moment = site.addAttribute({ type, name: 'Moment', kind: 'datetime' });
  const { client, simulator } = await start({ site });
  const value = (attribute: { id: number }, text: string) => ({
    objectTypeAttributeId: `${attribute.id}`,
    objectAttributeValues: [{ value: text }],
  });
  for (const [date, time] of [
    ['2026-11-28', '2026-11-28T23:30:00.000Z'],
    ['2026-11-28T00:00:00.000Z', '2026-11-29T01:30:00+02:00'],
  ] as const) {
    const attributes = [value({ id: 2 }, 'x'), value(day, date), value(moment, time)];
    expect((await client.post('/object/create', { objectTypeId: `${type.id}`, attributes })).status).toBe(201);
  }
  const texts = async () => {
    const { values } = (await client.aql('objectType = Day')).json;
    return values.map(({ attributes }: { attributes: { objectAttributeValues: { value: string }[] }[] }) =>
      attributes.slice(4).map(({ objectAttributeValues: [first] }) => first?.value),
    );
  };
  const plain = ['2026-11-28', '2026-11-28T23:30:00.000Z'];
  expect(await texts()).toEqual([plain, plain]);
  Object.assign(simulator.quirks, { dateForm: 'midnight', dateTimeForm: 'offset' });
  const other = ['2026-11-28T00:00:00.000Z', '2026-11-29T01:30:00.000+02:00'];
  expect(await texts()).toEqual([other, other]);
  simulator.quirks.dateTimeForm = 'seconds';
  expect((await texts())[0][1]).toBe('2026-11-28T23:30:00Z');
  Object.assign(simulator.quirks, { dateForm: 'mixed', dateTimeForm: 'mixed' });
  expect(await texts()).toEqual([
    ['2026-11-28T00:00:00.000Z', '2026-11-28T23:30:00Z'],
    ['2026-11-28', other[1]],
  ]);
  expect((await client.get('/object/1')).text).toContain('"2026-11-28T00:00:00.000Z"');
});

test('reads every kind of value as the samples show it', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'ALL' });
  const type = site.addType({ schema, name: 'All' });
  const user = site.addUser({ displayName: 'Jane Roe', active: false });
  const group = site.addGroup('jira-users');
  const status = site.addStatusType({ name: 'Decommissioned', displayName: 'Retired', category: 0, schema });
  site.addAttribute({ type, name: 'date', kind: 'date' });
  site.addAttribute({ type, name: 'datetime', kind: 'datetime' });
  site.addAttribute({ type, name: 'select', kind: 'select', multiple: true, options: ['Tier 1', 'Tier 2'] });
  site.addAttribute({ type, name: 'user', kind: 'user' });
  site.addAttribute({ type, name: 'group', kind: 'group' });
  site.addAttribute({ type, name: 'status', kind: 'status' });
  const values = {
    date: '2024-05-01',
    datetime: '2021-02-16T20:04:41.527Z',
    select: ['Tier 1', 'Tier 2'],
    user,
    group,
    status,
  };
  site.addObject({ type, name: 'one', values });
  const { client } = await start({ site });
  const { attributes } = (await client.aql('objectTypeId = 1')).json.values[0];
  const read = attributes.slice(4).map((entry: { objectAttributeValues: unknown }) => entry.objectAttributeValues);
  expect(read).toMatchObject([
    [{ value: '2024-05-01', displayValue: '01/May/24', searchValue: '2024-05-01', referencedType: false }],
    [{ value: '2021-02-16T20:04:41.527Z', displayValue: '16/Feb/21 8:04 PM', referencedType: false }],
    [{ value: 'Tier 1' }, { value: 'Tier 2' }],
    [{ user: { key: user.accountId, isDeleted: true }, displayValue: 'Jane Roe', searchValue: user.accountId }],
    [{ group: { name: 'jira-users' }, searchValue: 'jira-users' }],
    [
      {
        status: { id: String(status.id), category: 0, objectSchemaId: '1' },
        displayValue: 'Decommissioned',
        searchValue: `${status.id}`,
      },
    ],
  ]);
});
