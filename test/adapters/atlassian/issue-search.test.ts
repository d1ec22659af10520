import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IssueField } from '../../../core/ports/issues-reader.ts';
import type { Quirks } from '../../../simulator/start-simulator.ts';
import { json, type ReceivedRequest, startHttpSite, status } from './http-site.ts';
import { fieldsOf, issuesAt, issuesSite, keysOf, manyIssues, siteWithIssues, value } from './issues-site.ts';
import { sample } from './sample.ts';
import { errorOf } from './test-site.ts';

describe('The issues of a field', () => {
  it('are captured with 20 requests: 1,000 of them, each with one of three fields, by any login, within the limits', async () => {
    for (const [quirks, kind] of [
      [{}, 'basic'],
      [{ fieldIdsInJql: 'unlisted' }, 'scoped'],
      [{ issueFieldsOfDeleted: 'kept' }, 'bearer'],
      [{ fieldIdsInJql: 'refused' }, 'basic'],
    ] as const) {
      const { site } = manyIssues(1000, ['Third']);
      const { simulator, reader } = await issuesSite({ site, quirks, login: { kind }, limits: { documented: true } });

      const keys: string[] = [];
      for (const field of await fieldsOf(reader)) {
        expect(value(await reader.fieldConfigurations(field))).toHaveLength(1);
        keys.push(...(await keysOf(reader, field)));
      }

      expect(new Set(keys).size).toBe(1000);
      expect(keys).toHaveLength(1000);
      expect(simulator.requests.byStatus).toEqual({ 200: 20 });
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
      // A form that is refused is tried once for all fields, and never where the name is enough.
      const refused = simulator.requests.log.filter(({ status }) => status === 400);
      expect(refused).toHaveLength(quirks.fieldIdsInJql === 'refused' ? 1 : 0);
    },
  );

  it('are asked for with that field and the key alone, and come as the site gives them', async () => {
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
    const body = { jql, fields: ['key', 'customfield_10100'], maxResults: 100 };
    expect(http.requests.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['POST', '/rest/api/3/search/jql', body],
      ['POST', '/rest/api/3/search/jql', { ...body, nextPageToken: '<token>' }],
    ]);
    expect(reader.requests()).toMatchObject({ 'issue-search': 2 });
  });

  const custom = 'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype';
  const asset = (number: number, name: string, more: object = {}) => ({
    ...{ id: `customfield_${number}`, name, custom: true, schema: { type: 'any', custom } },
    ...more,
  });

  it.each<[string, object[], 'name' | 'id']>([
    ['alone, where nothing says what JQL takes', [asset(1, 'Office')], 'name'],
    ['alone, and listed for JQL', [asset(1, 'Office', { clauseNames: ['cf[1]', 'Office'] })], 'name'],
    ['alone, and not listed for JQL, which may mean its own', [asset(1, 'Parent', { clauseNames: ['cf[1]'] })], 'id'],
    ['that another Assets field has', [asset(1, 'Office'), asset(2, 'office')], 'id'],
    ['that another custom field has', [asset(1, 'Office'), { id: 'customfield_3', name: 'OFFICE' }], 'id'],
    ['that a field of the system has', [asset(1, 'Summary'), { id: 'summary', name: 'Summary' }], 'id'],
    [
      'that JQL has for another',
      [asset(1, 'Type'), { id: 'issuetype', name: 'Issue Type', clauseNames: ['type'] }],
      'id',
    ],
    ['that is the id of another', [asset(1, 'parent'), { id: 'parent', name: 'Over' }], 'id'],
  ])('are asked for by a name %s, else by the id', async (_, records, form) => {
    const issues = [{ id: '7', key: 'ITSM-7', fields: { customfield_1: [{ objectId: '1' }] } }];
    const http = await startHttpSite((response, request) => {
      const { pathname } = new URL(request.url, 'http://site');
      const list = { '/rest/api/3/field': records, '/rest/api/3/field/search': { values: [], isLast: true } };
      json(list[pathname as keyof typeof list] ?? { issues, isLast: true })(response, request);
    });
    const { reader } = issuesAt(http.url);
    const [first] = await fieldsOf(reader);
    expect(first && (await keysOf(reader, first))).toEqual(['ITSM-7']);
    const asked = http.requests.flatMap(({ body }) => (body ? [(JSON.parse(body) as { jql: string }).jql] : []));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.startsWith(form === 'id' ? 'cf[1] ' : `"${first?.name}" `)).toBe(true);
  });

  it('are not taken for none where a name that the site does not list finds nothing: the id is asked as well', async () => {
    const ofField = { id: '7', key: 'ITSM-7', fields: { customfield_1: [{ objectId: '1' }] } };
    const ofAnother = { id: '8', key: 'ITSM-8', fields: { customfield_1: null } };
    const http = await startHttpSite((response, request) => {
      const isById = request.body.includes('cf[1]');
      json({ issues: [isById ? ofField : ofAnother] })(response, request);
    });
    const { reader } = issuesAt(http.url);
    expect(await keysOf(reader, { id: 'customfield_1', name: 'Parent', record: {}, isNamedAlone: true })).toEqual([
      'ITSM-7',
    ]);
  });

  it('are only those in which it holds something, in whatever form', async () => {
    const fields: unknown[] = [null, [], '', [null], { objectId: '1' }, [{ id: 'ws:2' }], [{ objectId: 3 }]];
    const issues = fields.map((held, index) => ({
      id: `${index}`,
      key: `ITSM-${index}`,
      fields: { customfield_1: held },
    }));
    const bare = [
      { id: 20, key: 'ITSM-20' },
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
