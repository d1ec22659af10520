import { describe, expect, it } from 'vitest';
import type { IssueField } from '../../../core/ports/issues-reader.ts';
import type { LoginOptions, Quirks } from '../../../simulator/start-simulator.ts';
import { json, page, startHttpSite, status } from './http-site.ts';
import { fieldsOf, issuesAt, issuesSite, manyIssues, siteWithIssues, value } from './issues-site.ts';
import { errorOf } from './test-site.ts';

const idOf = ({ id }: { readonly id: number }): string => `customfield_${id}`;

describe('The Assets fields of a site', () => {
  it('are those of both lists, in order, with what JQL calls them; others are none', async () => {
    const { site, offices, affected } = siteWithIssues();
    const bare = site.addIssueField({ name: 'Bare', contexts: [] });
    const { reader } = await issuesSite({ site });

    const { fields, withoutContexts } = value(await reader.assetsFields());

    expect(fields.map(({ id, name }) => [id, name])).toEqual([
      [idOf(offices), 'Offices'],
      [idOf(affected), 'Affected'],
      [idOf(bare), 'Bare'],
    ]);
    expect(fields[0]?.record).toMatchObject({ clauseNames: [`cf[${offices.id}]`, 'Offices'] });
    expect(withoutContexts).toBeNull();
  });

  it('are read by pages as small as the site makes them', async () => {
    const { site } = siteWithIssues();
    for (let index = 0; index < 5; index += 1) site.addIssueField({ name: `Bare ${index}`, contexts: [] });
    const { reader, simulator } = await issuesSite({ site, quirks: { fieldPageSize: 2 } });

    expect(await fieldsOf(reader)).toHaveLength(7);
    expect(simulator.requests.count('field-search')).toBe(4);
  });

  it('are those with a context for whoever may not administer Jira, and it is said why', async () => {
    const { site } = siteWithIssues();
    site.addIssueField({ name: 'Bare', contexts: [] });
    const { reader } = await issuesSite({ site, quirks: { fieldSearch: 'forbidden' } });

    const { fields, withoutContexts } = value(await reader.assetsFields());

    expect(fields.map(({ name }) => name)).toEqual(['Offices', 'Affected']);
    expect(withoutContexts).toMatch(/administer Jira/);
    const [field] = fields;
    expect(field && (await reader.fieldConfigurations(field))).toMatchObject({
      offered: false,
      reason: withoutContexts,
    });
  });

  it.each<[string, Partial<Quirks>, LoginOptions, RegExp]>([
    ['may not use Jira', { jiraIssues: 'forbidden' }, {}, /may not use Jira/],
    ['has no scope for it', {}, { kind: 'scoped', scopes: ['read:cmdb-object:jira'] }, /read:jira-work/],
  ])('are not offered to a login that %s', async (_, quirks, login, reason) => {
    const { site, offices } = siteWithIssues();
    const { reader } = await issuesSite({ site, quirks, login });
    const field: IssueField = { id: idOf(offices), name: 'Offices', record: {} };

    for (const answer of [await reader.assetsFields(), await reader.issuesOf(field, null)]) {
      expect(answer).toEqual({ offered: false, reason: expect.any(String) });
    }
    expect(await reader.assetsFields()).toMatchObject({ reason: expect.stringMatching(reason) });
  });

  it('have a configuration for each context; an unconfigured one is given as it is', async () => {
    const { site, offices, schema } = siteWithIssues();
    site.addFieldContext(offices, { name: 'Desk', projects: ['ITSM'] });
    const { reader } = await issuesSite({ site });
    const [field] = await fieldsOf(reader);
    if (!field) throw new Error('there is one');

    expect(value(await reader.fieldConfigurations(field))).toMatchObject([
      { context: { isGlobalContext: true }, configuration: { objectSchemaId: String(schema.id), multiple: true } },
      { context: { name: 'Desk' }, configuration: { objectFilterQuery: '' } },
    ]);
  });

  it.each<Partial<Quirks>>([
    { fieldConfigurations: 'not-offered' },
    { fieldConfigurations: 'forbidden' },
    { fieldConfigurationIds: 'own' },
    { fieldConfigurations: 'not-offered', unknownRoute: 'html' },
  ])('have configurations that are not offered where the site is %o', async (quirks) => {
    const { site } = siteWithIssues();
    const { reader } = await issuesSite({ site, quirks });
    const [field] = await fieldsOf(reader);
    expect(field && (await reader.fieldConfigurations(field))).toMatchObject({ offered: false });
  });

  it('have a configuration that is null where only some contexts answer', async () => {
    const { site, offices } = siteWithIssues();
    const context = site.addFieldContext(offices, { name: 'Desk', projects: ['ITSM'] });
    const { reader, simulator } = await issuesSite({ site });
    simulator.faults.add({
      endpoint: 'fieldconfig',
      match: ({ params }) => params.configId === String(context.id),
      fault: { kind: 'status', status: 404 },
    });
    const [field] = await fieldsOf(reader);
    const configurations = field && value(await reader.fieldConfigurations(field));
    expect(configurations?.map(({ configuration }) => configuration === null)).toEqual([false, true]);
  });
});

