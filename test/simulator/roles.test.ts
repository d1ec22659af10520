import { expect, test } from 'vitest';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

/** What a login finds out about the three objects of two types: by search, by count, by id, by list. */
async function seenOffices() {
  const offices = officesSite();
  const { schema, office, syd1, syd2 } = offices;
  const { client, simulator } = await start({ site: offices.site });
  const seen = async () => {
    const flat: { name: string; objectCount: number }[] = (
      await client.get(`/objectschema/${schema.id}/objecttypes/flat?includeObjectCounts=true`)
    ).json;
    const usage = (await client.get('/usage')).json;
    return {
      found: await client.labels('objectType = Office'),
      totalcount: (await client.post('/object/aql/totalcount', { qlQuery: 'objectType = Office' })).json.totalCount,
      byId: [
        (await client.get(`/object/${syd1.id}`)).status,
        (await client.get(`/object/${syd2.id}/attributes`)).status,
        (await client.get(`/object/${syd1.id}/history`)).status,
        (await client.get(`/comment/object/${syd1.id}`)).status,
      ],
      type: (await client.get(`/objecttype/${office.id}`)).status,
      attributes: (await client.get(`/objecttype/${office.id}/attributes`)).status,
      flat: flat.find(({ name }) => name === 'Office')?.objectCount,
      schema: (await client.get(`/objectschema/${schema.id}`)).json.objectCount,
      usage: usage.perSchemaUsageInfo[0].objectCount,
    };
  };
  return { ...offices, client, simulator, seen };
}

const whole = {
  found: ['SYD-1', 'SYD-2'],
  totalcount: 2,
  byId: [200, 200, 200, 200],
  type: 200,
  attributes: 200,
  flat: 2,
  schema: 4,
  usage: 4,
};

test('hides some objects of a type from search, totalcount and by id, while other counts count them', async () => {
  const { site, syd1, client, office, seen } = await seenOffices();
  expect(await seen()).toEqual(whole);
  site.roles.hideObject(syd1);
  expect(await seen()).toEqual({ ...whole, found: ['SYD-2'], totalcount: 1, byId: [404, 200, 404, 404] });
  const body = { objectTypeId: `${office.id}`, attributes: [] };
  expect((await client.put(`/object/${syd1.id}`, body)).status).toBe(404);
  expect((await client.delete(`/object/${syd1.id}`)).status).toBe(404);
  expect((await client.post('/comment/create', { objectId: `${syd1.id}`, role: 0, comment: 'x' })).status).toBe(400);
  site.roles.showAll();
  expect(await seen()).toEqual(whole);
});

test('hides all objects of a type, later ones too, and counts them where it is told', async () => {
  const { site, office, simulator, seen } = await seenOffices();
  site.roles.hideObjectsOf(office);
  site.createObject({ type: office, name: 'SYD-3' });
  const none = { ...whole, found: [], byId: [404, 404, 404, 404] };
  expect(await seen()).toEqual({ ...none, totalcount: 0, flat: 3, schema: 5, usage: 5 });
  simulator.quirks.hiddenCountedBy = [];
  expect(await seen()).toEqual({ ...none, totalcount: 0, flat: 0, schema: 2, usage: 2 });
  simulator.quirks.hiddenCountedBy = ['totalcount', 'usage'];
  expect(await seen()).toEqual({ ...none, totalcount: 3, flat: 0, schema: 2, usage: 5 });
});

test('hides a whole type: it is in no list, and is answered 404 by id', async () => {
  const { site, schema, office, client, seen } = await seenOffices();
  site.roles.hideType(office);
  const hidden = { found: [], totalcount: 0, byId: [404, 404, 404, 404], type: 404, attributes: 404, flat: undefined };
  expect(await seen()).toEqual({ ...whole, ...hidden });
  expect((await client.get(`/objectschema/${schema.id}/objecttypes`)).text).not.toContain('Where people work');
  expect((await client.get(`/objectschema/${schema.id}/attributes`)).text).not.toContain('Placeholder');
  const body = { objectTypeId: `${office.id}`, attributes: [] };
  expect((await client.post('/object/create', body)).json.errors).toHaveProperty('objectTypeId');
});
