import { expect, test } from 'vitest';
import { emptySite, siteWithoutAssets } from '../../simulator/seeds/empty.ts';
import { officesSite } from './offices-site.ts';
import { start } from './start.ts';

const discovery = '/rest/servicedeskapi/assets/workspace';

test('answers under the three bases of the API', async () => {
  const { site } = officesSite();
  const { client } = await start({ site });
  const path = `/jsm/assets/workspace/${site.workspaceId}/v1/objectschema/list`;
  for (const prefix of ['', `/ex/jira/${site.cloudId}`, '/gateway/api']) {
    expect((await client.ask('GET', prefix + path)).json.values[0].objectSchemaKey).toBe('ITSM');
  }
});

test('tells the workspace on the site and below the cloud id', async () => {
  const { site } = officesSite();
  const { client } = await start({ site });
  for (const prefix of ['', `/ex/jira/${site.cloudId}`]) {
    const { json } = await client.ask('GET', prefix + discovery);
    expect(json.values).toEqual([{ workspaceId: site.workspaceId }]);
  }
});

test('has no workspace without Assets: an empty list, or 404', async () => {
  const { client, simulator } = await start({ site: siteWithoutAssets() });
  expect((await client.ask('GET', discovery)).json).toMatchObject({ size: 0, values: [] });
  expect((await client.get('/objectschema/list')).status).toBe(404);
  simulator.quirks.discoveryWithoutAssets = 'not-found';
  expect((await client.ask('GET', discovery)).status).toBe(404);
});

test('refuses another workspace and another cloud id', async () => {
  const { client, simulator } = await start({ site: emptySite() });
  expect((await client.ask('GET', '/jsm/assets/workspace/other/v1/objectschema/list')).status).toBe(404);
  expect((await client.ask('GET', `/ex/jira/other${client.assetsBase}/objectschema/list`)).status).toBe(404);
  expect(simulator.requests.byStatus[404]).toBe(2);
});

test('answers an unknown route and a trailing slash with problem+json', async () => {
  const { client } = await start({ site: emptySite() });
  const reply = await client.post('/object/create/', {});
  expect(reply.status).toBe(404);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(reply.json).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'No static resource api/v1/object/create.',
    instance: '/api/v1/object/create/',
  });
});

test('tells the cloud id to anybody, and nothing else without a login', async () => {
  const { client, simulator } = await start({ site: emptySite() });
  const anonymous = await fetch(`${simulator.url}/_edge/tenant_info`);
  expect(await anonymous.json()).toEqual({ cloudId: simulator.site.cloudId });
  expect((await fetch(simulator.url + discovery)).status).toBe(401);
  const wrong = { Authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
  expect((await client.ask('GET', `${client.assetsBase}/usage`, undefined, wrong)).status).toBe(401);
});

test('lets a scoped token in through /ex/jira only', async () => {
  const { client, simulator } = await start({ site: emptySite(), login: { kind: 'scoped' } });
  const exJira = `/ex/jira/${simulator.site.cloudId}`;
  const refused = await client.get('/objectschema/list');
  expect(refused.status).toBe(401);
  expect(refused.json).toEqual({ code: 401, message: 'Unauthorized; scope does not match' });
  expect((await client.ask('GET', discovery)).status).toBe(401);
  expect((await client.ask('GET', exJira + discovery)).status).toBe(200);
  expect((await client.ask('GET', `${exJira}${client.assetsBase}/objectschema/list`)).status).toBe(200);
});

test('refuses a scoped token what it has no scope for', async () => {
  const { site, syd1 } = officesSite();
  const login = { kind: 'scoped', scopes: ['read:cmdb-schema:jira', 'read:cmdb-object:jira'] } as const;
  const { client, simulator } = await start({ site, login, quirks: { internalEndpointsForScopedTokens: 'refused' } });
  const base = `/ex/jira/${site.cloudId}${client.assetsBase}`;
  expect((await client.ask('GET', `${base}/objectschema/list`)).status).toBe(200);
  expect((await client.ask('GET', `${base}/config/statustype`)).status).toBe(401);
  expect((await client.ask('DELETE', `${base}/object/${syd1.id}`)).status).toBe(401);
  expect((await client.ask('GET', `${base}/comment/object/${syd1.id}`)).status).toBe(401);
  simulator.quirks.internalEndpointsForScopedTokens = 'answered';
  expect((await client.ask('GET', `${base}/comment/object/${syd1.id}`)).status).toBe(200);
});

test('lets a service account in as Bearer only', async () => {
  const { client, simulator } = await start({ site: emptySite(), login: { kind: 'bearer' } });
  const path = `/ex/jira/${simulator.site.cloudId}${client.assetsBase}/objectschema/list`;
  expect((await client.ask('GET', path)).status).toBe(401);
  const bearer = { Authorization: `Bearer ${simulator.credentials.apiToken}` };
  expect((await client.ask('GET', path, undefined, bearer)).status).toBe(200);
});

test('can take a login back in the middle', async () => {
  const { client, simulator } = await start({ site: emptySite(), login: { revokeAfter: 2 } });
  const statuses = [];
  for (let index = 0; index < 3; index += 1) statuses.push((await client.get('/usage')).status);
  expect(statuses).toEqual([200, 200, 401]);
  simulator.login.restore();
  expect((await client.get('/usage')).status).toBe(200);
  simulator.revokeLogin();
  expect((await client.get('/usage')).status).toBe(401);
});
