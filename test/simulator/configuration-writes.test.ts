import { expect, test } from 'vitest';
import { emptySite } from '../../simulator/seeds/empty.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Client, Json } from './client.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

const attributesOf = async (client: Client, typeId: string | number, query = ''): Promise<Json[]> =>
  (await client.get(`/objecttype/${typeId}/attributes${query}`)).json;
const names = (things: Json[]): string[] => things.map(({ name }) => name);

test('builds a schema with types and attributes from nothing, and takes it down again', async () => {
  const { client, simulator } = await start({ site: emptySite({ idsAbove: 500 }) });
  const schema = (await client.post('/objectschema/create', { name: 'Computers', objectSchemaKey: 'COMP' })).json;
  expect(schema.id).toBe('501');
  const iconId = (await client.get('/icon/global')).json[0].id;
  const type = (await client.post('/objecttype/create', { name: 'Laptop', objectSchemaId: schema.id, iconId })).json;
  expect(names(await attributesOf(client, type.id))).toEqual(['Key', 'Name', 'Created', 'Updated']);
  const body = { name: 'Size', type: '0', defaultTypeId: '1', suffix: ' cm', minimumCardinality: 1, hidden: true };
  const attribute = await client.post(`/objecttypeattribute/${type.id}`, body);
  expect(attribute).toMatchObject({
    status: 201,
    json: { name: 'Size', position: 4, suffix: ' cm', minimumCardinality: 1, hidden: true, defaultType: { id: 1 } },
  });
  expect((await client.delete(`/objecttypeattribute/${attribute.json.id}`)).text).toBe('');
  expect((await client.put(`/objectschema/${schema.id}`, { name: 'PCs' })).json).toMatchObject({
    name: 'PCs',
    objectSchemaKey: 'COMP',
  });
  expect((await client.delete(`/objectschema/${schema.id}`)).json.name).toBe('PCs');
  expect((await client.get(`/objecttype/${type.id}`)).status).toBe(404);
  expect(simulator.site.attributes.size).toBe(0);
});

test('says which field of a schema is wrong', async () => {
  const { client } = await start({ site: officesSite().site });
  const errors = async (body: unknown) => (await client.post('/objectschema/create', body)).json.errors;
  expect(await errors({ name: 'x' })).toHaveProperty('objectSchemaKey');
  expect(await errors({ objectSchemaKey: 'X' })).toHaveProperty('name');
  expect(await errors({ name: 'x', objectSchemaKey: 'ITSM' })).toHaveProperty('objectSchemaKey');
  expect(await errors({ name: 'x', objectSchemaKey: 'no key' })).toHaveProperty('objectSchemaKey');
  expect(await errors({ name: 'x', objectSchemaKey: 'X', displayName: 'd'.repeat(51) })).toHaveProperty('displayName');
});

test('refuses changes of a schema that Atlassian manages', async () => {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'SVC', canManage: false });
  const type = site.addType({ schema, name: 'Service' });
  const { client } = await start({ site });
  expect((await client.put(`/objectschema/${schema.id}`, { name: 'x' })).status).toBe(400);
  expect((await client.delete(`/objectschema/${schema.id}`)).status).toBe(400);
  expect((await client.post('/objecttype/create', { name: 'x', iconId: '1', objectSchemaId: '1' })).status).toBe(400);
  expect((await client.post(`/objecttypeattribute/${type.id}`, { name: 'x', type: 0, defaultTypeId: 0 })).status).toBe(
    400,
  );
});

test('wants type names unique below one parent, or in the schema', async () => {
  const { site, schema, city } = officesSite();
  const { client, simulator } = await start({ site });
  const create = (body: object) =>
    client.post('/objecttype/create', { iconId: '1', objectSchemaId: `${schema.id}`, ...body });
  expect((await create({ name: 'Office' })).json.errors).toEqual({ name: 'Name has to be unique' });
  expect((await create({ name: 'Office', parentObjectTypeId: city.id })).status).toBe(201);
  simulator.quirks.typeNamesUniqueIn = 'schema';
  expect((await create({ name: 'Employee', parentObjectTypeId: city.id })).status).toBe(400);
  expect((await create({ name: 'OFFICE' })).status).toBe(201);
  expect((await create({ name: 'x', iconId: undefined })).json.errors).toHaveProperty('iconId');
  expect((await create({ name: 'x', iconId: '999' })).json.errors).toHaveProperty('iconId');
  expect((await create({ name: 'A: b?' })).status).toBe(201);
  simulator.quirks.reservedNameCharacters = 'rejected';
  expect((await create({ name: 'C: d?' })).status).toBe(400);
});

