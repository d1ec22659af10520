import { describe, expect, it } from 'vitest';
import type { SetupCheck } from '../../../core/operations/one-check.ts';
import { step } from '../../../functions/operations/check-setup.ts';
import type { Quirks } from '../../../simulator/site/quirks.ts';
import { SimulatedSite } from '../../../simulator/site/simulated-site.ts';
import type { EndpointName, FaultRule } from '../../../simulator/start-simulator.ts';
import { issuesCompany } from '../../end-to-end/issues-company.ts';
import { testClock, testSimulator } from '../../end-to-end/local-run.ts';
import { operationServices } from './operation-services.ts';

const names = ['issue fields', 'issues', 'configuration of issue fields'];
const ofJira: readonly EndpointName[] = ['field-list', 'field-search', 'field-contexts', 'fieldconfig', 'issue-search'];

/** What `doctor` says of issues. */
async function checked(
  site: SimulatedSite,
  { quirks = {}, fault, issueLinks = true }: { quirks?: Partial<Quirks>; fault?: FaultRule; issueLinks?: boolean } = {},
) {
  const simulator = await testSimulator({ site, quirks });
  if (fault) simulator.faults.add(fault);
  const { services } = operationServices(simulator, { issueLinks, clock: testClock });
  const { checks } = (await step.invoke(services, {})) as unknown as { checks: SetupCheck[] };
  return { simulator, checks: checks.filter(({ name }) => names.includes(name)) };
}

const inOrder = (checks: readonly SetupCheck[]) => checks.map(({ ok }) => ok);

describe('a setup that is to read issue links', () => {
  it('has its fields, a search and a configuration tried, and changes nothing', async () => {
    const { site, fields } = issuesCompany();
    const { simulator, checks } = await checked(site);
    expect(checks.map(({ name, ok, remedy }) => [name, ok, remedy])).toEqual(names.map((name) => [name, true, null]));
    for (const { id, name } of fields) expect(checks[0]?.detail).toContain(`${name} (customfield_${id})`);
    expect(simulator.requests.writes).toEqual([]);
  });

  it('asks Jira nothing where nobody wants them', async () => {
    const { simulator, checks } = await checked(issuesCompany().site, { issueLinks: false });
    expect(checks).toEqual([]);
    expect(ofJira.filter((endpoint) => simulator.requests.byEndpoint[endpoint] !== undefined)).toEqual([]);
  });

  it('is not in order without the right to use Jira, and says what to give the account', async () => {
    const { checks } = await checked(issuesCompany().site, { quirks: { jiraIssues: 'forbidden' } });
    expect(inOrder(checks)).toEqual([false, false, false]);
    expect(checks[0]?.detail).toContain('403');
    expect(checks[0]?.remedy).toMatch(/"Browse projects".*`read:jira-work`; that reads all these issues/);
    expect(checks[1]?.detail).toBe('Not checked, because the check "issue fields" failed.');
  });

  it('is not in order where a search is refused', async () => {
    const fault = { endpoint: 'issue-search', fault: { kind: 'status', status: 403 } } as const;
    const { checks } = await checked(issuesCompany().site, { fault });
    expect(inOrder(checks)).toEqual([true, false, true]);
  });

  it('is in order without the right to administer Jira; what that leaves out is said', async () => {
    const { checks } = await checked(issuesCompany().site, { quirks: { fieldSearch: 'forbidden' } });
    expect(inOrder(checks)).toEqual([true, true, true]);
    expect(checks[0]?.detail).toContain('Fields without a context cannot be seen: The site answers 403');
    expect(checks[0]?.remedy).toContain('"Administer Jira"');
    expect(checks[2]?.detail).toContain('a backup goes without');
  });

  it('is told that a search finds nothing: there may be nothing, or nothing that the account may browse', async () => {
    const { site, issues } = issuesCompany();
    for (const issue of issues) site.restrictIssue(issue, { access: 'none' });
    const { checks } = await checked(site);
    expect(inOrder(checks)).toEqual([true, true, true]);
    expect(checks[1]?.detail).toBe(
      'A search finds no issue that holds an object, or none that this account may browse.',
    );
    expect(checks[1]?.remedy).toContain('"Browse projects"');
  });

  it('is in order where a field has no context, by which nothing can be searched, and tries the others', async () => {
    const site = new SimulatedSite();
    const schema = site.addSchema({ key: 'ITSM' });
    const office = site.addObject({ type: site.addType({ schema, name: 'Office' }) });
    const bare = site.addIssueField({ name: 'Bare', contexts: [] });
    const asset = site.addIssueField({ name: 'Asset', contexts: [{ schema }] });
    site.addIssue({ fields: { [asset.id]: office } });
    expect(bare.id).toBeLessThan(asset.id);

    const { checks, simulator } = await checked(site);
    expect(inOrder(checks)).toEqual([true, true, true]);
    expect(checks[1]?.detail).toContain(`Asset (customfield_${asset.id})`);
    expect(simulator.requests.count('fieldconfig')).toBe(1);
  });

  it('is in order on a site without such a field', async () => {
    const { site, fields } = issuesCompany({ issues: 0 });
    for (const { id } of fields) site.issues.fields.delete(id);
    const { checks } = await checked(site);
    expect(inOrder(checks)).toEqual([true, true, true]);
    expect(checks[0]?.detail).toBe('The site has no Assets field.');
  });
});
