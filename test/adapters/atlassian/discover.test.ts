import { describe, expect, it } from 'vitest';
import {
  LoginRefusedError,
  NoAssetsError,
  SiteUnavailableError,
  WrongAddressError,
  WrongInputError,
} from '../../../core/errors.ts';
import type { ObjectTypeId } from '../../../core/model/ids.ts';
import { closes, json, page, type ReceivedRequest, type Responder, startHttpSite, status } from './http-site.ts';
import { sample } from './sample.ts';
import { ample, basicHeader, errorOf, testSite, token, workspaceAt } from './test-site.ts';

const workspaceId = 'f1668d0c-828c-470c-b7d1-8c4f48cd345a';
const found = json(sample('workspace-discovery'));
const tenant = json({ cloudId: 'cloud-1' });
const atSite = '/rest/servicedeskapi/assets/workspace';
const atGateway = `/ex/jira/cloud-1${atSite}`;
const tenantInfo = '/_edge/tenant_info';

const schemaList = json(sample('objectschema-list'));
const isSchemaList = (url: string) => url.includes('/objectschema/list');

/** Answers by path; 500 for others, but for the list of schemas, by which the address of the API is tried. */
function routes(table: Readonly<Record<string, Responder>>): Responder {
  return (response, request) => {
    const path = request.url.split('?')[0] ?? '';
    const responder = table[path] ?? (isSchemaList(path) ? schemaList : status(500));
    responder(response, request);
  };
}

/** What was asked to find the workspace. */
const asked = (requests: readonly ReceivedRequest[]) =>
  requests
    .filter(({ url }) => !isSchemaList(url))
    .map(({ url, headers }) => [url, headers.authorization?.split(' ')[0] ?? 'none']);

const withoutUser = { username: undefined };

