import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BudgetLimiter } from '../../../adapters/atlassian/budget-limiter.ts';
import { HttpClient } from '../../../adapters/atlassian/http-client.ts';
import { IssueSearch } from '../../../adapters/atlassian/issue-search.ts';
import { requestBudget } from '../../../core/model/request-budget.ts';
import type { IssueField, IssuesReader } from '../../../core/ports/issues-reader.ts';
import type { EndpointName, FaultRule } from '../../../simulator/start-simulator.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { cutBody, json, page, startHttpSite, status } from './http-site.ts';
import { fieldsOf, issuesAt, issuesSite, keysOf, siteWithIssues, value } from './issues-site.ts';
import { basicHeader, errorOf, RecordingReporter, token } from './test-site.ts';

const limited = (reason: string): FaultRule['fault'] => ({
  kind: 'status',
  status: 429,
  retryAfter: 3,
  headers: { 'RateLimit-Reason': reason },
});

/** What passes: the answer afterwards is as if nothing had been. */
const passing: readonly (readonly [string, FaultRule['fault']])[] = [
  ['429 for the quota of all', limited('jira-quota-global-based')],
  ['429 for the quota of the tenant', limited('jira-quota-tenant-based')],
  ['429 for a burst', limited('jira-burst-based')],
  ['429 for the issue', limited('jira-per-issue-on-write')],
  ['500', { kind: 'status', status: 500 }],
  ['503 with a wait', { kind: 'status', status: 503, retryAfter: 3 }],
  ['a web page for an answer', { kind: 'html', status: 200 }],
  ['a web page of a proxy', { kind: 'html', status: 502 }],
  ['nothing', { kind: 'empty' }],
  ['JSON of another shape', { kind: 'wrong-shape', body: { unexpected: true } }],
  ['cut JSON', { kind: 'truncated' }],
  ['a cut connection', { kind: 'cut' }],
  ['a closed connection', { kind: 'close' }],
];

const endpoints = [
  'field-list',
  'field-search',
  'field-contexts',
  'fieldconfig',
  'issue-search',
  'issue-bulkfetch',
  'issue',
] as const satisfies EndpointName[];

/** Eight issues in one field by pages of two, and one that is asked for by itself since no list has it. */
async function site() {
  const parts = siteWithIssues();
  const { site, offices, objects } = parts;
  const issues = Array.from({ length: 8 }, (_, index) =>
    site.addIssue({ key: `ITSM-${index + 1}`, fields: { [offices.id]: objects.slice(0, (index % 3) + 1) } }),
  );
  site.addIssueField({ name: 'Bare', contexts: [] });
  return { ...parts, issues, ...(await issuesSite({ site, quirks: { issuePageSize: 2, fieldPageSize: 2 } })) };
}

/** All that is read of issues, in one text. */
async function everything(reader: IssuesReader, ids: readonly string[]): Promise<string> {
  const fields = await fieldsOf(reader);
  const pages: string[][] = [];
  const configurations = [];
  for (const field of fields) {
    // JQL does not know a field without a context.
    if (field.name === 'Bare') continue;
    pages.push(await keysOf(reader, field));
    configurations.push(value(await reader.fieldConfigurations(field)));
  }
  const { found, missing } = await reader.issues(
    ids,
    fields.map(({ id }) => id),
  );
  return JSON.stringify({ fields, pages, configurations, found: [...found], missing });
}

