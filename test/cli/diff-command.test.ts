import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { DiffLine } from '../../core/diff/diff-lines.ts';
import { writeSettings } from '../../demo/settings.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { StoredObject } from '../../simulator/site/records.ts';
import { damageAll } from '../end-to-end/damaged-files.ts';
import { backUp, testClock, testSimulator } from '../end-to-end/local-run.ts';
import { companySite } from '../end-to-end/restore-company.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder with two backups of a company, between which people have worked, and a command that works there. */
async function prepared(work: (company: ReturnType<typeof companySite>) => void, { laptops = 0 } = {}) {
  const company = companySite();
  const { site, laptop } = company;
  for (let number = 6; number < laptops; number += 1) {
    const name = `Laptop ${String(number).padStart(2, '0')}`;
    company.laptops.push(site.addObject({ type: laptop, name, values: { 'Serial number': `S-${number}` } }));
  }
  const simulator = await testSimulator({ site });
  const directory = temporaryFolder();
  const first = await backUp(simulator, { directory });
  testClock.pass(3_600_000);
  work(company);
  const second = await backUp(simulator, { directory });
  const names = [first.result?.backup ?? '', second.result?.backup ?? ''] as const;
  const file = join(directory, 'site.json');
  await writeSettings(file, simulator);
  const { product } = pretendProduct(undefined, { openBackups: async (folder) => openLocalStores(folder).backups });
  const run = async (...words: string[]) => {
    const io = Object.assign(new RecordedIo(), { now: () => testClock.now() });
    const code = await runCommandLine(['diff', ...words, '--local', directory], io, product);
    return { code, io, stdout: io.stdout.text, stderr: io.stderr.text };
  };
  return { ...company, simulator, directory, names, file, run };
}

const linesOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

function usualWork({ site, laptops, places, users, docks }: ReturnType<typeof companySite>): void {
  const [first, second, third] = laptops as [StoredObject, StoredObject, StoredObject];
  site.updateObject(first, { Owner: users[1] ?? [], Place: places[2] ?? [], Note: [] });
  site.comment({ object: first, text: 'seen' });
  site.deleteObject(second);
  site.moveObject(third, docks);
  site.createObject({ type: docks, name: 'Dock\u001b[31m 1' });
}

describe('diff of two backups', () => {
  it('is told in words, place by place, value by value', async () => {
    const { run, names, laptops } = await prepared(usualWork);
    const { code, stdout } = await run(...names);
    expect(code).toBe(14);
    const [first, second, third] = laptops.map(({ id }) => `ASSETS-${id}`);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `  Before  ${names[0]}`,
        `  After   ${names[1]}`,
        'ASSETS, Hardware/Laptop: 1 removed, 1 changed',
        `  - ${second}  Laptop 1`,
        `  ~ ${first}  Laptop 0`,
        '      Place: Office SYD → Office LIS',
        '      Owner: Ada → Grace',
        '      Note: note of 0 → (none)',
        '      Comments: 1 → 2',
        'ASSETS, Dock: 1 added, 1 changed',
        `  ~ ${third}  Laptop 2`,
        '      was Hardware/Laptop',
      ]),
    );
    expect(stdout).toContain('Dock\\u001b[31m 1');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '4 objects differ (1 added, 1 removed, 2 changed); 6 objects are the same.',
    );
  });

  it('0 where nothing differs', async () => {
    const { run, names } = await prepared(() => {});
    const { code, stdout } = await run(names[0], 'latest');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('No difference: 9 objects are the same.');
  });

  it('says by what the same are the same, since a file that is cut is not read for that', async () => {
    const { run, names, directory } = await prepared(() => {});
    damageAll(directory, names[1], /\/objectsmeta\//, 'flipped in a bit');
    for (const more of [[], ['--summary']]) {
      const { code, stdout, stderr } = await run(...names, ...more);
      expect(code).toBe(0);
      expect(stdout).toContain('No difference: 9 objects are the same.');
      expect(stderr).toContain(
        'The same are those that are listed alike: whether their files are whole, `verify` says.',
      );
    }
  });

  it('with --json is a line a difference, and one with the counts', async () => {
    const { run, names, directory } = await prepared(usualWork);
    const { code, stdout, stderr } = await run(...names, '--json');
    expect(code).toBe(14);
    const lines = linesOf(stdout);
    expect(lines.slice(0, -1).map(({ kind, change }) => [kind, change])).toHaveLength(4);
    expect(lines.at(-1)).toMatchObject({
      ...{ type: 'diff', directory, left: names[0], right: names[1], isEqual: false, exitCode: 14 },
      configuration: { added: 0, removed: 0, changed: 0 },
      objects: expect.arrayContaining([{ schema: 'ASSETS', type: 'Dock', added: 1, removed: 0, changed: 1, same: 0 }]),
    });
    expect(stderr).toBe('');
  });

  it('with --summary is counts alone', async () => {
    const { run, names } = await prepared(usualWork);
    const { code, stdout } = await run(...names, '--summary');
    expect(code).toBe(14);
    expect(stdout).toMatch(/^ +Schema +Object type +Added +Removed +Changed +Same$/m);
    expect(stdout).toMatch(/^ +ASSETS +Hardware\/Laptop +0 +1 +1 +3$/m);
    expect(stdout).not.toContain('Laptop 1');
    expect(linesOf((await run(...names, '--summary', '--json')).stdout)).toHaveLength(1);
  });

  it('is asked for in part', async () => {
    const { run, names, laptops } = await prepared(usualWork);
    const told = async (...words: string[]) =>
      linesOf((await run(...names, '--json', ...words)).stdout)
        .slice(0, -1)
        .map(({ id }) => Number(id));
    const [first, second, third] = laptops.map(({ id }) => id);
    expect(await told('--schema', 'FAC')).toEqual([]);
    expect((await told('--type', 'Laptop')).toSorted()).toEqual([first, second, third]);
    expect(await told('--object', `ASSETS-${second}`)).toEqual([second]);
    expect(await told('--schema', 'FAC', '--schema', 'ASSETS', '--attribute', 'Owner')).toContain(first);
  });

  it('shows the beginning of a long list, and names the file that has all of it', async () => {
    const { run, names, directory, laptops } = await prepared(
      ({ site, laptops }) => {
        for (const laptop of laptops) site.updateObject(laptop, { Note: 'x'.repeat(200) });
      },
      { laptops: 30 },
    );
    const { stdout } = await run(...names);
    expect(stdout.match(/^ {2}~ /gm)).toHaveLength(10);
    expect(stdout).toContain('  and 20 more changed\n');
    expect(stdout).toMatch(/Note: .* → x{71}…$/m);
    const [, path = ''] = /^Not all of it is shown\. All of it, a line of JSON each: (.*)$/m.exec(stdout) ?? [];
    expect(path.startsWith(join(directory, '.work', 'diffs'))).toBe(true);
    const lines = linesOf(readFileSync(path, 'utf8'));
    expect(lines).toHaveLength(laptops.length);
    expect((lines[0] as unknown as DiffLine).kind).toBe('object');
    // Old ones go as soon as another one is kept; what is short needs no file.
    testClock.pass(8 * 86_400_000);
    await run(...names);
    expect(() => readFileSync(path)).toThrow(/ENOENT/);
    const { work } = openLocalStores(directory);
    const files = await Array.fromAsync(work.list('diffs/'));
    await run(...names, '--attribute', 'Owner');
    expect(await Array.fromAsync(work.list('diffs/'))).toEqual(files);
  });
});

