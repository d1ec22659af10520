import { describe, expect, it } from 'vitest';
import { compareIssues } from '../../simulator/compare/compare-issues.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import { issueSite, keysIn, search, started } from './issue-site.ts';

describe('An issue', () => {
  it('shows the objects of a field with the three parts of the article, by id, by key, and in bulk', async () => {
    const parts = issueSite();
    const { client, reference } = await started(parts);
    const shown = { [parts.name]: [reference(parts.syd1.id), reference(parts.syd2.id)] };
    for (const name of ['ITSM-12', 'itsm-12', String(parts.issue.id)]) {
      const { json } = await client.ask('GET', `/rest/api/3/issue/${name}?fields=${parts.name}`);
      expect(json).toMatchObject({ id: String(parts.issue.id), key: 'ITSM-12', fields: shown });
    }
    const bulk = await client.ask('POST', '/rest/api/3/issue/bulkfetch', {
      issueIdsOrKeys: ['ITSM-12', '999'],
      fields: [parts.name],
    });
    expect(bulk.json).toMatchObject({ issues: [{ key: 'ITSM-12', fields: shown }], issueErrors: [] });
    const tooMany = Array.from({ length: 101 }, (_, index) => String(index));
    expect((await client.ask('POST', '/rest/api/3/issue/bulkfetch', { issueIdsOrKeys: tooMany })).status).toBe(400);
    expect((await client.ask('GET', '/rest/api/3/issue/ITSM-99')).status).toBe(404);
  });

  it('is written in either form of the article, whole, and remembers who did it and who got mail', async () => {
    const parts = issueSite();
    const { client, simulator, set, held, reference } = await started(parts);
    expect((await set([3, 1], '?notifyUsers=false')).status).toBe(204);
    expect(await held()).toEqual([reference(3), reference(1)]);
    const plain = { fields: { [parts.name]: [{ id: reference(2).id }] } };
    expect((await client.ask('PUT', '/rest/api/3/issue/ITSM-12', plain)).status).toBe(204);
    expect((await set([])).status).toBe(204);
    expect(await held()).toBeNull();
    expect(parts.issue.changes).toMatchObject([
      { before: ['1', '2'], after: ['3', '1'], actor: parts.site.owner.accountId, notified: false },
      { before: ['3', '1'], after: ['2'], notified: true },
      { before: ['2'], after: [], notified: true },
    ]);
    expect(simulator.requests.writesByEndpoint()).toEqual({ 'issue-update': 3 });
  });

  it.each<[string, (name: string) => object]>([
    ['a field in both parts', (name) => ({ fields: { [name]: [] }, update: { [name]: [{ set: [] }] } })],
    ['a field that nobody knows', () => ({ fields: { customfield_1: [] } })],
    ['an operation that is not documented', (name) => ({ update: { [name]: [{ add: [] }] } })],
    ['the form of Data Center', (name) => ({ fields: { [name]: [{ key: 'FAC-1' }] } })],
    ['an object of another workspace', (name) => ({ fields: { [name]: [{ id: 'other:1' }] } })],
    ['no list', (name) => ({ fields: { [name]: { id: 'other:1' } } })],
    ['a part that is not documented', () => ({ values: {} })],
  ])('refuses %s', async (_, body) => {
    const parts = issueSite();
    const { client, simulator } = await started(parts);
    const before = fingerprint(simulator.site);
    expect((await client.ask('PUT', '/rest/api/3/issue/ITSM-12', body(parts.name))).status).toBe(400);
    expect(fingerprint(simulator.site)).toBe(before);
  });

  it('is found by an old key once it was moved, and nowhere once it is deleted', async () => {
    const parts = issueSite();
    const { client } = await started(parts);
    parts.site.moveIssue(parts.issue, 'OPS-3');
    const { json, status } = await client.ask('GET', '/rest/api/3/issue/ITSM-12');
    expect([status, json.key]).toEqual([200, 'OPS-3']);
    parts.site.deleteIssue(parts.issue);
    expect((await client.ask('GET', '/rest/api/3/issue/OPS-3')).status).toBe(404);
  });

  it('refuses a write where it is archived, only to be read, hidden, or has the field on no screen', async () => {
    for (const [restrict, status] of [
      [({ site, issue }) => site.archiveIssue(issue), 400],
      [({ site, issue }) => site.restrictIssue(issue, { access: 'read' }), 403],
      [({ site, issue }) => site.restrictIssue(issue, { access: 'none' }), 404],
      [({ site, issue, field }) => site.restrictIssue(issue, { offScreen: [field.id] }), 400],
    ] as readonly (readonly [(parts: ReturnType<typeof issueSite>) => void, number])[]) {
      const parts = issueSite();
      const { set, client } = await started(parts);
      restrict(parts);
      const refused = await set([3]);
      expect(refused.status).toBe(status);
      expect(parts.issue.changes).toEqual([]);
      const isSeen = parts.issue.access !== 'none';
      expect((await client.ask('GET', '/rest/api/3/issue/ITSM-12')).status).toBe(isSeen ? 200 : 404);
      const isFound = isSeen && !parts.issue.isArchived;
      expect(keysIn(await search(client, '"Office" is not EMPTY', { fields: ['key'] }))).toEqual(
        isFound ? ['ITSM-12'] : [],
      );
    }
  });

  it('says that a field cannot be set as Jira says it', async () => {
    const parts = issueSite();
    const { set } = await started(parts);
    parts.site.restrictIssue(parts.issue, { offScreen: [parts.field.id] });
    expect((await set([3])).json.errors).toEqual({
      [parts.name]: `Field '${parts.name}' cannot be set. It is not on the appropriate screen, or unknown.`,
    });
  });

  it('hides an invalid value behind a 204, or refuses it', async () => {
    for (const invalidIssueValues of ['hidden', 'refused'] as const) {
      const parts = issueSite();
      const other = parts.site.addObject({
        type: parts.site.addType({ schema: parts.site.addSchema({ key: 'OTHER' }), name: 'T' }),
        name: 'x',
      });
      const { set, held, reference } = await started(parts, { quirks: { invalidIssueValues } });
      const context = parts.field.contexts[0];
      if (context) context.configuration.objectFilterQuery = 'Name != SYD-3';
      for (const ids of [[999], [other.id], [3], [2, 3]]) {
        expect([ids, (await set(ids)).status]).toEqual([ids, invalidIssueValues === 'hidden' ? 204 : 400]);
        expect(await held()).toEqual([reference(1), reference(2)]);
      }
      expect((await set([2])).status).toBe(204);
      expect(await held()).toEqual([reference(2)]);
    }
  });

  it('leaves out an invalid value alone, or takes so many at once, by further quirks', async () => {
    const parts = issueSite();
    const { set, held, reference } = await started(parts, {
      quirks: { invalidIssueValues: 'left-out', issueObjectsAtOnce: 2 },
    });
    expect((await set([3, 999])).status).toBe(204);
    expect(await held()).toEqual([reference(3)]);
    expect((await set([1, 2, 3])).status).toBe(400);
    expect(await held()).toEqual([reference(3)]);
  });

  it.each([
    ['allowed', 204, ['3'], false],
    ['ignored', 204, ['3'], true],
    ['nothing-stored', 204, ['1', '2'], undefined],
    ['refused', 403, ['1', '2'], undefined],
  ] as const)('keeps a write from its watchers: %s', async (keepingFromWatchers, status, values, notified) => {
    const parts = issueSite();
    const { set } = await started(parts, { quirks: { keepingFromWatchers } });
    expect((await set([3], '?notifyUsers=false')).status).toBe(status);
    expect(parts.issue.values.get(parts.field.id)).toEqual(values);
    expect(parts.issue.changes.map((change) => change.notified)).toEqual(notified === undefined ? [] : [notified]);
    expect((await set([2])).status).toBe(204);
    expect(parts.issue.changes.at(-1)).toMatchObject({ after: ['2'], notified: true });
  });
});