describe.each(endpoints)('%s', (endpoint) => {
  it.each(passing)(
    'that fails once by %s changes nothing of what is read, at the first request or at a later one',
    async (_, fault) => {
      const { reader, simulator, issues } = await site();
      const ids = [...issues.map(({ id }) => String(id)), '999'];
      const wanted = await everything(reader, ids);
      for (const skip of [0, 1]) {
        const rule: FaultRule = { endpoint, skip, times: 1, fault };
        simulator.faults.add(rule);
        expect(await everything(reader, ids)).toBe(wanted);
        const isAskedOnce = ['field-list', 'issue-bulkfetch', 'issue'].includes(endpoint);
        expect(simulator.faults.struck(rule)).toBe(skip === 1 && isAskedOnce ? 0 : 1);
        simulator.faults.clear();
      }
    },
  );

  it.each<[string, FaultRule['fault'], string]>([
    ['500', { kind: 'status', status: 500 }, 'SiteUnavailableError'],
    ['429', { kind: 'status', status: 429 }, 'RateLimitedError'],
    ['cut JSON', { kind: 'truncated' }, 'UnexpectedAnswerError'],
    ['JSON of another shape', { kind: 'wrong-shape', body: { unexpected: true } }, 'UnexpectedAnswerError'],
    ['a closed connection', { kind: 'close' }, 'SiteUnavailableError'],
    ['a login that has ended', { kind: 'status', status: 401 }, 'LoginRefusedError'],
  ])('that always fails by %s is an error, and neither nothing nor what is not offered', async (_, fault, name) => {
    const { reader, simulator, issues } = await site();
    simulator.faults.add({ endpoint, fault });
    // Else only the one is asked for by itself that is not there.
    if (endpoint === 'issue')
      simulator.faults.add({ endpoint: 'issue-bulkfetch', fault: { kind: 'status', status: 404 } });
    const ids = [...issues.map(({ id }) => String(id)), '999'];
    expect((await errorOf(everything(reader, ids))).name).toBe(name);
  });
});

describe('Pages without an end', () => {
  it('of either list for administrators are an error', async () => {
    const { reader, simulator } = await site();
    const [field] = await fieldsOf(reader);
    if (!field) throw new Error('there is one');
    simulator.faults.add({ endpoint: ['field-search', 'field-contexts'], fault: { kind: 'endless' } });
    for (const ask of [() => reader.assetsFields(), () => reader.fieldConfigurations(field)]) {
      expect((await errorOf(ask())).name).toBe('ExcessiveAnswerError');
    }
  }, 60_000);

  it('of issues that nobody has seen are an error, since only their number can tell', async () => {
    let pages = 0;
    const http = await startHttpSite((response, request) => {
      pages += 1;
      const held = { customfield_1: [{ objectId: '1' }] };
      json({ issues: [{ id: `${pages}`, key: `ITSM-${pages}`, fields: held }], nextPageToken: `${pages}` })(
        response,
        request,
      );
    });
    const clock = new VirtualClock({ runs: true });
    const limiter = new BudgetLimiter(requestBudget(), clock);
    const client = new HttpClient({ authorization: basicHeader, limiter, clock, reporter: new RecordingReporter() });
    const search = new IssueSearch(client, http.url, 30);
    const field: IssueField = { id: 'customfield_1', name: 'Office', record: {} };
    const readAll = async () => {
      for (let next: string | null = null; ; ) next = value(await search.page(field, next)).next;
    };
    expect((await errorOf(readAll())).name).toBe('ExcessiveAnswerError');
    // The last page is asked for once more, as what is beyond all bounds always is.
    expect(pages).toBe(32);
  });
});

describe('The token and the values of issues', () => {
  it('stand in no error after anything that an answer may be', async () => {
    const field: IssueField = { id: 'customfield_1', name: 'Office', record: {} };
    for (const answer of [
      status(400),
      status(401),
      status(403),
      status(500),
      page(),
      cutBody,
      json('{"a": "secret value'),
      json([{ secret: 'secret value' }]),
    ]) {
      const http = await startHttpSite(answer);
      const { reader, writer } = issuesAt(http.url);
      for (const ask of [
        () => reader.assetsFields(),
        () => reader.issuesOf(field, null),
        () => reader.issues(['1'], ['customfield_1']),
        () => writer.setObjects('1', 'customfield_1', [{ objectId: '1', label: 'secret value' }], { notifies: false }),
      ]) {
        const outcome: unknown = await ask().catch((error: unknown) => error);
        const shown = `${inspect(outcome, { depth: 9, showHidden: true })} ${inspect([reader, writer], { depth: 9, showHidden: true })}`;
        for (const secret of ['secret', token, Buffer.from(token).toString('base64').slice(4, -4)])
          expect(shown).not.toContain(secret);
      }
    }
  });
});
