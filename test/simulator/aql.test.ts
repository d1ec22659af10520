import { expect, test } from 'vitest';
import { largeSite } from '../../simulator/seeds/large.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Json } from './client.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

test('pages through a type, 25 at a time unless told otherwise', async () => {
  const site = largeSite({ objects: 60, types: 1, schemas: 1 });
  const { client } = await start({ site });
  const query = 'objectTypeId = 1 order by Key asc';
  const first = (await client.aql(query)).json;
  expect(first).toMatchObject({ startAt: 0, maxResults: 25, total: 60, isLast: 'false', last: false });
  expect(first.values).toHaveLength(25);
  const ids = [];
  for (let startAt = 0; startAt < 60; startAt += 25) {
    const { json } = await client.aql(query, `startAt=${startAt}&maxResults=25`);
    ids.push(...json.values.map(({ id }: Json) => Number(id)));
    expect(json.last).toBe(startAt === 50);
  }
  expect(ids).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

test('gives the first page again where the paging stands in the body', async () => {
  const site = largeSite({ objects: 60, types: 1, schemas: 1 });
  const { client } = await start({ site, quirks: { bodies: 'lenient' } });
  const page = async (body: object) =>
    (await client.post('/object/aql', { qlQuery: 'objectTypeId = 1 order by Key asc', ...body })).json.values.map(
      ({ id }: Json) => id,
    );
  expect(await page({ startAt: 25, maxResults: 10 })).toEqual(await page({}));
});

test('gives an empty page after the last object', async () => {
  const { client } = await start({ site: largeSite({ objects: 5, types: 1, schemas: 1 }) });
  const { json } = await client.aql('objectTypeId = 1', 'startAt=5&maxResults=5');
  expect(json).toMatchObject({ values: [], last: true, total: 5 });
});

test('shifts pages when an object vanishes between them', async () => {
  const site = largeSite({ objects: 10, types: 1, schemas: 1 });
  const { client, simulator } = await start({ site });
  simulator.onRequest('object-aql', ({ index }) => {
    if (index === 1) site.deleteObject(site.object(1));
  });
  const query = 'objectTypeId = 1 order by Key asc';
  await client.aql(query, 'maxResults=5');
  const second = (await client.aql(query, 'startAt=5&maxResults=5')).json;
  expect(second.values.map(({ id }: Json) => id)).toEqual(['7', '8', '9', '10']);
});

test('counts what a query finds', async () => {
  const { client } = await start({ site: officesSite().site });
  const { json } = await client.post('/object/aql/totalcount', { qlQuery: 'objectSchema = ITSM' });
  expect(json).toEqual({ totalCount: 4 });
});

test('understands the documented comparisons', async () => {
  const { site, office, syd1 } = officesSite();
  const { client } = await start({ site });
  const both = ['SYD-1', 'SYD-2'];
  const cases: [query: string, labels: string[]][] = [
    ['objectType = office', both],
    [`objectType in ("City", "Office") AND Name startsWith syd`, [...both, 'Sydney']],
    [`objectSchemaId = 1 AND objectTypeId = ${office.id}`, both],
    [`objectId = ${syd1.id}`, ['SYD-1']],
    [`objectId in (${syd1.id}, 999)`, ['SYD-1']],
    [`objectType = Office AND objectId >= ${syd1.id + 1}`, ['SYD-2']],
    [`objectType = Office AND objectId >= 0 AND objectId <= ${syd1.id}`, ['SYD-1']],
    [`Key = "ITSM-${syd1.id}"`, ['SYD-1']],
    [`Key = "OTHER-${syd1.id}"`, []],
    ['Name = "SYD-2" OR Name = ann', ['Ann', 'SYD-2']],
    ['(Name = "SYD-2" OR Name = ann) AND objectType = Employee', ['Ann']],
    ['label like yd and label not like "-1"', ['SYD-2', 'Sydney']],
    ['Placeholder is EMPTY and objectType = Office', ['SYD-2']],
    ['Placeholder is not EMPTY', ['SYD-1']],
    ['City = Sydney', both],
    ['Office.City = "ITSM-1"', ['Ann']],
    ['objectType = Office AND Name != "SYD-1"', ['SYD-2']],
    ['objectType = Office AND Name not in ("SYD-1")', ['SYD-2']],
    ['objectType = Office AND Created > "2024-01-01 00:00" AND Updated < now("1d")', both],
    ['Updated > now()', []],
    ['objectType = Office order by Name desc', ['SYD-2', 'SYD-1']],
  ];
  for (const [query, labels] of cases) expect([query, await client.labels(query)]).toEqual([query, labels]);
});

test('compares numbers and dates by value, and puts empty values first', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'NUM' });
  const type = site.addType({ schema, name: 'Number' });
  site.addAttribute({ type, name: 'Size', kind: 'integer' });
  site.addAttribute({ type, name: 'Bought', kind: 'date' });
  site.addObject({ type, name: 'nine', values: { Size: 9, Bought: '2024-02-01' } });
  site.addObject({ type, name: 'ten', values: { Size: 10, Bought: '2023-11-01' } });
  site.addObject({ type, name: 'none' });
  const { client } = await start({ site });
  expect(await client.labels('Size >= 10')).toEqual(['ten']);
  expect(await client.labels('Bought < "2024-01-01"')).toEqual(['ten']);
  expect(await client.labels('objectTypeId = 1 order by Size asc')).toEqual(['none', 'nine', 'ten']);
  expect(await client.labels('objectTypeId = 1 order by Bought desc')).toEqual(['nine', 'ten', 'none']);
});

