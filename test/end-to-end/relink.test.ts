import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IssueField } from '../../simulator/site/issue-records.ts';
import { copy } from '../core/copy/copy-run.ts';
import { testDirectory } from './local-run.ts';
import { afterAccident, issueLinesIn, linkedSite, linksOf, namesIn, relink } from './relink-run.ts';
import { restore } from './restore-run.ts';

const ways = ['dropped', 'kept'] as const;

describe.each(ways)('a restore that links issues again, where a site has %s what was deleted', (way) => {
  it('has every issue show what was made, one that somebody has edited left as it is', async () => {
    const linked = linkedSite({ issues: 1_000, offices: 40 });
    const before = linksOf(linked);
    const accident = await afterAccident(linked, { quirks: { issueFieldsOfDeleted: way } });
    const { site, simulator, directory, backup, fields, issues } = accident;
    const edited = issues[7];
    const field = fields[1];
    if (!edited || !field) throw new Error('The site has too few issues.');
    const other = site.addObject({ type: site.type(linked.offices[0]?.typeId ?? 0), name: 'Another' });
    site.editIssue(edited, { [field.id]: other });

    const { result, report, error } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'restored', created: 40, issues: 999, losses: 0 });
    expect(linksOf(accident)).toEqual({ ...before, [`${edited.key} ${field.id}`]: ['Another'] });
    expect(report?.issues).toMatchObject({ issues: 999, fields: 999, already: 0, others: 1, lost: 0 });
    expect(report?.notices.join('\n')).toContain(`Asset of ${edited.key}`);
    const changes = issues.flatMap(({ id }) => site.issues.get(id)?.changes ?? []);
    expect(changes.filter(({ notified }) => notified)).toHaveLength(1);
    expect(issueLinesIn(directory, result?.restore ?? '').filter(({ outcome }) => outcome === 'other')).toHaveLength(1);
  }, 120_000);
});

describe('issues that are linked again', () => {
  it('keep two fields of one name apart, and the order of several objects', async () => {
    const linked = linkedSite({ offices: 4, issues: 0 });
    const { site, offices, fields } = linked;
    const [first, second] = fields as [IssueField, IssueField];
    const issue = site.addIssue({
      key: 'IT-1',
      fields: { [first.id]: offices.slice(0, 3), [second.id]: offices.slice(2) },
    });
    const { simulator, directory, backup } = await afterAccident({ ...linked, issues: [issue] }, { deleted: 3 });
    const { result } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
    expect(result).toMatchObject({ outcome: 'restored', created: 3, issues: 1 });
    expect(namesIn(site, issue, first)).toEqual(['Office 1', 'Office 2', 'Office 3']);
    expect(namesIn(site, issue, second)).toEqual(['Office 3', 'Office 4']);
  });

  it('are linked alone too, after a restore that did not, and once more without a write', async () => {
    const linked = linkedSite();
    const before = linksOf(linked);
    const accident = await afterAccident(linked);
    const { simulator, directory, backup, site, issues } = accident;
    const { result: restored } = await restore(simulator, directory, { folder: backup });
    expect(restored).not.toHaveProperty('issues');
    const name = restored?.restore ?? '';
    const planned = await relink(simulator, directory, { relink: name, dryRun: true });
    expect(planned.error).toBeUndefined();
    expect(planned.result).toMatchObject({ outcome: 'planned', relink: name, issues: 12 });
    expect(issues.flatMap(({ id }) => site.issues.get(id)?.changes ?? [])).toEqual([]);

    const { result, error } = await relink(simulator, directory, { relink: name });
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'restored', relink: name, issues: 12, losses: 0 });
    expect(linksOf(accident)).toEqual(before);
    const pageOf = (of: string) => readFileSync(join(directory, '.work/restores', of, 'report.html'), 'utf8');
    const page = pageOf(result?.restore ?? '');
    expect(page).toContain(`Issues linked again ${result?.restore}`);
    expect(page).toContain('12 issues hold what was made in the place of what was deleted; no link is lost.');
    expect(pageOf(planned.result?.restore ?? '')).toContain('Planned: nothing was written');
    expect(pageOf(name)).toContain(`Restore ${name}`);
    const again = await relink(simulator, directory, { relink: name });
    expect(again.report?.issues).toMatchObject({ issues: 0, already: 12, others: 0 });
    expect(issues.flatMap(({ id }) => site.issues.get(id)?.changes ?? [])).toHaveLength(12);
  });

  it('are known to be linked where the backup was copied with its journals, and taken out by somebody they stay so', async () => {
    const linked = linkedSite();
    const { simulator, directory, backup, site, issues, fields } = await afterAccident(linked);
    const { result } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
    expect(result).toMatchObject({ outcome: 'restored', issues: 12 });
    const to = testDirectory();
    await copy(directory, to, backup, { withJournals: true });
    const [first, field] = [issues[0], fields[0]];
    if (!first || !field) throw new Error('There is no issue.');
    site.editIssue(first, { [field.id]: [] });
    const again = await restore(simulator, to, { folder: backup, relinkIssues: true });
    expect(again.error).toBeUndefined();
    expect(again.result).toMatchObject({ outcome: 'restored', created: 0, issues: 0 });
    expect(again.report?.issues).toMatchObject({ already: 11, others: 1, lost: 0 });
    expect(namesIn(site, first, field)).toEqual([]);
  });

  it('are linked one by one where invocations never have time', async () => {
    const linked = linkedSite({ issues: 230 });
    const before = linksOf(linked);
    const accident = await afterAccident(linked);
    const { simulator, directory, backup } = accident;
    const { result: restored } = await restore(simulator, directory, { folder: backup });
    const options = { remainingMilliseconds: () => 0 };
    const { result } = await relink(simulator, directory, { relink: restored?.restore ?? '' }, options);
    expect(result).toMatchObject({ outcome: 'restored', issues: 230 });
    expect(linksOf(accident)).toEqual(before);
  });
});
