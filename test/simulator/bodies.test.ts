import { expect, test } from 'vitest';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

async function offices(quirks: object = {}) {
  const parts = officesSite();
  const { client, simulator } = await start({ site: parts.site, quirks });
  const { schema, office, city, placeholder, syd1 } = parts;
  const attribute = `/objecttypeattribute/${office.id}`;
  /** A good body for each write, to which a test adds something. */
  const writes: ['post' | 'put', string, Record<string, unknown>][] = [
    ['post', '/objectschema/create', { name: 'New', objectSchemaKey: 'NEW' }],
    ['put', `/objectschema/${schema.id}`, { name: 'New' }],
    ['post', `/global/config/objectschema/${schema.id}/property`, { allowOtherObjectSchema: true }],
    ['post', '/objecttype/create', { name: 'New', objectSchemaId: `${schema.id}`, iconId: '1' }],
    ['put', `/objecttype/${city.id}`, { name: 'Town' }],
    ['post', `/objecttype/${city.id}/position`, { position: 0 }],
    ['post', attribute, { name: 'New', type: '0', defaultTypeId: '0' }],
    ['put', `${attribute}/${placeholder.id}`, { hidden: true }],
    ['put', `/objecttypeattribute/${placeholder.id}/configure`, { hidden: true }],
    ['post', `${attribute}/${placeholder.id}/position`, { position: 4 }],
    ['post', '/config/statustype', { name: 'New', category: 1 }],
    ['put', '/config/statustype/1', { name: 'New', category: '1' }],
    ['post', '/config/referencetype', { name: 'New' }],
    ['put', '/config/referencetype/1', { name: 'New' }],
    ['put', '/icon/1', { name: 'New' }],
    ['post', '/object/create', { objectTypeId: `${city.id}`, attributes: [entry('2', 'Rome')] }],
    ['put', `/object/${syd1.id}`, { objectTypeId: `${office.id}`, attributes: [] }],
    ['post', '/comment/create', { objectId: `${syd1.id}`, role: 0, comment: 'x' }],
  ];
  return { ...parts, client, simulator, writes };
}

const entry = (objectTypeAttributeId: unknown, value: unknown) => ({
  objectTypeAttributeId,
  objectAttributeValues: [{ value }],
});

test('takes documented bodies, and refuses a field that is not documented, by name', async () => {
  const { client, writes } = await offices();
  for (const [method, path, body] of writes) {
    const refused = await client[method](path, { ...body, surprise: 1 });
    expect([path, refused.status, refused.json.errors]).toEqual([path, 400, { surprise: expect.any(String) }]);
    expect([path, (await client[method](path, body)).status]).toEqual([path, expect.toSatisfy((code) => code < 300)]);
  }
});

test('takes no body that does not say that it is JSON', async () => {
  const { client, writes } = await offices({ bodies: 'lenient' });
  for (const [method, path, body] of writes) {
    const address = client.assetsBase + path;
    const { status } = await client.ask(method.toUpperCase(), address, body, { 'Content-Type': 'text/plain' });
    expect([path, status]).toEqual([path, 415]);
  }
});

test('takes more when it is lenient', async () => {
  const { client, writes } = await offices({ bodies: 'lenient' });
  for (const [method, path, body] of writes) {
    const { status } = await client[method](path, { ...body, surprise: 1 });
    expect([path, status]).toEqual([path, expect.toSatisfy((code) => code < 300)]);
  }
});

test('refuses values of another JSON type, inside an object too', async () => {
  const { client, office, city, schema } = await offices();
  const refused = async (path: string, body: object) => Object.keys((await client.post(path, body)).json?.errors ?? {});
  const attribute = `/objecttypeattribute/${office.id}`;
  expect(await refused(attribute, { name: 1, type: 0 })).toEqual(['name']);
  expect(await refused(attribute, { name: 'x', type: 'zero' })).toEqual(['type']);
  expect(await refused(attribute, { name: 'x', type: 0, hidden: 'true' })).toEqual(['hidden']);
  expect(await refused(attribute, { name: 'x', type: 7, typeValueMulti: '1' })).toEqual(['typeValueMulti']);
  expect(await refused(attribute, { name: 'x', type: 7, typeValueMulti: [1] })).toEqual(['typeValueMulti']);
  expect(await refused(attribute, { name: 'x', type: 0, description: null })).toEqual(['description']);
  expect(await refused('/config/statustype', { name: 'x', category: 1, objectSchemaId: [schema.id] })).toEqual([
    'objectSchemaId',
  ]);
  const create = (attributes: unknown) => refused('/object/create', { objectTypeId: `${city.id}`, attributes });
  expect(await create('none')).toEqual(['attributes']);
  expect(await create([entry('2', 1)])).toEqual(['attributes[0].objectAttributeValues[0].value']);
  expect(await create([{ ...entry('2', 'x'), name: 'Name' }])).toEqual(['attributes[0].name']);
  expect(await create([entry(2, 'x')])).toEqual([]);
});