describe('What an issue holds', () => {
  it('is what its objects say of it: one truth', async () => {
    const parts = issueSite();
    const { client, set } = await started(parts);
    const tickets = async (id: number) => (await client.get(`/objectconnectedtickets/${id}/tickets`)).json.tickets;
    const open = async (id: number) => (await client.get(`/object/${id}`)).json.extendedInfo.openIssuesExists;
    expect(await tickets(1)).toMatchObject([{ key: 'ITSM-12', id: String(parts.issue.id) }]);
    expect([await open(1), await open(3)]).toEqual([true, false]);
    await set([3]);
    expect([await open(1), await open(3), await tickets(1)]).toEqual([false, true, []]);
    parts.site.archiveIssue(parts.issue);
    expect(await tickets(3)).toEqual([]);
  });

  it('loses a deleted object, or keeps it', async () => {
    for (const issueFieldsOfDeleted of ['dropped', 'kept'] as const) {
      const parts = issueSite();
      const { client, held, reference } = await started(parts, { quirks: { issueFieldsOfDeleted } });
      parts.site.deleteObject(parts.syd1);
      const left = issueFieldsOfDeleted === 'kept' ? [reference(1), reference(2)] : [reference(2)];
      expect(await held()).toEqual(left);
      parts.site.deleteObject(parts.syd2);
      const found = keysIn(await search(client, '"Office" is not EMPTY', { fields: ['key'] }));
      expect(found).toEqual(issueFieldsOfDeleted === 'kept' ? ['ITSM-12'] : []);
    }
  });

  it.each([
    [
      {},
      [
        { workspaceId: 'ws', id: 'ws:3', objectId: '3' },
        { workspaceId: 'ws', id: 'ws:1', objectId: '1' },
      ],
    ],
    [{ issueValueFields: 'objectId' }, [{ objectId: '3' }, { objectId: '1' }]],
    [{ issueValueFields: 'id', issueValueOrder: 'by-id' }, [{ id: 'ws:1' }, { id: 'ws:3' }]],
  ] as const)('reads in the form of the quirk %o', async (quirks, expected) => {
    const parts = issueSite();
    const { set, held } = await started(parts, { quirks });
    await set([3, 1]);
    expect(JSON.parse(JSON.stringify(await held()).replaceAll(parts.site.workspaceId, 'ws'))).toEqual(expected);
  });

  it('reads as a list or bare where it is one, as null or a list where it is none', async () => {
    const parts = issueSite();
    const { set, held, reference } = await started(parts, {
      quirks: { singleIssueValues: 'bare', emptyIssueValues: 'list' },
    });
    await set([3]);
    expect(await held()).toEqual(reference(3));
    await set([]);
    expect(await held()).toEqual([]);
  });

  it('is in dumps, fingerprints and comparisons', () => {
    const parts = issueSite();
    const { site, issue, field, syd1, syd3 } = parts;
    const again = siteOfDump(dumpSite(site));
    expect(dumpSite(again)).toBe(dumpSite(site));
    expect(fingerprint(again)).toBe(fingerprint(site));
    expect(compareIssues(again, site, new Map())).toEqual([]);
    site.editIssue(issue, { [field.id]: [syd3] });
    expect(fingerprint(again)).not.toBe(fingerprint(site));
    expect(compareIssues(again, site, new Map())).toEqual(['issue ITSM-12: customfield_10100 is [3], not [1,2]']);
    site.deleteObject(syd1);
    const made = site.createObject({ type: parts.office, name: 'SYD-1' });
    site.editIssue(issue, { [field.id]: [made, parts.syd2] });
    expect(compareIssues(again, site, new Map([[syd1.id, made.id]]))).toEqual([]);
    site.deleteIssue(issue);
    expect(compareIssues(again, site, new Map())).toEqual(['issue ITSM-12 is missing']);
  });

  it('comes out of older dumps, which knew only the issues of each object', () => {
    const { site } = issueSite();
    const { issues: _, issueFields: __, ...older } = JSON.parse(dumpSite(site));
    const ticket = { id: 1, key: 'ITSM-7', title: 'x', reporter: 'r', createdMs: 1, updatedMs: 1, status: 's' };
    const again = siteOfDump(JSON.stringify({ ...older, ticketLists: [[2, [ticket]]] }));
    expect(again.ticketsOf(2).map(({ key }) => key)).toEqual(['ITSM-7']);
    expect(again.ticketsOf(1)).toEqual([]);
  });
});
