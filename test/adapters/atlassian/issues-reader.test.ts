import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IssueField } from '../../../core/ports/issues-reader.ts';
import type { LoginOptions, Quirks } from '../../../simulator/start-simulator.ts';
import { json, page, type ReceivedRequest, startHttpSite, status } from './http-site.ts';
import { fieldsOf, issuesAt, issuesSite, keysOf, siteWithIssues, value } from './issues-site.ts';
import { sample } from './sample.ts';
import { errorOf } from './test-site.ts';

const idOf = ({ id }: { readonly id: number }): string => `customfield_${id}`;

/** Issues ITSM-1 to ITSM-<count>, each with one object in one of the fields, which take turns. */
function manyIssues(count: number, more: readonly string[] = []) {
  const parts = siteWithIssues();
  const { site, schema, objects } = parts;
  const fields = [
    parts.offices,
    parts.affected,
    ...more.map((name) => site.addIssueField({ name, contexts: [{ schema }] })),
  ];
  const issues = Array.from({ length: count }, (_, index) => {
    const [field, object] = [fields[index % fields.length], objects[index % objects.length]];
    if (!field || !object) throw new Error('there are some');
    return site.addIssue({ key: `ITSM-${index + 1}`, fields: { [field.id]: object } });
  });
  return { ...parts, fields, issues };
}

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

