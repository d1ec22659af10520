import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { relinkLocally } from '../../local/local-restore.ts';
import { settingsFor, testClock } from '../end-to-end/local-run.ts';
import { afterAccident, linkedSite, linksOf } from '../end-to-end/relink-run.ts';
import { restore } from '../end-to-end/restore-run.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';

/** A site after a restore that has left its issues as they were, and the command line against it. */
async function restored() {
  const linked = linkedSite();
  const before = linksOf(linked);
  const accident = await afterAccident(linked);
  const { simulator, directory, backup } = accident;
  const { result } = await restore(simulator, directory, { folder: backup });
  const file = join(directory, 'target.json');
  const { requestBudget } = settingsFor(simulator);
  const login = { siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials };
  writeFileSync(file, JSON.stringify({ ...login, requestBudget }), { mode: 0o600 });
  const { product } = pretendProduct(undefined, {
    relink: (options) => relinkLocally({ ...options, clock: testClock }),
  });
  const run = async (...argv: readonly string[]) => {
    const io = new RecordedIo({ columns: 100 });
    const exitCode = await runCommandLine([...argv, '--local', directory, '--site', file], io, product);
    return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
  };
  return { ...accident, before, name: result?.restore ?? '', run };
}

describe('the command relink', () => {
  it('says first what it would write, and then links the issues again', async () => {
    const { before, name, run, issues, site, ...accident } = await restored();
    const planned = await run('relink', name, '--dry-run');
    expect(planned.exitCode).toBe(0);
    expect(planned.stdout).toContain('Planned: 12 issues would hold what was made in the place of what was deleted');
    expect(issues.flatMap(({ id }) => site.issues.get(id)?.changes ?? [])).toEqual([]);

    const done = await run('relink', name);
    expect(done.exitCode).toBe(0);
    expect(done.stdout).toContain('Linked again: 12 issues hold what was made in the place of what was deleted');
    expect(done.stdout).toMatch(/Asset \(customfield_\d+\): 4 issues/);
    expect(linksOf({ ...accident, issues, site })).toEqual(before);

    // And does not ask for what would do nothing.
    const again = await run('relink', name, '--dry-run');
    expect(again.stdout).toContain('12 fields hold it already. Nothing was changed, and nothing is left to do.');
    expect(again.stdout).not.toContain('Carry it out');
  });

  it('ends with 3 where an issue cannot be linked, and names it, as a document too', async () => {
    const { name, run, issues, site } = await restored();
    const [archived, gone] = issues;
    if (!archived || !gone) throw new Error('There are too few issues.');
    site.archiveIssue(archived);
    site.deleteIssue(gone);
    const { exitCode, stdout } = await run('relink', name, '--json');
    expect(exitCode).toBe(3);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ type: 'relink', relink: name, issues: 10, losses: 3, exitCode: 3 });
    const reasons = document.report.losses.map(({ where, reason }: Record<string, string>) => `${where}: ${reason}`);
    expect(reasons.toSorted()).toEqual([
      expect.stringMatching(/^IT-1: .*archived/),
      'IT-2: the issue is gone, or this login may not see it',
    ]);
  });

  it('refuses a name that is no restore, and one of an undo or of itself, with usage', async () => {
    const { name, run } = await restored();
    const nothing = await run('relink', '2026-01-01_00-00-00_00000000');
    expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('There is no restore 2026-01-01')]);
    const { stdout } = await run('relink', name, '--json');
    const itself = await run('relink', JSON.parse(stdout).restore);
    expect([itself.exitCode, itself.stderr]).toEqual([2, expect.stringContaining('is a linking of issues itself')]);
    const undone = await run('undo', JSON.parse(stdout).restore, '--dry-run');
    expect([undone.exitCode, undone.stderr]).toEqual([2, expect.stringContaining(`undo that one`)]);
  });
});