test('hands attributes down from a type that is inherited', async () => {
  const { site, city, office } = officesSite();
  const { client } = await start({ site });
  site.addAttribute({ type: city, name: 'Population', kind: 'integer' });
  await client.post(`/objecttype/${office.id}/position`, { toObjectTypeId: `${city.id}`, position: 0 });
  expect(names(await attributesOf(client, office.id))).not.toContain('Population');
  await client.put(`/objecttype/${city.id}`, { inherited: true });
  const inherited = await attributesOf(client, office.id);
  expect(names(inherited)).toContain('Population');
  expect(inherited.find(({ name }: Json) => name === 'Population').objectType.name).toBe('City');
  expect(names(await attributesOf(client, office.id, '?excludeParentAttributes=true'))).not.toContain('Population');
  const { json } = await client.get(`/objecttype/${office.id}`);
  expect(json).toMatchObject({ parentObjectTypeId: `${city.id}`, parentObjectTypeInherited: true });
  const attribute = inherited.find(({ name }: Json) => name === 'Population');
  expect((await client.put(`/objecttypeattribute/${office.id}/${attribute.id}`, { hidden: true })).status).toBe(404);
});

test('orders types among their siblings, and never below themselves', async () => {
  const { site, schema, city, office, employee } = officesSite();
  const { client } = await start({ site });
  const order = () => site.childTypes(schema.id, undefined).map(({ name }) => name);
  await client.post(`/objecttype/${employee.id}/position`, { position: 0 });
  expect(order()).toEqual(['Employee', 'City', 'Office']);
  await client.post(`/objecttype/${office.id}/position`, { position: 0, toObjectTypeId: city.id });
  expect(order()).toEqual(['Employee', 'City']);
  const reply = await client.post(`/objecttype/${city.id}/position`, { position: 0, toObjectTypeId: office.id });
  expect(reply.json.errors).toHaveProperty('toObjectTypeId');
});

test('moves the label, keeps automatic attributes, and orders the others', async () => {
  const { site, office, placeholder, syd1, cityAttribute } = officesSite();
  const { client } = await start({ site });
  await client.put(`/objecttypeattribute/${placeholder.id}/configure`, { label: true });
  expect((await client.get(`/object/${syd1.id}`)).json.label).toBe('A placeholder value');
  const attributes = await attributesOf(client, office.id);
  expect(names(attributes.filter(({ label }) => label))).toEqual(['Placeholder']);
  expect((await client.delete(`/objecttypeattribute/${placeholder.id}`)).status).toBe(400);
  const [key, name] = attributes;
  expect((await client.delete(`/objecttypeattribute/${name.id}`)).status).toBe(400);
  expect((await client.put(`/objecttypeattribute/${office.id}/${key.id}`, { hidden: true })).status).toBe(400);
  expect(
    (await client.put(`/objecttypeattribute/${office.id}/${name.id}`, { uniqueAttribute: true })).json.uniqueAttribute,
  ).toBe(true);
  await client.post(`/objecttypeattribute/${office.id}/${placeholder.id}/position`, { position: 4 });
  expect(names(await attributesOf(client, office.id)).slice(4)).toEqual(['Placeholder', cityAttribute.name]);
});

test('says which field of an attribute is wrong', async () => {
  const { site, office, city, placeholder } = officesSite();
  const { client } = await start({ site });
  const errors = async (body: object) => (await client.post(`/objecttypeattribute/${office.id}`, body)).json.errors;
  expect(await errors({ name: 'x' })).toHaveProperty('type');
  expect(await errors({ name: 'x', type: 0 })).toHaveProperty('defaultTypeId');
  expect(await errors({ name: 'x', type: 9 })).toHaveProperty('type');
  expect(await errors({ name: 'created', type: 0, defaultTypeId: 0 })).toEqual({ name: 'Name has to be unique' });
  expect(await errors({ name: 'x', type: 1 })).toHaveProperty('typeValue');
  expect(await errors({ name: 'x', type: 1, typeValue: `${city.id}` })).toHaveProperty('additionalValue');
  expect(await errors({ name: 'x', type: 1, typeValue: '99', additionalValue: '1' })).toHaveProperty('typeValue');
  expect(await errors({ name: 'x', type: 7, typeValueMulti: ['99'] })).toHaveProperty('typeValueMulti');
  expect(await errors({ name: 'x', type: 0, defaultTypeId: 0, regexValidation: '(' })).toHaveProperty(
    'regexValidation',
  );
  const reply = await client.put(`/objecttypeattribute/${office.id}/${placeholder.id}`, { type: 2 });
  expect(reply.json.errors).toHaveProperty('type');
  const reference = { name: 'Near', type: 1, typeValue: `${city.id}`, additionalValue: '2', maximumCardinality: -1 };
  const { json } = await client.post(`/objecttypeattribute/${office.id}`, reference);
  expect(json).toMatchObject({
    referenceObjectTypeId: `${city.id}`,
    referenceType: { id: '2' },
    maximumCardinality: -1,
  });
});