test('finds a type with its children', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'TREE' });
  const top = site.addType({ schema, name: 'Top' });
  const below = site.addType({ schema, name: 'Below', parent: top });
  site.addObject({ type: top, name: 'a' });
  site.addObject({ type: below, name: 'b' });
  const { client } = await start({ site });
  expect(await client.labels(`objectTypeId in objectTypeAndChildren(${top.id})`)).toEqual(['a', 'b']);
  expect(await client.labels('objectType in objectTypeAndChildren("Top")')).toEqual(['a', 'b']);
  expect(await client.labels('objectType = Top')).toEqual(['a']);
});

test('finds a new object late when search lags', async () => {
  const { site, city } = officesSite();
  let nowMs = Date.UTC(2026, 0, 1);
  const { client } = await start({ site, quirks: { searchLagMs: 60_000 }, clock: { now: () => nowMs } });
  site.createObject({ type: city, name: 'Perth' });
  expect(await client.labels('objectType = City')).toEqual(['Sydney']);
  nowMs += 60_000;
  expect(await client.labels('objectType = City')).toEqual(['Perth', 'Sydney']);
});

test('shows a changed object as it was, and finds a deleted or moved one where it was, when search lags', async () => {
  const { site, syd1, syd2, ann, office, city } = officesSite();
  let nowMs = Date.UTC(2026, 0, 1);
  const { client } = await start({ site, quirks: { searchLagMs: 60_000 }, clock: { now: () => nowMs } });
  const found = async () => [
    await client.labels('objectType = Office'),
    await client.labels('objectType = Employee'),
    await client.labels('Placeholder = new'),
    (await client.post('/object/aql/totalcount', { qlQuery: 'objectType = City' })).json.totalCount,
  ];
  const before = [['SYD-1', 'SYD-2'], ['Ann'], [], 1];
  expect(await found()).toEqual(before);
  site.updateObject(syd1, { Name: 'SYD-9', Placeholder: 'new' });
  nowMs += 30_000;
  site.deleteObject(ann);
  site.moveObject(syd2, city);
  expect(await found()).toEqual(before);
  expect((await client.get(`/object/${syd1.id}`)).json.label).toBe('SYD-9');
  expect((await client.get(`/object/${ann.id}`)).status).toBe(404);
  nowMs += 30_000;
  expect(await found()).toEqual([['SYD-2', 'SYD-9'], ['Ann'], ['SYD-9'], 1]);
  expect((await client.aql('Placeholder = new')).json.values[0].updated).toBe('2026-01-01T00:00:00.000Z');
  nowMs += 30_000;
  expect(await found()).toEqual([['SYD-9'], [], ['SYD-9'], 2]);
  expect(site.object(syd2.id).typeId).not.toBe(office.id);
});

test.each([
  {
    offsetsEnd: 'empty-page',
    pages: [
      [200, 2, 'true'],
      [200, 0, 'true'],
    ],
  },
  { offsetsEnd: 400, pages: [[200, 2, 'false'], [400]] },
  { offsetsEnd: 500, pages: [[200, 2, 'false'], [500]] },
] as const)('ends offsets before the count where told so: $offsetsEnd', async ({ offsetsEnd, pages }) => {
  const { client } = await start({ site: officesSite().site, quirks: { offsetsEndAt: 2, offsetsEnd } });
  const all = 'objectSchema = ITSM';
  for (const [index, startAt] of [0, 2].entries()) {
    const { status, json } = await client.aql(all, `startAt=${startAt}&maxResults=2`);
    expect(status === 200 ? [status, json.values.length, json.isLast] : [status]).toEqual(pages[index]);
  }
  expect((await client.post('/object/aql/totalcount', { qlQuery: all })).json).toEqual({ totalCount: 4 });
});

test('refuses or ignores ranges of ids where told so', async () => {
  const { site, syd1 } = officesSite();
  const range = `objectType = Office AND objectId >= ${syd1.id + 1}`;
  const refusing = await start({ site, quirks: { objectIdRanges: 'refused' } });
  expect((await refusing.client.aql(range)).status).toBe(400);
  const ignoring = await start({ site, quirks: { objectIdRanges: 'ignored' } });
  expect((await ignoring.client.aql(range)).json.values).toHaveLength(2);
});

test('refuses what it does not know with 400', async () => {
  const { client } = await start({ site: officesSite().site });
  const queries = [
    'objectId > 5',
    'Colour = red',
    'Name',
    'Name = ',
    'object having inboundReferences()',
    'Name = currentUser()',
    '',
    'Name = "x',
  ];
  for (const query of queries) {
    const { status, json } = await client.aql(query);
    expect([query, status]).toEqual([query, 400]);
    expect(json).toHaveProperty('errorMessages');
    expect(json).toHaveProperty('errors');
  }
});

test('leaves out attributes when they are not asked for, and definitions inside entries always', async () => {
  const { client } = await start({ site: officesSite().site });
  const bare = (await client.aql('objectType = Office', 'includeAttributes=false')).json;
  expect(bare.values[0]).not.toHaveProperty('attributes');
  const full = (await client.aql('objectType = Office')).json;
  expect(full.values[0].attributes[0]).not.toHaveProperty('objectTypeAttribute');
  expect(full.objectTypeAttributes.map(({ name }: Json) => name)).toContain('Placeholder');
});

test('gives another media token in every answer', async () => {
  const { client, syd1 } = { ...(await start({ site: officesSite().site })), syd1: 2 };
  const token = async () => (await client.get(`/object/${syd1}`)).json.avatar.mediaClientConfig.mediaJwtToken;
  expect(await token()).toMatch(/^jwt-/);
  expect(await token()).not.toBe(await token());
});
