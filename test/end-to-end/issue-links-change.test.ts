import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffBackups } from '../../core/diff/diff-backups.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { BreakingOff } from './broken-off.ts';
import { folderWithIssueLinks, issuesCompany, linksOnSite, storedLinks } from './issues-company.ts';
import { isDeep } from './kill-points.ts';
import { backUp, RecordingReporter, testSimulator } from './local-run.ts';

/** Does something just before the site answers its next searches for issues, one after the other. */
function betweenPages(simulator: Simulator, deeds: readonly (() => void)[]): void {
  let asked = 0;
  const match = () => {
    deeds[asked]?.();
    asked += 1;
    return false;
  };
  simulator.faults.add({ endpoint: 'issue-search', match, fault: { kind: 'empty' } });
}

/** Every state that the fields of issues were in, from now on. */
class Remembered {
  readonly #states: ReturnType<typeof linksOnSite>[] = [];
  readonly #site: SimulatedSite;

  constructor(site: SimulatedSite) {
    this.#site = site;
    this.remember();
  }

  remember(): void {
    this.#states.push(linksOnSite(this.#site));
  }

  /** What is wrong with what is stored: an issue that held objects throughout and is not there, or values that no issue had. */
  problems(stored: Awaited<ReturnType<typeof storedLinks>>): string[] {
    const problems: string[] = [];
    for (const [field, issues] of Object.entries(this.#states[0] ?? {})) {
      for (const key of Object.keys(issues)) {
        const isThroughout = this.#states.every((state) => state[field]?.[key] !== undefined);
        if (isThroughout && !stored[field]?.[key]) problems.push(`${key} is missing of ${field}`);
      }
    }
    for (const [field, issues] of Object.entries(stored)) {
      for (const [key, objects] of Object.entries(issues)) {
        const was = this.#states.some((state) => String(state[field]?.[key]) === String(objects));
        if (!was) problems.push(`${key} never had ${objects} in ${field}`);
      }
    }
    return problems;
  }
}

const deeds = fc.array(
  fc.record({
    kind: fc.constantFrom('edit', 'clear', 'create', 'delete'),
    issue: fc.nat(14),
    office: fc.nat(4),
    field: fc.nat(2),
  }),
  { maxLength: 8 },
);

describe('issues that change while they are read', () => {
  it('stand once, with what they held at some moment of the backup, and none that held objects throughout is missing', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (planned) => {
        const { site, fields, issues, offices } = issuesCompany({ issues: 15 });
        const simulator = await testSimulator({ site, quirks: { issuePageSize: 2 } });
        const remembered = new Remembered(site);
        const done = planned.map(({ kind, issue: number, office: place, field: index }) => () => {
          const [issue, office, field] = [issues[number], offices[place], fields[index]];
          if (!issue || !office || !field) throw new Error('The site is too small.');
          const isThere = site.issues.get(issue.id) !== undefined;
          if (kind === 'create') site.addIssue({ fields: { [field.id]: office } });
          else if (isThere && kind === 'edit') site.editIssue(issue, { [field.id]: office });
          else if (isThere && kind === 'clear') site.editIssue(issue, { [field.id]: [] });
          else if (isThere && kind === 'delete') site.deleteIssue(issue);
          remembered.remember();
        });
        betweenPages(simulator, done);
        const directory = folderWithIssueLinks();
        const { manifest } = await backUp(simulator, { directory });
        if (!manifest) throw new Error('There is no backup.');
        expect(manifest.status).toBe('complete');
        expect(remembered.problems(await storedLinks(directory, manifest))).toEqual([]);
      }),
      { numRuns: isDeep ? 500 : 15 },
    );
  });

  it('are read on from the first page where the site has forgotten the token of the next, each once', async () => {
    const { site } = issuesCompany({ issues: 30 });
    const simulator = await testSimulator({ site, quirks: { issuePageSize: 4 } });
    const forgets = { endpoint: 'issue-search', skip: 2, times: 1, fault: { kind: 'status', status: 400 } } as const;
    simulator.faults.add(forgets);
    const directory = folderWithIssueLinks();
    const { manifest } = await backUp(simulator, { directory, remainingMilliseconds: () => 0 });
    expect(simulator.faults.struck(forgets)).toBe(1);
    if (!manifest) throw new Error('There is no backup.');
    expect(manifest).toMatchObject({ status: 'complete', notices: [] });
    expect(await storedLinks(directory, manifest)).toEqual(linksOnSite(site));
  });

  it('are a gap of their field where the site forgets tokens again and again; what was read of it is there', async () => {
    const { site, fields } = issuesCompany({ issues: 30 });
    const simulator = await testSimulator({ site, quirks: { issuePageSize: 4 } });
    let asked = 0;
    const match = () => ++asked % 3 === 0;
    simulator.faults.add({ endpoint: 'issue-search', match, fault: { kind: 'status', status: 400 }, times: 4 });
    const directory = folderWithIssueLinks();
    const { manifest } = await backUp(simulator, { directory });
    if (!manifest) throw new Error('There is no backup.');
    const name = `customfield_${fields[0].id}`;
    expect(manifest.gaps).toMatchObject([{ kind: 'issues', what: expect.stringContaining(name) }]);
    expect(manifest.issueLinks?.map(({ issues }) => issues)).toEqual([null, 10, 10]);
    expect(manifest.issueLinks?.[0]?.files).toHaveLength(1);
    const { [name]: some, ...others } = await storedLinks(directory, manifest);
    const { [name]: all, ...allOthers } = linksOnSite(site);
    expect(all).toMatchObject(some ?? {});
    expect(others).toEqual(allOthers);
  });

  it.each(['before it stores', 'when all is stored'] as const)(
    'stand once where each invocation breaks off %s',
    async (when) => {
      const { site } = issuesCompany({ issues: 20 });
      const simulator = await testSimulator({ site, quirks: { issuePageSize: 3 } });
      const breaking = new BreakingOff(['ExportIssueLinks'], when, /^backups\/[^/]+\/issues\/(field-.+|record)\.json$/);
      const directory = folderWithIssueLinks();
      const { manifest, error } = await backUp(simulator, {
        ...{ directory, decorate: breaking.decorate, remainingMilliseconds: () => 0 },
      });
      expect(error).toBeUndefined();
      expect(breaking.broken).toBeGreaterThan(0);
      if (!manifest) throw new Error('There is no backup.');
      expect(manifest).toMatchObject({ status: 'complete', notices: [] });
      expect(await storedLinks(directory, manifest)).toEqual(linksOnSite(site));
    },
  );
});

