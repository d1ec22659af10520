import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { drillLocally } from '../../local/local-drill.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { backUp, testClock, testSimulator } from './local-run.ts';
import { companySite } from './restore-company.ts';

/** A folder with a backup of the company, and another site with its login in a file. */
async function company() {
  const source = await testSimulator({ site: companySite().site });
  const { directory, result } = await backUp(source);
  const target = await testSimulator({
    site: emptySiteLike(companySite().site, { workspaceId: crypto.randomUUID() }),
  });
  const site = join(directory, '..', `${crypto.randomUUID()}.json`);
  writeFileSync(site, JSON.stringify({ siteName: target.url, apiUrl: target.url, ...target.credentials }));
  const product = pretendProduct(undefined, {
    drill: (options) => drillLocally({ ...options, clock: testClock }),
  }).product;
  const run = async (...argv: readonly string[]) => {
    const io = new RecordedIo();
    const exitCode = await runCommandLine(argv, io, product);
    return { exitCode, text: io.stdout.text, stderr: io.stderr.text };
  };
  return { directory, backup: result?.backup ?? '', target, site, run };
}

describe('the command drill', { timeout: 60_000 }, () => {
  it('says what was covered, what was not, and how to start the next; `status` tells of it afterwards', async () => {
    const { directory, backup, site, run } = await company();
    const words = ['drill', '--local', directory, '--site', site] as const;
    // A place and a laptop: the laptop's peer is not among them.
    writeFileSync(join(directory, 'settings.json'), JSON.stringify({ drill: { sample: 1 } }));
    expect((await run('status', '--local', directory)).text).not.toContain('drill');
    const { exitCode, text } = await run(...words);
    expect(exitCode).toBe(0);
    expect(text).toMatch(/Compared +2 objects, \d+ values, \d+ comments?/);
    expect(text).toMatch(/Covered .*reference \(\d\)/);
    expect(text).toMatch(/Not covered \(\d\):\n(.*\n)*.*Peer/);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^The drill passed: .*${backup}.*Next time: npx assets-backup drill --local .* --site .*$`),
    );
    const status = await run('status', '--local', directory);
    expect(status.exitCode).toBe(0);
    expect(status.text).toMatch(/Last drill: \S+, of \S+, on \S+, passed \d{4}-\d\d-\d\d/);
    const documented = JSON.parse((await run('status', '--local', directory, '--json')).text);
    expect(documented.drill).toMatchObject({ backup, scratch: 'removed', ended: { outcome: 'passed' } });
  });

  it('leaves a page, which `report` makes anew', async () => {
    const { directory, backup, site, run } = await company();
    const { text } = await run('drill', '--local', directory, '--site', site);
    const [, path = ''] = /^ +Report +(\S+\/report\.html)$/m.exec(text) ?? [];
    const drill = basename(dirname(path));
    expect(path).toBe(join(directory, '.work/drills', drill, 'report.html'));
    const own = readFileSync(path, 'utf8');
    expect(own).toContain(`Restore drill ${drill}`);
    expect(own).toContain(backup);
    expect(own).toContain('What was tried of the backup comes back as it is stored.');
    rmSync(path);
    expect(await run('report', drill, '--local', directory)).toEqual({
      exitCode: 0,
      text: `The report of ${drill}: ${path}\n`,
      stderr: '',
    });
    const times = /<time [^>]*>[^<]*<\/time>/g;
    expect(readFileSync(path, 'utf8').replace(times, '')).toBe(own.replace(times, ''));
    expect(JSON.parse((await run('report', drill, '--local', directory, '--json')).text)).toEqual({
      ...{ type: 'report', drill, path },
    });
    rmSync(join(dirname(path), 'report.json'));
    const none = await run('report', drill, '--local', directory);
    expect([none.exitCode, none.stderr.includes(`The drill ${drill} has not come to its end`)]).toEqual([10, true]);
  });

  it('ends with 14 where there are differences, with the report for programs as one document', async () => {
    const { directory, target, site, run } = await company();
    // The site takes comments, and loses what they say.
    target.onRequest('comment-create', () => {
      for (const list of target.site.commentLists.values()) for (const comment of list) comment.role = 9;
    });
    const { exitCode, text } = await run('drill', '--local', directory, '--site', site, '--json');
    expect(exitCode).toBe(14);
    const document = JSON.parse(text);
    expect(document).toMatchObject({ type: 'drill', outcome: 'differences-found', exitCode: 14 });
    expect(document.found.length).toBe(document.differences);
    expect(JSON.parse(readFileSync(document.paths.report, 'utf8'))).toMatchObject({ outcome: 'differences-found' });
    expect(readFileSync(document.paths.reportText, 'utf8')).toContain('Differences:');
    const status = await run('status', '--local', directory);
    expect(status.text).toContain('found differences');
  });

  it('says in a sentence that there is no backup, and that a killed or failed drill left something', async () => {
    const { directory, target, site, run } = await company();
    const none = await run('drill', '--local', join(directory, 'no'), '--site', site);
    expect(none.exitCode).toBe(10);
    target.faults.add({
      endpoint: '*',
      match: ({ method }) => method === 'DELETE',
      fault: { kind: 'status', status: 403 },
    });
    const refused = await run('drill', '--local', directory, '--site', site);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('may not delete the scratch schema');
    expect((await run('status', '--local', directory)).text).toMatch(/Last drill: .* failed .*may not delete/);
  });
});