describe('diff --live', () => {
  it('compares with the site as it is', async () => {
    const { run, names, file, site, laptops } = await prepared(() => {});
    const same = await run(names[1], '--live', '--site', file);
    expect(same.code).toBe(0);
    expect(same.stdout).toContain('Not compared (1):\n  - Comments and history are not compared with a site');
    expect(same.stdout.trimEnd().split('\n').at(-1)).toBe(
      'No difference in what was compared: 9 objects are the same.',
    );
    site.deleteObject(laptops[0] as StoredObject);
    const { code, stdout } = await run('latest', '--live', '--site', file, '--json');
    expect(code).toBe(14);
    const lines = linesOf(stdout);
    // Its peer has lost a reference.
    expect(lines.map(({ change }) => change)).toEqual(['changed', 'removed', undefined]);
    expect(lines.at(-1)).toMatchObject({ type: 'diff', right: site.linkBase, exitCode: 14 });
  });

  it('ends with the error of a site that does not answer, or is another one', async () => {
    const { run, names, file, simulator } = await prepared(() => {});
    simulator.revokeLogin();
    expect((await run(names[1], '--live', '--site', file)).code).toBe(12);
    const other = await testSimulator({
      site: companySite({ workspaceId: 'ffffffff-0000-4000-8000-000000000000' }).site,
    });
    await writeSettings(file, other);
    const { code, stderr } = await run(names[1], '--live', '--site', file);
    expect(code).toBe(2);
    expect(stderr).toContain('a backup is compared with its own site');
  });
});

describe('diff that cannot be made', () => {
  it.each([
    [['one'], 'What is it to be compared with?'],
    [['one', 'two', '--live'], '--live compares one backup with its site'],
    [['one', 'two', '--site', 'site.json'], '--site goes with --live only'],
    [['one', '--live', '--type', '--summary'], 'It needs a name'],
  ])('%j is wrong usage', async (words, sentence) => {
    const io = new RecordedIo();
    expect(await runCommandLine(['diff', ...words, '--local', temporaryFolder()], io, pretendProduct().product)).toBe(
      2,
    );
    expect(io.stderr.text).toContain(sentence);
  });

  it('10 for a backup that is not there, 13 for one that is damaged', async () => {
    const { run, names, directory } = await prepared(() => {});
    expect((await run(names[0], '2020-01-01_00-00-00')).code).toBe(10);
    writeFileSync(join(directory, names[0], 'manifest.json'), '{}');
    expect((await run(...names)).code).toBe(13);
  });
});