test('sets three properties of a schema, or five where the site takes them', async () => {
  const { client, schema, simulator } = await offices();
  const post = (body: object) => client.post(`/global/config/objectschema/${schema.id}/property`, body);
  expect((await post({ createObjectsCustomField: true })).status).toBe(400);
  simulator.quirks.schemaProperties = 'five';
  expect((await post({ createObjectsCustomField: true, serviceDescCustomersEnabled: true })).status).toBe(200);
  expect(schema.properties).toMatchObject({ createObjectsCustomField: true, serviceDescCustomersEnabled: true });
});

test('wants the fields of an attribute to go with its kind, unless they say nothing', async () => {
  const { site, client, office, city, simulator } = await offices();
  site.addGroup('g');
  const wrong: [field: string, value: unknown, nothing: unknown, body: object][] = [
    ['suffix', ' GB', '', { type: 0, defaultTypeId: 0 }],
    ['summable', true, false, { type: 0, defaultTypeId: 4 }],
    ['regexValidation', '.*', '', { type: 0, defaultTypeId: 1 }],
    ['options', 'a,b', '', { type: 0, defaultTypeId: 0 }],
    ['includeChildObjectTypes', true, false, { type: 2 }],
    ['qlQuery', 'Name = x', '', { type: 0, defaultTypeId: 0 }],
    ['typeValueMulti', ['g'], [], { type: 4 }],
    ['additionalValue', 'ENABLED', '', { type: 0, defaultTypeId: 0 }],
    ['additionalValue', 'SHOW_PROFILE', '', { type: 0, defaultTypeId: 7 }],
  ];
  const path = `/objecttypeattribute/${office.id}`;
  for (const [index, [field, value, nothing, body]] of wrong.entries()) {
    const refused = await client.post(path, { name: `x${index}`, ...body, [field]: value });
    expect([field, Object.keys(refused.json.errors ?? {})]).toEqual([field, [field]]);
    const taken = await client.post(path, { name: `x${index}`, ...body, [field]: nothing });
    expect([field, taken.status]).toEqual([field, 201]);
    const changed = await client.put(`${path}/${taken.json.id}`, { [field]: value });
    expect([field, changed.status]).toEqual([field, 400]);
  }
  const right: object[] = [
    { type: 0, defaultTypeId: 1, suffix: ' GB', summable: true },
    { type: 0, defaultTypeId: 0, regexValidation: '.*', minimumCardinality: 1, maximumCardinality: 1 },
    { type: 0, defaultTypeId: 7, regexValidation: '.*', additionalValue: 'DISABLED' },
    { type: 0, defaultTypeId: 10, options: 'a,b' },
    { type: 1, typeValue: `${city.id}`, additionalValue: '1', includeChildObjectTypes: true, iql: 'Name = x' },
    { type: 2, typeValueMulti: ['g'], additionalValue: 'HIDE_PROFILE' },
    { type: 7, defaultTypeId: -1, typeValueMulti: ['1'] },
    { type: 3, additionalValue: '98304' },
  ];
  for (const [index, body] of right.entries())
    expect([body, (await client.post(path, { name: `y${index}`, ...body })).status]).toEqual([body, 201]);
  simulator.quirks.bodies = 'lenient';
  expect((await client.post(path, { name: 'z', type: 4, suffix: ' GB' })).status).toBe(201);
});

test('ignores display names where the site is older than they are', async () => {
  const { client, site } = await offices({ displayName: false });
  const { json } = await client.post('/objectschema/create', { name: 'A', objectSchemaKey: 'A', displayName: 'Shown' });
  expect(json).not.toHaveProperty('displayName');
  expect(site.schema(json.id).displayName).toBe('A');
});