describe('Issues by their ids', () => {
  const fieldIds = ['customfield_10100', 'customfield_10101'];

  it('come 100 a request, as they are now and not as a search has them', async () => {
    const { site, issues, offices, objects } = manyIssues(250);
    const { reader, simulator } = await issuesSite({ site, quirks: { issueSearchLagMs: 60_000 } });
    const [first] = issues;
    if (!first) throw new Error('there is one');
    site.editIssue(first, { [offices.id]: objects.slice(3, 4) });

    const { found, missing } = await reader.issues([...issues.map(({ id }) => String(id)), String(first.id)], fieldIds);

    expect([found.size, missing]).toEqual([250, []]);
    expect(found.get(String(first.id))?.fields[idOf(offices)]).toMatchObject([{ objectId: '4' }]);
    expect(simulator.requests.total).toBe(3);
    expect(reader.requests()).toMatchObject({ issue: 3 });
  });

  it.each<Partial<Quirks>>([
    {},
    { issueBulkfetch: 'not-offered' },
    { issueBulkfetch: 'not-offered', unknownRoute: 'html' },
  ])('are missing only where each itself is answered 404: %o', async (quirks) => {
    const { site, issues } = manyIssues(6);
    const [gone, hidden, archived, moved] = issues;
    if (!gone || !hidden || !archived || !moved) throw new Error('there are some');
    site.deleteIssue(gone);
    site.restrictIssue(hidden, { access: 'none' });
    site.archiveIssue(archived);
    site.moveIssue(moved, 'OPS-1');
    const { reader, simulator } = await issuesSite({ site, quirks });

    const { found, missing } = await reader.issues(
      issues.map(({ id }) => String(id)),
      fieldIds,
    );

    expect(missing.toSorted()).toEqual([String(gone.id), String(hidden.id)]);
    expect([...found.keys()].toSorted()).toEqual(issues.slice(2).map(({ id }) => String(id)));
    expect(found.get(String(moved.id))?.key).toBe('OPS-1');
    await reader.issues([String(moved.id)], fieldIds);
    expect(simulator.requests.count('issue-bulkfetch')).toBe(quirks.issueBulkfetch ? (quirks.unknownRoute ? 5 : 1) : 2);
  });

  it('are asked for one by one where a list is refused, or leaves some out', async () => {
    const [issue] = [{ id: '7', key: 'ITSM-7', fields: { customfield_1: null } }];
    for (const list of [status(400), json({ issues: [] }), json({ issues: [{ ...issue, id: 8 }] })]) {
      const http = await startHttpSite(list, json(issue));
      const { found, missing } = await issuesAt(http.url).reader.issues(['7'], ['customfield_1']);
      expect([found.get('7'), missing]).toEqual([issue, []]);
      expect(http.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'POST /rest/api/3/issue/bulkfetch',
        'GET /rest/api/3/issue/7?fields=customfield_1',
      ]);
      expect(JSON.parse(http.requests[0]?.body ?? '')).toEqual({ issueIdsOrKeys: ['7'], fields: ['customfield_1'] });
    }
  });

  it('are a right that is missing where bulk and twenty of them alone are forbidden, and not where they are gone', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `${index}`);
    for (const [alone, asked] of [
      [403, 21],
      [404, 31],
    ] as const) {
      const http = await startHttpSite((response, request) =>
        status(request.method === 'POST' ? 403 : alone)(response, request),
      );
      const { reader } = issuesAt(http.url);
      const outcome = await reader.issues(ids, ['customfield_1']).catch((error: Error) => error.name);
      expect(outcome).toEqual(alone === 403 ? 'PermissionRefusedError' : { found: new Map(), missing: ids });
      expect(http.requests).toHaveLength(asked);
    }
  });

  it('are not missing because of a web page, an unknown failure, or a login that has ended', async () => {
    for (const [answer, name] of [
      [page(404), 'UnexpectedAnswerError'],
      [status(401), 'LoginRefusedError'],
      [status(500), 'SiteUnavailableError'],
      [json({ id: '8', key: 'ITSM-8' }), 'UnexpectedAnswerError'],
    ] as const) {
      const http = await startHttpSite(json({ issues: [] }), answer);
      expect((await errorOf(issuesAt(http.url).reader.issues(['7'], ['customfield_1']))).name).toBe(name);
    }
  });
});
