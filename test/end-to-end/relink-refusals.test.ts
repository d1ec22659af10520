import { describe, expect, it } from 'vitest';
import type { IssueField } from '../../simulator/site/issue-records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { type Accident, afterAccident, issueLinesIn, linkedSite, linksOf, relink } from './relink-run.ts';
import { restore } from './restore-run.ts';

const changesIn = ({ site, issues }: Accident) => issues.flatMap(({ id }) => site.issues.get(id)?.changes ?? []);

async function relinked(quirks: Partial<Quirks>) {
  const linked = linkedSite();
  const before = linksOf(linked);
  const accident = await afterAccident(linked, { quirks });
  const { simulator, directory, backup } = accident;
  const { result, report, error } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
  expect(error).toBeUndefined();
  return { accident, before, result, report };
}

describe('watchers of issues', () => {
  it.each<[Quirks['keepingFromWatchers'], mails: number]>([
    ['allowed', 0],
    ['ignored', 12],
    ['nothing-stored', 12],
    ['refused', 12],
  ])('where keeping mail from them is %s: every issue is linked all the same', async (keepingFromWatchers, mails) => {
    const { accident, before, result } = await relinked({ keepingFromWatchers });
    expect(result).toMatchObject({ outcome: 'restored', issues: 12, losses: 0 });
    expect(linksOf(accident)).toEqual(before);
    expect(changesIn(accident).filter(({ notified }) => notified)).toHaveLength(mails);
  });
});

describe('sites that answer otherwise', () => {
  it.each<Partial<Quirks>>([
    { issueBulkfetch: 'not-offered' },
    { issueValueFields: 'id' },
    { issueValueFields: 'objectId', emptyIssueValues: 'list' },
    { singleIssueValues: 'bare' },
    { issueValueOrder: 'by-id' },
    { issueSearchLagMs: 3_600_000 },
  ])('have their issues linked too: %o', async (quirks) => {
    const { accident, result } = await relinked({ ...quirks, issueFieldsOfDeleted: 'kept' });
    expect(result).toMatchObject({ outcome: 'restored', issues: 12, losses: 0 });
    expect(Object.values(linksOf(accident)).flat()).not.toContain('gone');
  });
});