describe('a login that sees fewer issues than the night before', () => {
  it('is told so, field by field, with both numbers, and which field is gone', async () => {
    const { site, issues, fields } = issuesCompany({ issues: 12 });
    const simulator = await testSimulator({ site });
    const directory = folderWithIssueLinks();
    const first = await backUp(simulator, { directory });
    expect(first.manifest?.notices).toEqual([]);
    for (const issue of [issues[0], issues[3]]) if (issue) site.restrictIssue(issue, { access: 'none' });
    site.issues.fields.delete(fields[2].id);
    const { manifest, result } = await backUp(simulator, { directory });
    const name = first.manifest?.name;
    expect(manifest?.status).toBe('complete');
    expect(manifest?.notices.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'fewer-issues',
        `The field Asset (customfield_${fields[0].id}) holds objects in fewer issues: in the backup ${name} 4 issues held objects by it, and this account sees 2 now. Somebody has edited them, or the account may browse fewer projects.`,
      ],
      [
        'fewer-issues',
        `The field Affected (customfield_${fields[2].id}) is gone, or this account does not see it any more: in the backup ${name} 4 issues held objects by it.`,
      ],
    ]);
    expect(result?.notices).toHaveLength(2);
  });

  it('is told nothing by a night of which they could not be read, and all by the one after it', async () => {
    const { site, issues } = issuesCompany({ issues: 12 });
    const simulator = await testSimulator({ site });
    const directory = folderWithIssueLinks();
    const [, second] = [await backUp(simulator, { directory }), await backUp(simulator, { directory })];
    expect(second.manifest?.notices).toEqual([]);
    simulator.faults.add({ endpoint: 'issue-search', fault: { kind: 'status', status: 500 } });
    const failed = await backUp(simulator, { directory });
    expect(failed.manifest?.notices).toEqual([]);
    expect(failed.manifest?.gaps).toHaveLength(3);
    simulator.faults.clear();
    for (const issue of issues.slice(0, 3)) site.deleteIssue(issue);
    const after = await backUp(simulator, { directory });
    const then = `in the backup ${second.manifest?.name} 4 issues held objects by it, and this account sees 3 now.`;
    expect(after.manifest?.notices.map(({ message }) => message.includes(then))).toEqual([true, true, true]);
  });
});

describe('two backups with issue links', () => {
  it('are told by diff to have others, field by field, and nothing is said of those that are alike', async () => {
    const { site, issues, fields, offices } = issuesCompany();
    const simulator = await testSimulator({ site });
    const directory = folderWithIssueLinks();
    const nights = [await backUp(simulator, { directory }), await backUp(simulator, { directory })];
    if (issues[0] && offices[4]) site.editIssue(issues[0], { [fields[0].id]: offices[4] });
    nights.push(await backUp(simulator, { directory }));
    const [first, second, third] = nights.map(({ manifest }) => manifest);
    if (!first || !second || !third) throw new Error('There are no backups.');
    const services = { ...openLocalStores(directory), reporter: new RecordingReporter() };
    const compared = async (left: typeof first, right: typeof first) =>
      (await diffBackups(services, left, right, { filters: {}, onLine: async () => undefined })).notCompared;
    expect((await compared(first, second)).filter((said) => said.includes('Issue links'))).toEqual([]);
    expect((await compared(second, third)).filter((said) => said.includes('Issue links'))).toEqual([
      `Issue links by the field Asset (customfield_${fields[0].id}) differ, and are not compared one by one: 3 issues in ${second.name}, 3 issues in ${third.name}.`,
    ]);
  });
});
