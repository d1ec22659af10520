import { expect, test } from 'vitest';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

test('may offer no upload of icons, no order of attributes, no configure', async () => {
  const { site, office, placeholder } = officesSite();
  const { client, simulator } = await start({
    site,
    quirks: { iconUpload: 'not-offered', attributePosition: 'not-offered', attributeConfigure: 'not-offered' },
  });
  const statuses = async () =>
    Promise.all([
      client.get('/icon/token-for-uploading-icon').then(({ status }) => status),
      client.post('/icon/create', { name: 'x', mediaFileUuid: 'y' }).then(({ status }) => status),
      client
        .post(`/objecttypeattribute/${office.id}/${placeholder.id}/position`, { position: 4 })
        .then(({ status }) => status),
      client.put(`/objecttypeattribute/${placeholder.id}/configure`, { hidden: true }).then(({ status }) => status),
    ]);
  expect(await statuses()).toEqual([404, 404, 404, 404]);
  Object.assign(simulator.quirks, {
    iconUpload: 'offered',
    attributePosition: 'offered',
    attributeConfigure: 'offered',
  });
  expect(await statuses()).toEqual([200, 400, 200, 200]);
});

test('takes references and groups by key, name or id as told', async () => {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'ONE' }), name: 'Thing' });
  const reference = site.addAttribute({ type, name: 'Points', target: type });
  const team = site.addAttribute({ type, name: 'Team', kind: 'group' });
  const { groupId } = site.addGroup('admins');
  site.addObject({ type, name: 'first' });
  const { client, simulator } = await start({ site });
  const write = async (attributeId: number, value: string) => {
    const attributes = [
      { objectTypeAttributeId: '2', objectAttributeValues: [{ value: 'x' }] },
      { objectTypeAttributeId: `${attributeId}`, objectAttributeValues: [{ value }] },
    ];
    return (await client.post('/object/create', { objectTypeId: `${type.id}`, attributes })).status;
  };
  const outcome = async () => [
    await write(reference.id, 'ONE-1'),
    await write(reference.id, '1'),
    await write(team.id, 'admins'),
    await write(team.id, groupId),
  ];
  expect(await outcome()).toEqual([201, 201, 201, 201]);
  Object.assign(simulator.quirks, { referenceValues: 'key', groupValues: 'name' });
  expect(await outcome()).toEqual([201, 400, 201, 400]);
  Object.assign(simulator.quirks, { referenceValues: 'id', groupValues: 'groupId' });
  expect(await outcome()).toEqual([400, 201, 400, 201]);
});

test('leaves out references and groups in another form, when the site does so', async () => {
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'ONE' }), name: 'Thing' });
  const reference = site.addAttribute({ type, name: 'Points', target: type });
  const team = site.addAttribute({ type, name: 'Team', kind: 'group' });
  const { groupId } = site.addGroup('admins');
  const object = site.addObject({ type, name: 'first', values: { Points: [], Team: 'admins' } });
  const { client, simulator } = await start({ site, quirks: { otherValues: 'ignored' } });
  const written = async (point: string, group: string) => {
    const attributes = [
      { objectTypeAttributeId: `${reference.id}`, objectAttributeValues: [{ value: point }] },
      { objectTypeAttributeId: `${team.id}`, objectAttributeValues: [{ value: group }] },
    ];
    const { status } = await client.put(`/object/${object.id}`, { objectTypeId: `${type.id}`, attributes });
    return [status, ...[reference, team].map(({ id }) => object.values.get(id) ?? [])];
  };
  Object.assign(simulator.quirks, { referenceValues: 'id', groupValues: 'groupId' });
  expect(await written('1', groupId)).toEqual([200, ['1'], ['admins']]);
  expect(await written('ONE-1', 'admins')).toEqual([200, [], []]);
  Object.assign(simulator.quirks, { referenceValues: 'key', groupValues: 'name' });
  expect(await written('ONE-1', 'admins')).toEqual([200, ['1'], ['admins']]);
  expect(await written('1', groupId)).toEqual([200, [], []]);
  // What nobody has is refused in any form.
  expect((await written('ONE-99', 'nobody'))[0]).toBe(400);
});

test('caps pages of users and groups, or does not show them', async () => {
  const site = new SimulatedSite();
  for (let number = 0; number < 6; number += 1) {
    site.addUser();
    site.addGroup(`g${number}`);
  }
  const { client, simulator } = await start({ site, quirks: { userPageSize: 4 } });
  const users = (query: string) => client.ask('GET', `/rest/api/3/users/search?${query}`);
  const groups = (query: string) => client.ask('GET', `/rest/api/3/group/bulk?${query}`);
  expect((await users('maxResults=1000')).json).toHaveLength(4);
  expect((await users('maxResults=1000&startAt=4')).json).toHaveLength(3);
  expect((await groups('maxResults=1000')).json).toMatchObject({ maxResults: 4, isLast: false, total: 6 });
  expect((await groups('maxResults=1000&startAt=4')).json).toMatchObject({ isLast: true });
  simulator.quirks.usersSearch = 'forbidden';
  expect([(await users('')).status, (await groups('')).status]).toEqual([403, 200]);
  simulator.quirks.groupBulk = 'forbidden';
  expect((await groups('')).status).toBe(403);
});

