import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../simulator/start-simulator.ts';
import { afterAccident, type LinkedSite, linkedSite, linksOf, relink } from './relink-run.ts';
import { restore } from './restore-run.ts';
import { undo } from './undo-run.ts';

/** Restored with issues linked again, `deed` done, then undone as planned. */
async function undone(quirks: Partial<Quirks>, deed: (linked: LinkedSite) => void = () => {}) {
  const linked = linkedSite();
  const accident = await afterAccident(linked, { quirks });
  const { simulator, directory, backup } = accident;
  const { result } = await restore(simulator, directory, { folder: backup, relinkIssues: true });
  expect(result).toMatchObject({ outcome: 'restored', issues: 12 });
  deed(linked);
  const what = { undo: result?.restore ?? '' };
  const planned = await undo(simulator, directory, what);
  expect(planned.error).toBeUndefined();
  const done = await undo(simulator, directory, { ...what, approve: planned.result?.hash ?? null });
  expect(done.error).toBeUndefined();
  return { ...accident, planned, done, result };
}

describe.each<Partial<Quirks>>([
  { issueFieldsOfDeleted: 'dropped', invalidIssueValues: 'hidden' },
  { issueFieldsOfDeleted: 'kept', invalidIssueValues: 'hidden' },
  { issueFieldsOfDeleted: 'kept', invalidIssueValues: 'refused' },
  { issueFieldsOfDeleted: 'dropped', invalidIssueValues: 'refused' },
])('an undo of a restore that linked issues again, on a site of %o', (quirks) => {
  it('empties the issues first, and then deletes what they alone were connected to', async () => {
    const { site, planned, done, issues } = await undone(quirks);
    expect(planned.plan?.counts).toMatchObject({ setBackIssues: 12, deleted: { object: 6 } });
    expect(planned.plan?.approvals).toContain('12 fields of issues will be set back to what stood there before');
    expect(planned.plan?.warnings.join(' ')).toContain('delete:cmdb-object:jira, read:jira-work, write:jira-work');
    expect(done.result).toMatchObject({ outcome: 'restored', deleted: 6, losses: 0, differences: 0 });
    expect(done.report?.counts).toMatchObject({ setBackIssues: 12, deleted: { object: 6 } });
    expect(site.objects.size).toBe(0);
    expect(issues.flatMap(({ id }) => [...(site.issues.get(id)?.values.values() ?? [])]).flat()).toEqual([]);
  });
});

describe('an undo', () => {
  it('leaves an issue that somebody has edited since, and what it holds', async () => {
    const { site, done, issues, fields } = await undone({}, ({ site, issues, fields }) => {
      const [first, field] = [issues[0], fields[0]];
      const held = (site.issues.get(first?.id ?? 0)?.values.get(field?.id ?? 0) ?? []).map(
        (id) => site.objects.get(Number(id)) ?? [],
      );
      if (!first || !field) throw new Error('There is no issue.');
      site.editIssue(first, { [field.id]: held.flat().slice(1) });
    });
    // Office 2 is all that the edited issue holds.
    expect(done.result).toMatchObject({ outcome: 'restored-with-losses', deleted: 5 });
    expect([...site.objects.all()].map((object) => site.label(object))).toEqual(['Office 2']);
    expect(linksOf({ site, issues, fields, offices: [] })).toEqual({ [`IT-1 ${fields[0]?.id}`]: ['Office 2'] });
    expect(done.report?.stays.map(({ kind, where }) => `${kind} ${where}`).toSorted()).toMatchObject([
      expect.stringMatching(/^issue IT-1$/),
      expect.stringMatching(/^object FAC-/),
    ]);
  });

  it('leaves what an issue holds besides by a field that the restore did not write', async () => {
    const { site, done } = await undone({}, ({ site, issues, fields }) => {
      const [first, other] = [issues[0], fields[2]];
      const made = [...site.objects.all()][0];
      if (!first || !other || !made) throw new Error('There is no issue.');
      site.editIssue(first, { [other.id]: made });
    });
    expect(done.result).toMatchObject({ outcome: 'restored-with-losses', deleted: 5 });
    expect(site.objects.size).toBe(1);
  });

  it('takes back what was linked alone, and more than once, with the restore', async () => {
    const linked = linkedSite();
    const { simulator, directory, backup, site, issues, fields } = await afterAccident(linked);
    const { result } = await restore(simulator, directory, { folder: backup });
    const name = result?.restore ?? '';
    await relink(simulator, directory, { relink: name });
    const [first, field] = [issues[0], fields[0]];
    if (!first || !field) throw new Error('There is no issue.');
    // Somebody empties a field, and says afterwards that it shall be linked once more.
    site.editIssue(first, { [field.id]: [] });
    const again = await relink(simulator, directory, { relink: name });
    expect(again.report?.issues).toMatchObject({ others: 1, already: 11 });
    const planned = await undo(simulator, directory, { undo: name });
    const done = await undo(simulator, directory, { undo: name, approve: planned.result?.hash ?? null });
    expect(done.error).toBeUndefined();
    expect(done.report?.counts).toMatchObject({ setBackIssues: 11, deleted: { object: 6 } });
    expect(site.objects.size).toBe(0);
  });
});
