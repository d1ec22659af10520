import { describe, expect, it } from 'vitest';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { SimulatorOptions } from '../../simulator/start-simulator.ts';
import type { Json, Reply } from './client.ts';
import { start } from './start.ts';

/** Issues in two fields of one name and in a third: ITSM-1 in the first, ITSM-2 in the second, and so on in turns. */
async function searchSite(count: number, options: Omit<SimulatorOptions, 'site'> = {}) {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'FAC' });
  const object = site.addObject({ type: site.addType({ schema, name: 'Office' }), name: 'SYD-1' });
  const fields = ['Office', 'Office', 'Building "A" \\ B'].map((name) => site.addIssueField({ name }));
  const issues = Array.from({ length: count }, (_, index) =>
    site.addIssue({ key: `ITSM-${index + 1}`, fields: { [fields[index % 3]?.id ?? 0]: object } }),
  );
  const { client, simulator } = await start({ site, ...options });
  const search = (jql: string, more: object = {}) => client.ask('POST', '/rest/api/3/search/jql', { jql, ...more });
  const keys = async (jql: string) => keysIn(await search(jql, { fields: ['key'] }));
  return { site, object, fields, issues, client, simulator, search, keys };
}

const keysIn = ({ json }: Reply): string[] => json.issues.map(({ key }: Json) => key);