describe('The issues of a field', () => {
  it('are captured with 20 requests: 1,000 of them, each with one of three fields', async () => {
    for (const quirks of [{}, { fieldIdsInJql: 'unlisted' }] as const) {
      const { site } = manyIssues(1000, ['Third']);
      const { simulator, reader } = await issuesSite({ site, quirks });

      const keys: string[] = [];
      for (const field of await fieldsOf(reader)) {
        expect(value(await reader.fieldConfigurations(field))).toHaveLength(1);
        keys.push(...(await keysOf(reader, field)));
      }

      expect(new Set(keys).size).toBe(1000);
      expect(keys).toHaveLength(1000);
      expect(simulator.requests.total).toBe(20);
    }
  });

  it.each<Partial<Quirks>>([{}, { fieldIdsInJql: 'refused' }, { fieldIdsInJql: 'unlisted' }])(
    'do not mix with those of another field of the same name: %o',
    async (quirks) => {
      const { site, fields } = manyIssues(120, ['Twin "A"', 'Twin "A"', 'Twin \\']);
      const { reader, simulator } = await issuesSite({ site, quirks: { ...quirks, issuePageSize: 7 } });

      for (const [index, field] of (await fieldsOf(reader)).entries()) {
        const expected = Array.from({ length: 24 }, (_, turn) => `ITSM-${turn * 5 + index + 1}`);
        expect([field.name, await keysOf(reader, field)]).toEqual([fields[index]?.name, expected]);
      }
      // A form that is refused is tried once for all fields.
      const refused = simulator.requests.log.filter(({ status }) => status === 400);
      expect(refused).toHaveLength(quirks.fieldIdsInJql === 'refused' ? 1 : 0);
    },
  );

  it('are asked for with that field alone, and come as the site gives them', async () => {
    const http = await startHttpSite(json(sample('jira-search-jql')), json({ issues: [], isLast: true }));
    const field: IssueField = {
      id: 'customfield_10100',
      name: 'Office',
      record: { clauseNames: ['cf[10100]', 'Office'] },
    };
    const { reader } = issuesAt(http.url);

    const first = value(await reader.issuesOf(field, null));
    expect(first.issues).toEqual((sample('jira-search-jql') as { issues: unknown }).issues);
    expect(value(await reader.issuesOf(field, first.next))).toEqual({ issues: [], next: null });

    const jql = 'cf[10100] is not EMPTY ORDER BY created ASC, key ASC';
    const body = { jql, fields: ['customfield_10100'], maxResults: 100 };
    expect(http.requests.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['POST', '/rest/api/3/search/jql', body],
      ['POST', '/rest/api/3/search/jql', { ...body, nextPageToken: '<token>' }],
    ]);
    expect(reader.requests()).toMatchObject({ 'issue-search': 2 });
  });

  it('are only those in which it holds something, in whatever form', async () => {
    const fields: unknown[] = [null, [], '', [null], { objectId: '1' }, [{ id: 'ws:2' }], [{ objectId: 3 }]];
    const issues = fields.map((held, index) => ({
      id: `${index}`,
      key: `ITSM-${index}`,
      fields: { customfield_1: held },
    }));
    const bare = [
      { id: '20', key: 'ITSM-20' },
      { id: '21', key: 'ITSM-21', fields: {} },
    ];
    const http = await startHttpSite(json({ issues: [...issues, ...bare] }));
    const { reader } = issuesAt(http.url);
    expect(await keysOf(reader, { id: 'customfield_1', name: 'Office', record: {} })).toEqual([
      'ITSM-4',
      'ITSM-5',
      'ITSM-6',
    ]);
  });

  it('are not offered where JQL takes the field in no form', async () => {
    const { site } = siteWithIssues();
    const { reader } = await issuesSite({ site });
    const field = { id: 'customfield_999', name: 'Gone', record: {} };
    expect(await reader.issuesOf(field, null)).toEqual({ offered: false, reason: expect.stringMatching(/400/) });
    // And that says nothing of the other fields.
    const [offices] = await fieldsOf(reader);
    expect(offices && (await reader.issuesOf(offices, null)).offered).toBe(true);
  });

  const token = ({ body }: ReceivedRequest): string =>
    String((JSON.parse(body) as { nextPageToken?: string }).nextPageToken ?? '');
  const issue = (id: number) => ({ id: `${id}`, key: `ITSM-${id}`, fields: { customfield_1: [{ objectId: '1' }] } });
  const field: IssueField = { id: 'customfield_1', name: 'Office', record: {} };

  it('go on behind empty pages, and to the page without a token, whatever is said of the last one', async () => {
    const pages: Record<string, object> = {
      '': { issues: [], nextPageToken: 'b', isLast: false },
      b: { issues: [issue(1)], nextPageToken: 'c', isLast: true },
      c: { issues: [], nextPageToken: 'd' },
      d: { issues: [issue(2), issue(1)], nextPageToken: null, isLast: false },
    };
    const http = await startHttpSite((response, request) => json(pages[token(request)])(response, request));
    expect(await keysOf(issuesAt(http.url).reader, field)).toEqual(['ITSM-1', 'ITSM-2']);
  });

  it('end where an empty page says that it is the last, although it has a token', async () => {
    const http = await startHttpSite(
      json({ issues: [issue(1)], nextPageToken: 'b', isLast: true }),
      json({ issues: [], nextPageToken: 'c', isLast: true }),
    );
    expect(await keysOf(issuesAt(http.url).reader, field)).toEqual(['ITSM-1']);
    expect(http.requests).toHaveLength(2);
  });

  it('come again where a page is asked for again', async () => {
    const { site } = manyIssues(10);
    const { reader } = await issuesSite({ site, quirks: { issuePageSize: 2 } });
    const [offices] = await fieldsOf(reader);
    if (!offices) throw new Error('there is one');
    const first = value(await reader.issuesOf(offices, null));
    const second = value(await reader.issuesOf(offices, first.next));
    const again = value(await reader.issuesOf(offices, first.next));
    expect(again.issues).toEqual(second.issues);
    expect(value(await reader.issuesOf(offices, again.next)).issues.map(({ key }) => key)).toEqual(['ITSM-9']);
    expect(await keysOf(reader, offices)).toHaveLength(5);
  });

  it.each<[string, (token: string) => object, string]>([
    ['with the same token again', () => ({ issues: [issue(1)], nextPageToken: 'a' }), 'UnexpectedAnswerError'],
    [
      'that go in a circle',
      (at) => ({ issues: [issue(1)], nextPageToken: at === 'a' ? 'b' : 'a' }),
      'UnexpectedAnswerError',
    ],
    ['that are empty for ever', (at) => ({ issues: [], nextPageToken: `${at}a` }), 'ExcessiveAnswerError'],
    ['that bring the same for ever', (at) => ({ issues: [issue(1)], nextPageToken: `${at}a` }), 'ExcessiveAnswerError'],
  ])('are an error by pages %s', async (_, answer, name) => {
    const http = await startHttpSite((response, request) => json(answer(token(request)))(response, request));
    expect((await errorOf(keysOf(issuesAt(http.url).reader, field))).name).toBe(name);
    expect(http.requests.length).toBeLessThan(120);
  });

  it('whose token the site does not take any more are an error, and not a field that is not offered', async () => {
    const http = await startHttpSite(json({ issues: [issue(1)], nextPageToken: 'b' }), status(400));
    expect((await errorOf(keysOf(issuesAt(http.url).reader, field))).name).toBe('RequestRefusedError');
  });

  it('that stay as they are come once each, whatever else comes, goes and changes between pages', async () => {
    const change = fc.record({
      kind: fc.constantFrom('add', 'delete', 'clear', 'edit', 'archive', 'move'),
      pick: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }),
        fc.constantFrom<Partial<Quirks>>({}, { fieldIdsInJql: 'refused' }, { issueFieldsOfDeleted: 'kept' }),
        async (turns, quirks) => {
          const { site, offices, objects, issues } = manyIssues(60);
          const { simulator, reader } = await issuesSite({ site, quirks: { ...quirks, issuePageSize: 5 } });
          const [object] = objects;
          if (!object) throw new Error('there is one');
          // Every third one of the field's is nobody's to touch.
          const ours = issues.filter((_, index) => index % 2 === 0);
          const stable = ours.filter((_, index) => index % 3 === 0);
          const others = ours.filter((one) => !stable.includes(one));
          const carryOut: Record<(typeof turns)[number][number]['kind'], (pick: number) => void> = {
            add: (pick) => void site.addIssue({ key: `NEW-${pick}`, fields: { [offices.id]: object } }),
            delete: (pick) => {
              const [gone] = others.splice(pick % Math.max(1, others.length), 1);
              if (gone) site.deleteIssue(gone);
            },
            clear: (pick) => {
              const one = others[pick % Math.max(1, others.length)];
              if (one) site.editIssue(one, { [offices.id]: [] });
            },
            edit: (pick) => {
              const one = others[pick % Math.max(1, others.length)];
              if (one) site.editIssue(one, { [offices.id]: objects });
            },
            archive: (pick) => {
              const one = others[pick % Math.max(1, others.length)];
              if (one) site.archiveIssue(one);
            },
            move: (pick) => {
              const one = others[pick % Math.max(1, others.length)];
              if (one) site.moveIssue(one, `OPS-${pick}`);
            },
          };
          const [field] = await fieldsOf(reader);
          if (!field) throw new Error('there is one');
          simulator.onRequest('issue-search', ({ index }) => {
            for (const { kind, pick } of turns[index] ?? []) carryOut[kind](pick);
          });

          const keys = await keysOf(reader, field);
          await simulator.close();

          expect(keys.filter((key) => stable.some((one) => one.key === key))).toEqual(stable.map(({ key }) => key));
          expect(keys).toHaveLength(new Set(keys).size);
        },
      ),
      { numRuns: 25 },
    );
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
    for (const list of [status(400), json({ issues: [] }), json({ issues: [{ ...issue, id: '8' }] })]) {
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