describe('issues that cannot be linked', () => {
  it('are named, each with its reason, and one that was moved is linked', async () => {
    const linked = linkedSite();
    const accident = await afterAccident(linked);
    const { site, issues, fields, simulator, directory, backup } = accident;
    const [archived, gone, moved, readOnly, hidden, offScreen] = issues;
    if (!archived || !gone || !moved || !readOnly || !hidden || !offScreen) throw new Error('There are too few.');
    site.archiveIssue(archived);
    site.deleteIssue(gone);
    site.moveIssue(moved, 'NEW-1');
    site.restrictIssue(readOnly, { access: 'read' });
    site.restrictIssue(hidden, { access: 'none' });
    site.restrictIssue(offScreen, { offScreen: [fields[2]?.id ?? 0] });
    const { result, report } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', issues: 7, losses: 7 });
    expect(report?.issues).toMatchObject({ issues: 7, lost: 5 });
    const reasons = report?.losses.map(({ kind, where, values, reason }) => `${kind} ${where} ${values} ${reason}`);
    expect(reasons?.toSorted()).toEqual([
      expect.stringMatching(/^issue IT-1 2 .*archived/),
      expect.stringMatching(/^issue IT-2 1 the issue is gone, or this login may not see it$/),
      expect.stringMatching(/^issue IT-4 2 this login may not edit the issue/),
      expect.stringMatching(/^issue IT-5 1 the issue is gone, or this login may not see it$/),
      expect.stringMatching(/^issue IT-6 1 .*cannot be set/),
    ]);
    expect(report?.notices).toContain('Issues that have another key by now: IT-3 is NEW-1.');
    const lines = issueLinesIn(directory, result?.restore ?? '');
    expect(lines.find(({ key }) => key === 'IT-3')).toMatchObject({ outcome: 'linked', keyNow: 'NEW-1' });
    expect(lines).toHaveLength(12);
  });

  it.each<Quirks['invalidIssueValues']>(['hidden', 'refused'])(
    'are found out where the field does not take the object, and that is %s; the plan says so first',
    async (invalidIssueValues) => {
      const linked = linkedSite({ issues: 0 });
      const { site, offices } = linked;
      const filtered = site.addIssueField({
        name: 'Filtered',
        contexts: [{ configuration: { objectFilterQuery: `objectId <= ${offices.at(-1)?.id}` } }],
      });
      const single = site.addIssueField({ name: 'Single', contexts: [{ configuration: { multiple: false } }] });
      const issues = [
        site.addIssue({ key: 'IT-1', fields: { [filtered.id]: offices.slice(0, 1) } }),
        site.addIssue({ key: 'IT-2', fields: { [single.id]: offices.slice(1, 2) } }),
      ];
      const accident = await afterAccident(
        { ...linked, fields: [filtered, single], issues },
        { quirks: { invalidIssueValues } },
      );
      const { simulator, directory, backup } = accident;
      const input = { folder: backup, relinkIssues: true };
      const planned = await restore(simulator, directory, { ...input, dryRun: true });
      expect(planned.plan?.warnings[0]).toMatch(
        /^The field Filtered \(customfield_\d+\) may refuse .* its filter names/,
      );
      expect(planned.plan?.issues).toMatchObject({ issues: 2, fields: [{ issues: 1 }, { issues: 1 }] });
      const { result, report } = await restore(simulator, directory, input);
      expect(result).toMatchObject({ outcome: 'restored-with-losses', issues: 1, losses: 1 });
      expect(report?.losses).toMatchObject([{ where: 'IT-1', attribute: 'Filtered' }]);
    },
  );

  it('are those whose object was not made, and the others in the same field are linked', async () => {
    const linked = linkedSite({ issues: 0 });
    const { site, offices, fields } = linked;
    const [field] = fields as [IssueField];
    const issue = site.addIssue({ key: 'IT-1', fields: { [field.id]: offices.slice(0, 2) } });
    const accident = await afterAccident({ ...linked, issues: [issue] });
    const { simulator, directory, backup } = accident;
    const include = { objects: [`FAC-${offices[1]?.id}`] };
    const { result, report } = await restore(simulator, directory, { folder: backup, relinkIssues: true, include });
    expect(report?.issues).toMatchObject({ issues: 1 });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', losses: 1 });
    expect(report?.losses).toMatchObject([
      {
        kind: 'issue',
        where: 'IT-1',
        values: 1,
        reason: expect.stringContaining('nothing was made in its place'),
      },
    ]);
    expect(linksOf(accident)).toEqual({ [`IT-1 ${field.id}`]: ['Office 2'] });
  });

  it('are all, with a sentence, in another site and by a backup without issue links', async () => {
    const linked = linkedSite();
    const { simulator, directory, backup } = await afterAccident(linked);
    const other = await testSimulator({ site: new SimulatedSite({ workspaceId: crypto.randomUUID() }) });
    const elsewhere = await restore(other, directory, { folder: backup, relinkIssues: true });
    expect(elsewhere.plan?.warnings.join()).toContain('this is another site than the one that was backed up');
    expect(elsewhere.result).toMatchObject({ outcome: 'restored', issues: 0 });
    expect(other.requests.writes.filter(({ path }) => path.includes('/issue'))).toEqual([]);

    const plain = await backUp(simulator, { directory: testDirectory() });
    const { result, plan } = await restore(simulator, plain.directory, {
      folder: plain.result?.backup ?? '',
      relinkIssues: true,
    });
    expect(plan?.warnings[0]).toContain('does not say which issues held which objects');
    expect(result).toMatchObject({ issues: 0 });
  });

  it('are all where the login may not use issues, and the restore ends with losses', async () => {
    const linked = linkedSite();
    const { simulator, directory, backup } = await afterAccident(linked);
    simulator.faults.add({
      endpoint: '*',
      match: ({ path }) => path.includes('/rest/api/3/issue'),
      fault: { kind: 'status', status: 403 },
    });
    const { result, report } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
    expect(result).toMatchObject({ outcome: 'restored-with-losses', created: 6, issues: 0, losses: 16 });
    expect(report?.lossGroups[0]?.first[0]?.reason).toMatch(/may not (read|see)|gone/);
    simulator.faults.clear();
    const again = await relink(simulator, directory, { relink: result?.restore ?? '' });
    expect(again.result).toMatchObject({ outcome: 'restored', issues: 12 });
  });
});

describe('an approved plan', () => {
  it('holds which fields of which issues are linked: one that came later is left', async () => {
    const linked = linkedSite({ issues: 6 });
    const accident = await afterAccident(linked, { deleted: 2 });
    const { simulator, directory, backup, site, offices } = accident;
    const input = { folder: backup, relinkIssues: true };
    const planned = await restore(simulator, directory, { ...input, dryRun: true });
    expect(planned.plan?.issues).toMatchObject({ issues: 2 });
    if (offices[4]) site.deleteObject(offices[4]);
    const now = await restore(simulator, directory, { ...input, dryRun: true });
    expect(now.plan?.issues).toMatchObject({ issues: 4 });
    const { result, plan } = await restore(simulator, directory, { ...input, approve: planned.result?.hash });
    expect(plan?.issues).toMatchObject({ issues: 2 });
    expect(plan?.notApproved?.first.join()).toContain('update the issue IT-5');
    expect(result).toMatchObject({ created: 2, issues: 2 });
  });
});
