import { describe, expect, it } from 'vitest';
import { IssuePacing } from '../../../adapters/atlassian/issue-pacing.ts';
import { RequestRefusedError } from '../../../core/errors.ts';
import type { LinkedObject } from '../../../core/ports/issues-reader.ts';
import { linkedObjects } from '../../../core/reading/linked-objects.ts';
import type { Quirks } from '../../../simulator/start-simulator.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { json, page, type Responder, startHttpSite, status } from './http-site.ts';
import { issuesAt, issuesSite, siteWithIssues } from './issues-site.ts';
import { errorOf } from './test-site.ts';

const objects = (...ids: number[]): LinkedObject[] => ids.map((id) => ({ objectId: String(id) }));

async function oneIssue(options: { quirks?: Partial<Quirks>; login?: object } = {}) {
  const parts = siteWithIssues();
  const { site, offices } = parts;
  const issue = site.addIssue({ key: 'ITSM-12', fields: { [offices.id]: parts.objects.slice(0, 2) } });
  const made = await issuesSite({ site, ...options });
  const fieldId = `customfield_${offices.id}`;
  const set = (list: readonly LinkedObject[], notifies = false) =>
    made.writer.setObjects(String(issue.id), fieldId, list, { notifies });
  const held = async () =>
    (await made.reader.issues([String(issue.id)], [fieldId])).found.get(String(issue.id))?.fields[fieldId];
  return { ...parts, ...made, issue, fieldId, set, held };
}

describe('A field of an issue', () => {
  it.each([{}, { login: { kind: 'scoped' } }, { login: { kind: 'bearer' } }])(
    'is given other objects, in order, and nobody gets mail: %o',
    async (options) => {
      const { set, held, issue, site } = await oneIssue(options);

      await set(objects(4, 1));

      expect(issue.changes).toMatchObject([{ before: ['1', '2'], after: ['4', '1'], notified: false }]);
      expect(await held()).toEqual(
        ['4', '1'].map((id) => ({ workspaceId: site.workspaceId, id: `${site.workspaceId}:${id}`, objectId: id })),
      );
    },
  );

  it('is cleared by an empty list, and watchers get mail where it is said', async () => {
    const { set, issue } = await oneIssue();
    await set([], true);
    expect(issue.changes).toMatchObject([{ after: [], notified: true }]);
  });

  it('may be given back what any site gave, in its order', async () => {
    for (const quirks of [
      { issueValueFields: 'objectId' },
      { issueValueFields: 'id' },
      { issueValueFields: 'all', emptyIssueValues: 'list' },
      { issueValueFields: 'id', singleIssueValues: 'bare' },
    ] as const satisfies Partial<Quirks>[]) {
      for (const ids of [[2, 1], [3], []]) {
        const { set, held, issue, offices } = await oneIssue({ quirks });
        await set(objects(...ids));
        const back = linkedObjects(await held());
        expect(back?.map(({ objectId }) => objectId)).toEqual(ids.map(String));
        await set(objects(5));
        await set(back ?? []);
        expect(issue.values.get(offices.id) ?? []).toEqual(ids.map(String));
      }
    }
  });

  it("is written in the form of Atlassian's article", async () => {
    const http = await startHttpSite((response) => response.writeHead(204).end());
    const { writer } = issuesAt(http.url);
    const list: LinkedObject[] = [
      { objectId: '88' },
      { id: 'ws-2:7', objectId: '7' },
      { workspaceId: 'ws-3', id: 'ws-3:9', objectId: '9' },
    ];

    await writer.setObjects('10968', 'customfield_10100', list, { notifies: false });
    await writer.setObjects('10968', 'customfield_10100', [], { notifies: true });

    const set = [
      ['ws-1', '88'],
      ['ws-2', '7'],
      ['ws-3', '9'],
    ].map(([workspaceId, objectId]) => ({ workspaceId, id: `${workspaceId}:${objectId}`, objectId }));
    expect(http.requests.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['PUT', '/rest/api/3/issue/10968?notifyUsers=false', { update: { customfield_10100: [{ set }] } }],
      ['PUT', '/rest/api/3/issue/10968', { update: { customfield_10100: [{ set: [] }] } }],
    ]);
    expect(writer.requests()).toMatchObject({ 'issue-update': 2 });
  });

  it('is not what was sent where the site hides what is wrong with it: only a look tells', async () => {
    const { set, held, site } = await oneIssue();
    await set(objects(99));
    expect(linkedObjects(await held())?.map(({ objectId }) => objectId)).toEqual(['1', '2']);
    expect(site.objects.get(99)).toBeUndefined();
  });

  it('that the site refuses is an error with its words', async () => {
    const { set, site, issue, offices, fieldId } = await oneIssue();
    site.restrictIssue(issue, { offScreen: [offices.id] });
    const error = await errorOf(set(objects(3)));
    expect(error.message).toContain(fieldId);
    expect(error instanceof RequestRefusedError && error.saying([])).toMatch(/cannot be set/);
  });

  it.each<[string, (parts: Awaited<ReturnType<typeof oneIssue>>) => void, string]>([
    ['is gone', ({ site, issue }) => site.deleteIssue(issue), 'NotFoundError'],
    ['may only be read', ({ site, issue }) => site.restrictIssue(issue, { access: 'read' }), 'PermissionRefusedError'],
    ['is archived', ({ site, issue }) => site.archiveIssue(issue), 'RequestRefusedError'],
  ])('of an issue that %s is an error', async (_, happen, name) => {
    const parts = await oneIssue();
    happen(parts);
    expect((await errorOf(parts.set(objects(3)))).name).toBe(name);
    expect(parts.issue.changes).toEqual([]);
  });

  it('without the right to keep it from watchers is an error where the site says so', async () => {
    const { set } = await oneIssue({ quirks: { keepingFromWatchers: 'refused' } });
    expect((await errorOf(set(objects(3)))).name).toBe('PermissionRefusedError');
    await set(objects(3), true);
  });

  it('without a scope is a right that is missing, and no login that has ended', async () => {
    const { set, reader, issue, fieldId } = await oneIssue({
      login: { kind: 'scoped', scopes: ['read:cmdb-object:jira'] },
    });
    for (const [ask, scope] of [
      [() => set(objects(3)), 'write:jira-work'],
      [() => reader.issues([String(issue.id)], [fieldId]), 'read:jira-work'],
    ] as const) {
      const error = await errorOf(ask());
      expect([error.name, error.message]).toEqual(['PermissionRefusedError', expect.stringContaining(scope)]);
    }
  });
});