describe('Discovery', () => {
  it('finds that a classic token works at the site', async () => {
    const { site, http } = await testSite([routes({ [atSite]: found })]);

    expect(await site.discover()).toEqual({ workspaceId, siteName: http.url, apiUrl: http.url, login: 'basic' });
    expect(asked(http.requests)).toEqual([[atSite, 'Basic']]);
    expect(http.requests[0]?.headers.authorization).toBe(basicHeader);
  });

  it('finds that a token is a scoped one, telling its login to nobody who needs none', async () => {
    const { site, http } = await testSite([
      routes({ [atSite]: status(401), [tenantInfo]: tenant, [atGateway]: found }),
    ]);

    const workspace = await site.discover();

    expect(workspace).toEqual({
      workspaceId,
      siteName: http.url,
      apiUrl: http.url,
      login: 'scoped',
      cloudId: 'cloud-1',
    });
    expect(asked(http.requests)).toEqual([
      [atSite, 'Basic'],
      [tenantInfo, 'none'],
      [atGateway, 'Basic'],
    ]);
  });

  it('takes a token without a user name for a bearer token', async () => {
    const { site, http } = await testSite([routes({ [tenantInfo]: tenant, [atGateway]: found })], {
      settings: withoutUser,
    });

    expect(await site.discover()).toMatchObject({ login: 'bearer', cloudId: 'cloud-1' });
    expect(asked(http.requests)).toEqual([
      [tenantInfo, 'none'],
      [atGateway, 'Bearer'],
    ]);
    expect(http.requests[1]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it.each([
    ['basic', [[atSite, 'Basic']]],
    [
      'scoped',
      [
        [tenantInfo, 'none'],
        [atGateway, 'Basic'],
      ],
    ],
    [
      'bearer',
      [
        [tenantInfo, 'none'],
        [atGateway, 'Bearer'],
      ],
    ],
  ])('tries only %s where the settings say so', async (auth, expected) => {
    const { site, http } = await testSite(
      [routes({ [atSite]: status(401), [tenantInfo]: tenant, [atGateway]: status(401) })],
      { settings: { auth } },
    );

    expect(await errorOf(site.discover())).toBeInstanceOf(LoginRefusedError);
    expect(asked(http.requests)).toEqual(expected);
  });

  it('says in one sentence that the login was refused both ways, and where to make a new token', async () => {
    const { site } = await testSite([
      routes({ [atSite]: status(401), [tenantInfo]: tenant, [atGateway]: status(401) }),
    ]);

    const error = await errorOf(site.discover());

    expect(error).toBeInstanceOf(LoginRefusedError);
    expect(error.message).toMatch(/refused \(401\).*https:\/\/id\.atlassian\.com/);
  });

  it('says that the login was refused where the site has no gateway to try', async () => {
    const { site } = await testSite([routes({ [atSite]: status(401), [tenantInfo]: page(404) })]);

    expect(await errorOf(site.discover())).toBeInstanceOf(LoginRefusedError);
  });

  it.each([
    ['an empty list', json({ size: 0, isLastPage: true, values: [] })],
    ['an empty list without an end', json({ values: [] })],
    ['404 with JSON', status(404)],
    ['403 with JSON', status(403)],
  ])('takes %s for a site without Assets', async (_case, answer) => {
    const { site, http } = await testSite([routes({ [atSite]: answer })]);

    const error = await errorOf(site.discover());

    expect(error).toBeInstanceOf(NoAssetsError);
    // Which plans have Assets has changed before (reference, corrections of 28 Nov 2026).
    expect(error.message).not.toMatch(/premium|enterprise/i);
    expect(error.message).toContain(http.url);
    expect(http.requests).toHaveLength(1);
  });

  it('takes the first workspace, be it on a later page', async () => {
    const { site, http } = await testSite([
      json({ isLastPage: false, values: [] }),
      json({ isLastPage: true, values: [{ workspaceId: 'first' }, { workspaceId: 'second' }] }),
    ]);

    expect(await site.discover()).toMatchObject({ workspaceId: 'first' });
    expect(http.requests[1]?.url).toBe(`${atSite}?start=50`);
  });

  it('does not page for ever', async () => {
    const { site } = await testSite([json({ isLastPage: false, values: [] })]);

    expect(await errorOf(site.discover())).toBeInstanceOf(NoAssetsError);
  });

  it.each([
    ['a web page', page()],
    ['404 with a web page', page(404)],
    ['403 with a web page', page(403)],
    ['JSON of another kind', json({ hello: 'world' })],
    ['a workspace id that is no part of an address', json({ values: [{ workspaceId: '../..' }] })],
    ['a redirect to a place without https', status(302, { location: 'http://example.com/login' })],
  ])('takes %s for a wrong address', async (_case, answer) => {
    const { site, http } = await testSite([routes({ [atSite]: answer })]);

    const error = await errorOf(site.discover());

    expect(error).toBeInstanceOf(WrongAddressError);
    expect(error.message).toContain(http.url);
    expect(error.message).not.toContain('secret');
  });

  it.each([
    ['404', page(404)],
    ['a web page', page()],
    ['another kind of JSON', json([])],
  ])('takes %s instead of the id of the cloud for a wrong address', async (_case, answer) => {
    const { site } = await testSite([routes({ [tenantInfo]: answer })], { settings: { auth: 'scoped' } });

    expect(await errorOf(site.discover())).toBeInstanceOf(WrongAddressError);
  });

  it.each([
    ['a name that does not exist', 'https://no-such-site.invalid', /ENOTFOUND|EAI_AGAIN/],
    ['a port that is closed', 'http://127.0.0.1:9', /bad port|ECONNREFUSED/],
    ['a port that nothing listens on', 'http://127.0.0.1:1', /ECONNREFUSED/],
    ['such a port at a name with several addresses', 'http://localhost:1', /: connect ECONNREFUSED/],
  ])('takes %s for a wrong address, after few retries', async (_case, siteName, reason) => {
    const { site, clock } = await testSite([page()], { settings: { siteName } });
    const began = clock.now();

    const error = await errorOf(site.discover());

    expect(error).toBeInstanceOf(WrongAddressError);
    expect(error.message).toContain(siteName);
    expect(error.message).toMatch(reason);
    expect(clock.now() - began).toBeLessThan(10_000);
  });

  it('takes a server that speaks no TLS for a wrong address', async () => {
    const http = await startHttpSite(page());
    const { site } = await testSite([page()], { settings: { siteName: http.url.replace('http:', 'https:') } });

    expect(await errorOf(site.discover())).toBeInstanceOf(WrongAddressError);
  });

  it.each([
    ['503', status(503)],
    ['connections that are closed', closes],
  ])('takes %s for a site that is not available', async (_case, answer) => {
    const { site } = await testSite([answer]);

    expect(await errorOf(site.discover())).toBeInstanceOf(SiteUnavailableError);
  });

  it('gets over a fault that passes', async () => {
    const { site } = await testSite([closes, status(503), page(), found]);

    expect(await site.discover()).toMatchObject({ workspaceId });
  });

  it('leads readers to where the login works', async () => {
    const { http, site } = await testSite([json([])]);
    const typeId = '1' as ObjectTypeId;

    await site.reader(workspaceAt(http.url), ample).attributes(typeId);
    await site.reader({ ...workspaceAt(http.url), login: 'scoped', cloudId: 'cloud-1' }, ample).attributes(typeId);
    await site.reader({ ...workspaceAt(http.url), login: 'bearer', cloudId: 'cloud-1' }, ample).attributes(typeId);

    const path = '/jsm/assets/workspace/ws-1/v1/objecttype/1/attributes';
    expect(asked(http.requests)).toEqual([
      [path, 'Basic'],
      [`/ex/jira/cloud-1${path}`, 'Basic'],
      [`/ex/jira/cloud-1${path}`, 'Bearer'],
    ]);
  });

  it('is not carried over to settings that name another site', async () => {
    const { http, site } = await testSite([json([])]);

    expect(() => site.reader({ ...workspaceAt(http.url), siteName: 'https://other.example.com' }, ample)).toThrow(
      WrongInputError,
    );
    expect(() => site.reader({ ...workspaceAt(http.url), apiUrl: 'https://evil.example.com' }, ample)).toThrow(
      WrongInputError,
    );
    expect(() => site.reader({ ...workspaceAt(http.url), login: 'scoped' }, ample)).toThrow(WrongInputError);
  });
});