test('lets a login that may only read do nothing else, and counts what it tried', async () => {
  const { site, syd1, office, placeholder, schema } = officesSite();
  const { client, simulator } = await start({ site, login: { mayWrite: false } });
  const before = fingerprint(site);
  expect((await client.aql('objectType = Office')).status).toBe(200);
  expect((await client.post('/object/aql/totalcount', { qlQuery: 'objectType = Office' })).json.totalCount).toBe(2);
  expect((await client.get(`/object/${syd1.id}`)).status).toBe(200);
  const body = { objectTypeId: `${office.id}`, attributes: [] };
  expect((await client.put(`/object/${syd1.id}`, body)).status).toBe(403);
  expect((await client.post('/comment/create', { objectId: `${syd1.id}`, role: 0, comment: 'x' })).status).toBe(403);
  expect((await client.delete(`/objectschema/${schema.id}`)).status).toBe(403);
  expect(fingerprint(site)).toBe(before);
  simulator.login.mayWrite = true;
  const path = `/objecttypeattribute/${office.id}/${placeholder.id}`;
  expect((await client.put(path, { hidden: true })).status).toBe(200);
  expect(fingerprint(site)).not.toBe(before);
  expect(simulator.requests.writesByEndpoint()).toEqual({
    'object-update': 1,
    'comment-create': 1,
    'objectschema-delete': 1,
    'attribute-update': 1,
  });
  expect(simulator.requests.writesByEndpoint({ onlySuccessful: true })).toEqual({ 'attribute-update': 1 });
  expect(simulator.requests.writes.at(-1)).toMatchObject({
    endpoint: 'attribute-update',
    method: 'PUT',
    path: client.assetsBase + path,
    status: 200,
  });
  simulator.requests.reset();
  expect(simulator.requests.writes).toEqual([]);
});

test('has the same fingerprint for the same content at another time, and another for any change', () => {
  const make = () => configurationSite();
  const plain = fingerprint(make());
  expect(fingerprint(make())).toBe(plain);
  const later = make();
  for (const object of later.objects.all()) object.updatedMs += 1000;
  expect(fingerprint(later)).toBe(plain);
  const changes: ((site: SimulatedSite) => unknown)[] = [
    (site) => site.addComment({ object: site.object(3), text: 'x' }),
    (site) => site.addHistory({ object: site.object(3) }),
    (site) => site.addUser(),
    (site) => site.addIcon('x'),
    (site) => site.iconImages.set(13, Buffer.from('x')),
    (site) => site.object(3).values.set(2, ['x']),
    (site) => site.deleteObject(site.object(1)),
    (site) => Object.assign(site.attribute(5), { hidden: true }),
    (site) => Object.assign(site.schema(1).properties, { quickCreateObjects: false }),
    (site) => site.statusTypes.delete(1),
  ];
  for (const change of changes) {
    const site = make();
    change(site);
    expect([String(change), fingerprint(site)]).not.toEqual([String(change), plain]);
  }
});