describe('A search for issues', () => {
  it('takes a field by its id, which is one, or by its name, which is every field of that name', async () => {
    const { fields, keys } = await searchSite(4);
    expect(await keys(`cf[${fields[0]?.id}] is not EMPTY`)).toEqual(['ITSM-1', 'ITSM-4']);
    expect(await keys('"office" IS NOT EMPTY order by key DESC')).toEqual(['ITSM-4', 'ITSM-2', 'ITSM-1']);
    expect(await keys('Office is not null AND id in (ITSM-2, "ITSM-3")')).toEqual(['ITSM-2']);
    expect(await keys(`"Building \\"A\\" \\\\ B" is not EMPTY OR key = ITSM-1`)).toEqual(['ITSM-1', 'ITSM-3']);
    expect(await keys(`project = ITSM AND (cf[${fields[1]?.id}] is EMPTY) AND key not in (ITSM-1)`)).toEqual([
      'ITSM-3',
      'ITSM-4',
    ]);
    expect(await keys('"Office" IN aqlFunction("Name = \\"SYD-1\\"")')).toEqual(['ITSM-1', 'ITSM-2', 'ITSM-4']);
    expect(await keys('"Office" IN aqlFunction("Name = Other")')).toEqual([]);
  });

  it.each([
    'Unknown is not EMPTY',
    'cf[99] is not EMPTY',
    '',
    'ORDER BY key',
    'Office is not EMPTY ORDER BY rank',
    'Office = SYD-1',
    'Office is',
    '(Office is EMPTY',
    'Office is EMPTY Office is EMPTY',
    'Office is EMPTY ORDER BY key, key, key, key, key, key, key, key',
  ])('refuses %s', async (jql) => {
    const { search } = await searchSite(1);
    const { status, json } = await search(jql);
    expect(status).toBe(400);
    expect(json.errorMessages).toHaveLength(1);
  });

  it('does not know a field without a context', async () => {
    const { site, search, keys } = await searchSite(2);
    const bare = site.addIssueField({ name: 'Bare', contexts: [] });
    expect((await search(`cf[${bare.id}] is EMPTY`)).status).toBe(400);
    expect((await search('Bare is not EMPTY')).status).toBe(400);
    site.addFieldContext(bare);
    expect(await keys('Bare is not EMPTY')).toEqual([]);
  });

  it('gives 100 issues a page with fields, 5,000 with ids or keys alone, and no total', async () => {
    const { fields, search } = await searchSite(330);
    const name = `customfield_${fields[0]?.id}`;
    const jql = `cf[${fields[0]?.id}] is not EMPTY`;
    const page = await search(jql, { fields: [name], maxResults: 5000, nextPageToken: null });
    expect(page.json.issues).toHaveLength(100);
    expect(Object.keys(page.json).sort()).toEqual(['isLast', 'issues', 'nextPageToken']);
    expect(page.json.isLast).toBe(false);
    const last = await search(jql, { fields: [name], maxResults: 5000, nextPageToken: page.json.nextPageToken });
    expect(keysIn(last)).toHaveLength(10);
    expect(last.json).toMatchObject({ isLast: true });
    expect(last.json).not.toHaveProperty('nextPageToken');
    const ids = await search('project = ITSM', { maxResults: 5000 });
    expect(ids.json.issues).toHaveLength(330);
    expect(ids.json.issues[0]).toEqual({ id: expect.any(String) });
    expect((await search('project = ITSM')).json.issues).toHaveLength(50);
  });

  it('is asked by GET as well', async () => {
    const { client, fields } = await searchSite(3);
    const query = new URLSearchParams({
      jql: 'Office is not EMPTY',
      fields: `key,customfield_${fields[0]?.id}`,
      maxResults: '1',
    });
    const first = await client.ask('GET', `/rest/api/3/search/jql?${query}`);
    expect(keysIn(first)).toEqual(['ITSM-1']);
    query.set('nextPageToken', first.json.nextPageToken);
    expect(keysIn(await client.ask('GET', `/rest/api/3/search/jql?${query}`))).toEqual(['ITSM-2']);
  });

  it('goes on behind the last issue of the page before, whatever comes and goes; by a quirk it counts', async () => {
    for (const issuePages of ['places', 'offsets'] as const) {
      const { search, site, issues, simulator } = await searchSite(9, { quirks: { issuePages } });
      const jql = 'project = ITSM';
      const first = await search(jql, { fields: ['key'], maxResults: 3 });
      for (const issue of issues.slice(0, 3)) site.deleteIssue(issue);
      const rest = await search(jql, { fields: ['key'], nextPageToken: first.json.nextPageToken });
      expect(keysIn(rest)[0]).toBe(issuePages === 'places' ? 'ITSM-4' : 'ITSM-7');
      expect((await search('key = ITSM-5', { nextPageToken: first.json.nextPageToken })).status).toBe(400);
      expect(simulator.requests.writes).toEqual([]);
    }
  });

  it('is late by as much as the quirk says', async () => {
    const clock = { nowMs: Date.UTC(2026, 0, 1), now: () => clock.nowMs };
    const { site, issues, fields, object, keys } = await searchSite(3, { clock, quirks: { issueSearchLagMs: 5000 } });
    const [first, second, third] = issues;
    if (!first || !second || !third || !fields[0]) throw new Error('there are three');
    site.editIssue(first, { [fields[0].id]: [] });
    site.editIssue(third, { [fields[0].id]: [object] });
    site.deleteIssue(second);
    expect(await keys('Office is not EMPTY')).toEqual(['ITSM-1', 'ITSM-2']);
    clock.nowMs += 5000;
    expect(await keys('Office is not EMPTY')).toEqual(['ITSM-3']);
  });

  it('does not take fields by their ids where the quirk says so, and may say that beforehand', async () => {
    for (const fieldIdsInJql of ['refused', 'unlisted'] as const) {
      const { keys, search, fields, client } = await searchSite(2, { quirks: { fieldIdsInJql } });
      expect((await search(`cf[${fields[0]?.id}] is not EMPTY`)).status).toBe(400);
      expect(await keys('Office is not EMPTY')).toEqual(['ITSM-1', 'ITSM-2']);
      const { json } = await client.ask('GET', '/rest/api/3/field');
      const { clauseNames } = json.find(({ name }: Json) => name === 'Office');
      expect(clauseNames).toEqual(fieldIdsInJql === 'unlisted' ? ['Office'] : [`cf[${fields[0]?.id}]`, 'Office']);
    }
  });

  it('is no longer at its old address', async () => {
    const { client, simulator } = await searchSite(1);
    expect((await client.ask('GET', '/rest/api/3/search?jql=project%3DITSM')).status).toBe(410);
    expect((await client.ask('POST', '/rest/api/3/search', { jql: 'project = ITSM' })).status).toBe(410);
    expect(simulator.requests.writes).toEqual([]);
  });
});