describe('A write to an issue', () => {
  const done: Responder = (response) => response.writeHead(204).end();
  const limited = (reason: string): Responder => status(429, { 'retry-after': '5', 'ratelimit-reason': reason });

  it.each<[string, Responder]>([
    ['jira-quota-global-based', limited('jira-quota-global-based')],
    ['jira-quota-tenant-based', limited('jira-quota-tenant-based')],
    ['jira-burst-based', limited('jira-burst-based')],
    ['jira-per-issue-on-write', limited('jira-per-issue-on-write')],
    ['503 for a while', status(503, { 'retry-after': '2' })],
    ['500 once', status(500)],
    ['a web page', page(200)],
    ['a connection that is closed', (response) => response.destroy()],
  ])('is sent again after %s', async (_, answer) => {
    const http = await startHttpSite(answer, done);
    await issuesAt(http.url).writer.setObjects('7', 'customfield_1', objects(1), { notifies: false });
    expect(http.requests).toHaveLength(2);
    expect(http.requests[1]).toEqual({ ...http.requests[0], headers: expect.anything() });
  });

  it('is no success where web pages come to the last try, nor where the login has ended', async () => {
    for (const [answer, name] of [
      [page(200), 'UnexpectedAnswerError'],
      [status(401), 'LoginRefusedError'],
      [json({}, 429), 'RateLimitedError'],
    ] as const) {
      const http = await startHttpSite(answer);
      const writing = issuesAt(http.url).writer.setObjects('7', 'customfield_1', objects(1), { notifies: false });
      expect((await errorOf(writing)).name).toBe(name);
    }
  });

  it('stays within the limit of its issue, whatever the budget is', async () => {
    const { set, simulator, issue, clock } = await oneIssue();
    const before = clock.now();
    for (let index = 0; index < 150; index += 1) await set(objects((index % 5) + 1));
    expect(issue.changes).toHaveLength(150);
    expect(simulator.requests.byStatus).toEqual({ 204: 150 });
    expect(clock.now() - before).toBeGreaterThan(30_000);
  });

  it('to one issue does not wait for those to others', async () => {
    const clock = new VirtualClock({ runs: true });
    const pacing = new IssuePacing(clock);
    const before = clock.now();
    for (let index = 0; index < 1000; index += 1) await pacing.turn(String(index));
    expect(clock.now()).toBe(before);
  });

  it('that waits for its issue ends where the run is interrupted', async () => {
    const pacing = new IssuePacing(new VirtualClock(), AbortSignal.abort(new Error('stop')));
    for (let index = 0; index < 14; index += 1) await pacing.turn('7');
    expect((await errorOf(pacing.turn('7'))).name).toBe('InterruptedError');
  });
});
