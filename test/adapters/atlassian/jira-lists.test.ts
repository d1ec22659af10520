import { describe, expect, it } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import type { Id } from '../../../core/model/ids.ts';
import type { Workspace } from '../../../core/model/run.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { json, page, type Responder, startHttpSite, status } from './http-site.ts';
import { ample, errorOf, loginSettings, RecordingReporter, testSite } from './test-site.ts';

const users = (...ids: string[]) => json(ids.map((accountId) => ({ accountId, active: false })));
const groups = (isLast: unknown, ...names: string[]) =>
  json({ isLast, values: names.map((name) => ({ name, groupId: `id of ${name}` })) });

const list = (outcome: { offered: boolean; value?: ReadonlyMap<string, unknown> }) => [
  ...(outcome.value?.keys() ?? []),
];

describe('The users of a site', () => {
  it('are read to the empty page, with pages as small as the site makes them', async () => {
    const { http, reader } = await testSite([users('a', 'b'), users('c'), users()]);

    expect(list(await reader.accounts())).toEqual(['a', 'b', 'c']);

    expect(http.requests.map(({ url }) => url)).toEqual([
      '/rest/api/3/users/search?startAt=0&maxResults=1000',
      '/rest/api/3/users/search?startAt=2&maxResults=1000',
      '/rest/api/3/users/search?startAt=3&maxResults=1000',
    ]);
    expect(reader.requests()).toMatchObject({ configuration: 3 });
  });

  it('may come twice where somebody was added in between', async () => {
    const { reader } = await testSite([users('a', 'b'), users('b'), users('c'), users()]);

    expect(list(await reader.accounts())).toEqual(['a', 'b', 'c']);
  });

  it('come with the names that they show, and nothing else', async () => {
    const { reader } = await testSite([
      json([
        { accountId: 'a', displayName: 'Ada', emailAddress: 'ada@example.com' },
        { accountId: 'b', displayName: 'Bob', emailAddress: '' },
        { accountId: 'c', displayName: null, emailAddress: 7 },
      ]),
      users(),
    ]);

    const answer = await reader.accounts();

    expect(answer.offered && [...answer.value]).toEqual([
      ['a', ['ada@example.com', 'Ada']],
      ['b', ['Bob']],
      ['c', []],
    ]);
  });

  it('that never end are an error', async () => {
    const { reader } = await testSite([users('a', 'b')]);

    expect((await errorOf(reader.accounts())).name).toBe('UnexpectedAnswerError');
  });

  it('that are none at all are a missing right', async () => {
    const { reader } = await testSite([users()]);

    expect(await reader.accounts()).toEqual({ offered: false, reason: expect.stringContaining('Browse users') });
  });
});

describe('The groups of a site', () => {
  it('are read to the page that is the last', async () => {
    const { http, reader } = await testSite([groups(false, 'a', 'b'), groups(undefined, 'c'), groups(true, 'd')]);

    const answer = await reader.groups();
    expect(list(answer)).toEqual(['a', 'b', 'c', 'd']);
    expect(answer.offered && answer.value.get('c')).toBe('id of c');

    expect(http.requests.map(({ url }) => url)).toEqual([
      '/rest/api/3/group/bulk?startAt=0&maxResults=50',
      '/rest/api/3/group/bulk?startAt=2&maxResults=50',
      '/rest/api/3/group/bulk?startAt=3&maxResults=50',
    ]);
  });

  it('are read to an empty page where none is called the last', async () => {
    const { reader } = await testSite([groups(undefined, 'a'), groups(undefined)]);

    expect(list(await reader.groups())).toEqual(['a']);
  });
});

describe('Users and groups', () => {
  it.each<[string, Responder, RegExp]>([
    ['401 for a missing scope', json({ message: 'Unauthorized; scope does not match' }, 401), /scope read:jira-user/],
    ['403', status(403), /Browse users and groups/],
    ['404', page(404), /404/],
  ])('are not offered where the site answers %s', async (_case, answer, reason) => {
    for (const answers of [[answer], [users('a'), answer]]) {
      const { reader } = await testSite(answers);

      expect(await reader.accounts()).toEqual({ offered: false, reason: expect.stringMatching(reason) });
    }
    const { reader } = await testSite([answer]);
    expect(await reader.groups()).toEqual({ offered: false, reason: expect.stringMatching(reason) });
  });

  it('that cannot be read are an error', async () => {
    for (const [answer, name] of [
      [status(401), 'LoginRefusedError'],
      [status(500), 'SiteUnavailableError'],
      [json({ values: [{ name: '' }] }), 'UnexpectedAnswerError'],
      [json({ users: [] }), 'UnexpectedAnswerError'],
    ] as const) {
      const { reader } = await testSite([answer]);

      expect((await errorOf(reader.accounts())).name).toBe(name);
      expect((await errorOf(reader.groups())).name).toBe(name);
    }
  });

  it('are read through the gateway with a scoped or bearer login', async () => {
    const api = await startHttpSite(users('a'), users(), groups(true, 'b'));
    const settings = loginSettings({ siteName: 'https://site.example', apiUrl: api.url });
    const options = { settings, clock: new VirtualClock({ runs: true }), reporter: new RecordingReporter() };
    const workspace: Workspace = {
      workspaceId: 'ws-1',
      siteName: 'https://site.example',
      apiUrl: api.url,
      login: 'scoped',
      cloudId: 'cloud-1',
    };

    const reader = createAssetsSite(options).reader(workspace, ample);
    await reader.accounts();
    await reader.groups();

    expect(api.requests.map(({ url }) => url.split('?')[0])).toEqual([
      '/ex/jira/cloud-1/rest/api/3/users/search',
      '/ex/jira/cloud-1/rest/api/3/users/search',
      '/ex/jira/cloud-1/rest/api/3/group/bulk',
    ]);
  });
});

describe('A search for one object', () => {
  const search = (values: unknown) => testSite([json({ values })]);
  const object = '88' as Id<'object'>;

  it('finds it', async () => {
    const { http, reader } = await search([{ id: '88' }]);

    expect(await reader.isFoundBySearch(object)).toBe(true);

    expect(http.requests[0]).toMatchObject({
      method: 'POST',
      url: '/jsm/assets/workspace/ws-1/v1/object/aql?startAt=0&maxResults=1&includeAttributes=false',
      body: '{"qlQuery":"objectId = 88"}',
    });
    expect(reader.requests()).toMatchObject({ 'object-aql': 1 });
  });

  it('does not find it, or finds another', async () => {
    for (const values of [[], [{ id: '89' }]]) {
      expect(await (await search(values)).reader.isFoundBySearch(object)).toBe(false);
    }
  });
});