test('makes an empty site of the same people, with no id of the other, or with the same ids', () => {
  const source = configurationSite();
  const target = emptySiteLike(source);
  expect([...target.users]).toEqual([...source.users]);
  expect([...target.groups]).toEqual([...source.groups]);
  expect([...target.projects]).toEqual([...source.projects]);
  expect([target.schemas.size, target.objects.size]).toEqual([0, 0]);
  expect([target.workspaceId, target.cloudId]).not.toEqual([source.workspaceId, source.cloudId]);
  for (const map of ['statusTypes', 'referenceTypes', 'icons'] as const)
    expect([...target[map].keys()].some((id) => source[map].has(id))).toBe(false);
  expect([...emptySiteLike(source, { idsAbove: 0 }).statusTypes.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('tells who changed and commented an object, and what hangs on it', async () => {
  const { site, syd1, ann } = officesSite();
  const { client } = await start({ site });
  const jane = site.addUser({ displayName: 'Jane' });
  site.updateObject(syd1, { Placeholder: 'another' }, jane);
  site.addComment({ object: syd1, text: 'mine', actor: jane });
  ann.hasAttachments = true;
  const [newest] = (await client.get(`/object/${syd1.id}/history?asc=false`)).json;
  expect(newest).toMatchObject({ affectedAttribute: 'Placeholder', actor: { key: jane.accountId } });
  expect((await client.get(`/comment/object/${syd1.id}`)).json.at(-1).actor.key).toBe(jane.accountId);
  expect((await client.get(`/object/${ann.id}`)).json.extendedInfo).toMatchObject({ attachmentsExists: true });
  expect((await client.get(`/object/${syd1.id}`)).json.extendedInfo).toMatchObject({ attachmentsExists: false });
});

test('has no word of attachments where it has no extended information', async () => {
  const { site, syd1 } = officesSite();
  const { client } = await start({ site, quirks: { extendedInfo: 'absent' } });
  expect((await client.get(`/object/${syd1.id}`)).json).not.toHaveProperty('extendedInfo');
});

test('has it in the entries of a search where lists have it too, and not in what these refer to', async () => {
  const { site, ann } = officesSite();
  ann.hasAttachments = true;
  for (const [extendedInfo, says] of [
    ['present', undefined],
    ['in-lists', true],
  ] as const) {
    const { client } = await start({ site, quirks: { extendedInfo } });
    const { values } = (await client.post('/object/aql', { qlQuery: `objectId = ${ann.id}` })).json;
    expect(values[0].extendedInfo?.attachmentsExists).toBe(says);
    expect((await client.get(`/object/${ann.id}`)).json.extendedInfo).toMatchObject({ attachmentsExists: true });
  }
});

test('lets a login that may not delete write all else', async () => {
  const { site, syd1, office } = officesSite();
  const { client } = await start({ site, login: { mayDelete: false } });
  expect((await client.put(`/object/${syd1.id}`, { objectTypeId: `${office.id}`, attributes: [] })).status).toBe(200);
  expect((await client.delete(`/object/${syd1.id}`)).status).toBe(403);
  expect(site.objects.get(syd1.id)).toBe(syd1);
});

test('may not have the deletes that are undocumented', async () => {
  const { site, syd1 } = officesSite();
  const link = site.addReferenceType({ name: 'x' });
  const icon = site.addIcon('x', Buffer.from('x'));
  const { client } = await start({ site, quirks: { undocumentedDeletes: 'not-offered' } });
  for (const path of [`/config/referencetype/${link.id}`, `/icon/${icon.id}`]) {
    expect(await client.delete(path)).toMatchObject({ status: 404, json: { title: 'Not Found' } });
  }
  expect([site.referenceTypes.has(link.id), site.icons.has(icon.id)]).toEqual([true, true]);
  expect((await client.delete(`/object/${syd1.id}`)).status).toBe(200);
});

test('deletes what is in use with all that is in it, or refuses to', async () => {
  const { site, schema, office, city, employee } = officesSite();
  const status = site.addStatusType({ name: 'x', schema });
  site.addAttribute({ type: office, name: 'State', kind: 'status', statuses: [status] });
  const icon = site.addIcon('x', Buffer.from('x'));
  office.iconId = icon.id;
  const { client } = await start({ site, quirks: { deletesInUse: 'refused' } });
  const workAt = [...site.referenceTypes.values()].at(-1)?.id;
  const used = [
    `/objecttype/${office.id}`,
    `/objectschema/${schema.id}`,
    `/config/statustype/${status.id}`,
    `/config/referencetype/${workAt}`,
    `/icon/${icon.id}`,
  ];
  for (const path of used) expect([path, (await client.delete(path)).status]).toEqual([path, 400]);
  for (const { id } of [...site.objects.all()]) await client.delete(`/object/${id}`);
  // Offices point at cities, and employees at offices.
  expect((await client.delete(`/objecttype/${city.id}`)).status).toBe(400);
  for (const type of [employee, office, city]) expect((await client.delete(`/objecttype/${type.id}`)).status).toBe(200);
  for (const path of used.slice(1).reverse()) expect([path, (await client.delete(path)).status]).toEqual([path, 200]);

  const another = officesSite();
  const { client: other } = await start({ site: another.site });
  expect((await other.delete(`/objecttype/${another.office.id}`)).status).toBe(200);
  expect(another.site.objects.size).toBe(2);
});

test('tells of a deleted object in the histories of those that referred to it, where it does so at all', async () => {
  for (const deletedReferences of ['silent', 'in-history'] as const) {
    const { site, sydney, syd1 } = officesSite();
    const { client } = await start({ site, quirks: { deletedReferences } });
    const jane = site.addUser();
    site.deleteObject(sydney, jane);
    const [newest] = (await client.get(`/object/${syd1.id}/history?asc=false`)).json;
    if (deletedReferences === 'silent') expect(newest.affectedAttribute).toBe('Placeholder');
    else expect(newest).toMatchObject({ affectedAttribute: 'City', type: 6, actor: { key: jane.accountId } });
    expect((await client.get(`/object/${syd1.id}`)).json.attributes).not.toContainEqual(
      expect.objectContaining({ objectTypeAttribute: expect.objectContaining({ name: 'City' }) }),
    );
  }
});