test('has the type that a reference leads to changed only while there are no objects', async () => {
  const { site, office, city, employee, cityAttribute } = officesSite();
  const { client } = await start({ site });
  const path = `/objecttypeattribute/${office.id}/${cityAttribute.id}`;
  const changed = await client.put(path, { typeValue: `${employee.id}` });
  expect([changed.status, Object.keys(changed.json.errors)]).toEqual([400, ['typeValue']]);
  expect((await client.put(path, { typeValue: `${city.id}` })).status).toBe(200);
  for (const id of [...site.objects.idsOfType(office.id)]) site.deleteObject(site.object(id));
  expect((await client.put(path, { typeValue: `${employee.id}` })).status).toBe(200);
});

test('keeps global statuses and reference types apart from those of a schema', async () => {
  const { site, schema } = officesSite();
  const { client } = await start({ site });
  const status = await client.post('/config/statustype', { name: 'Lost', category: 0, objectSchemaId: `${schema.id}` });
  expect(status.status).toBe(201);
  expect(names((await client.get('/config/statustype')).json)).not.toContain('Lost');
  expect(names((await client.get(`/config/statustype?objectSchemaId=${schema.id}`)).json)).toEqual(['Lost']);
  await client.put(`/config/statustype/${status.json.id}`, { name: 'Found', category: 1 });
  expect((await client.get(`/config/statustype/${status.json.id}`)).json).toMatchObject({ name: 'Found', category: 1 });
  await client.delete(`/config/statustype/${status.json.id}`);
  expect((await client.get(`/config/statustype/${status.json.id}`)).status).toBe(404);
  expect((await client.post('/config/statustype', { name: 'x', category: 3 })).status).toBe(400);
  expect(names((await client.get(`/config/referencetype?objectSchemaId=${schema.id}`)).json)).toEqual(['Work At']);
  expect((await client.get('/config/referencetype?includeAll=true')).json).toHaveLength(5);
  expect((await client.delete('/config/referencetype/1')).status).toBe(400);
  const made = (await client.post('/config/referencetype', { name: 'Owns', color: 'abcdef' })).json;
  expect((await client.put(`/config/referencetype/${made.id}`, { name: 'Has' })).json).toMatchObject({
    name: 'Has',
    color: 'abcdef',
  });
  expect((await client.delete(`/config/referencetype/${made.id}`)).status).toBe(200);
});

test('sets schema properties without an answer', async () => {
  const { site, schema } = officesSite();
  const { client } = await start({ site });
  const path = `/global/config/objectschema/${schema.id}/property`;
  expect(await client.post(path, { allowOtherObjectSchema: false, quickCreateObjects: true })).toMatchObject({
    status: 200,
    text: '',
  });
  expect((await client.get(path)).json).toMatchObject({
    allowOtherObjectSchema: false,
    quickCreateObjects: true,
    validateQuickCreate: true,
  });
});

test('takes an icon by token, media upload and create, and gives its bytes back', async () => {
  const { client, simulator } = await start({ site: emptySite() });
  const { mediaJwtToken } = (await client.get('/icon/token-for-uploading-icon')).json;
  const bytes = Buffer.from(
    await (
      await fetch(`${simulator.url}${client.assetsBase}/icon/1/icon.png`, {
        headers: { Authorization: client.authorization() },
      })
    ).arrayBuffer(),
  );
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const upload = `${simulator.url}/file/binary?collection=insight_x_icons&name=Rocket.png&deletable=true`;
  expect((await fetch(upload, { method: 'POST', body: bytes })).status).toBe(401);
  const headers = { Authorization: `Bearer ${mediaJwtToken}` };
  const { data } = (await (await fetch(upload, { method: 'POST', body: bytes, headers })).json()) as Json;
  const icon = (await client.post('/icon/create', { name: 'Rocket', mediaFileUuid: data.id })).json;
  expect(simulator.site.iconImages.get(Number(icon.id))).toEqual(bytes);
  expect((await client.post('/icon/create', { name: 'x', mediaFileUuid: 'none' })).status).toBe(400);
  await client.put(`/icon/${icon.id}`, { name: 'Ship' });
  expect((await client.get(`/icon/${icon.id}`)).json.name).toBe('Ship');
  await client.delete(`/icon/${icon.id}`);
  expect((await client.get(`/icon/${icon.id}`)).status).toBe(404);
});

test('draws another icon for each id, and refuses a client that wants no image', async () => {
  const { client } = await start({ site: officesSite().site });
  const [first, second, ofType] = await Promise.all(
    ['/icon/1/icon.png?size=16', '/icon/2/icon.png?size=16', '/objecttype/1/icon.png?size=16'].map((path) =>
      client.get(path),
    ),
  );
  expect(first?.text).not.toBe(second?.text);
  expect(ofType?.text).toBe(first?.text);
  const json = await client.ask('GET', `${client.assetsBase}/icon/1/icon.png`, undefined, {
    Accept: 'application/json',
  });
  expect(json.status).toBe(406);
});
