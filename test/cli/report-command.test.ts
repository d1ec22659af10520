import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { keepPrivately } from '../../cli/private-page.ts';
import { damageAll } from '../end-to-end/damaged-files.ts';
import { backUp, testClock, testDirectory, testSimulator } from '../end-to-end/local-run.ts';
import { companySite } from '../end-to-end/restore-company.ts';
import { restore } from '../end-to-end/restore-run.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';

async function run(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const io = new RecordedIo();
  Object.assign(io.env, env);
  const product = { ...pretendProduct().product, openBackups: await realBackups() };
  const code = await runCommandLine(['report', ...words], io, product);
  return { code, text: io.stdout.text, stderr: io.stderr.text };
}

async function realBackups() {
  const { openLocalStores } = await import('../../local/local-stores.ts');
  return async (directory: string) => openLocalStores(directory).backups;
}

async function backedUp() {
  const { site, laptops } = companySite();
  const simulator = await testSimulator({ site });
  const { directory, result } = await backUp(simulator);
  return { site, laptops, simulator, directory, backup: result?.backup ?? '' };
}

describe('report', () => {
  it('makes the page of a backup and of a restore anew, and says where it is', async () => {
    const { site, laptops, simulator, directory, backup } = await backedUp();
    for (const laptop of laptops.slice(0, 1)) site.deleteObject(laptop);
    const { result } = await restore(simulator, directory, { folder: backup });
    const names = [
      ['backup', backup, 'reports'],
      ['restore', result?.restore ?? '', 'restores'],
    ] as const;
    for (const [kind, name, folder] of names) {
      const path = join(directory, '.work', folder, name, 'report.html');
      const own = readFileSync(path, 'utf8');
      rmSync(path);
      expect(await run([name, '--local', directory])).toEqual({
        code: 0,
        text: `The report of ${name}: ${path}\n`,
        stderr: '',
      });
      const times = /<time [^>]*>[^<]*<\/time>/g;
      expect(readFileSync(path, 'utf8').replace(times, '')).toBe(own.replace(times, ''));
      const { text } = await run([name, '--local', directory, '--json']);
      expect(JSON.parse(text)).toEqual({ type: 'report', [kind]: name, path });
    }
    const latest = await run(['latest', '--local', directory]);
    expect(latest.text).toContain(`The report of ${backup}: `);
  });

  it.each(['first', 'second'] as const)(
    'of a backup says what keeps it from telling what has changed, and ends with 13, where the %s of two lists no objects any more',
    async (damaged) => {
      const { simulator, directory, backup: first } = await backedUp();
      testClock.pass(3_600_000);
      const { manifest } = await backUp(simulator, { directory });
      const second = manifest?.name ?? '';
      const [key = ''] = damageAll(directory, { first, second }[damaged], /\/manifest\/activity/, 'removed');
      const sentence = `What has changed since ${first} cannot be told: ${key} is missing.`;
      const { code, stderr } = await run([second, '--local', directory]);
      expect([code, stderr]).toEqual([13, expect.stringContaining(`Warning: ${sentence}`)]);
      const { text } = await run([second, '--local', directory, '--json']);
      const { path, damage } = JSON.parse(text) as { path: string; damage: string[] };
      expect(damage).toEqual([sentence]);
      expect(readFileSync(path, 'utf8')).toContain('Damaged (1)');
    },
  );

  it('of a backup says that it goes by lists, and that files of objects may be damaged all the same', async () => {
    const { directory, backup } = await backedUp();
    damageAll(directory, backup, /\/objectsmeta\//, 'flipped in a bit');
    const { code, text } = await run([backup, '--local', directory]);
    expect(code).toBe(0);
    const page = readFileSync(text.trim().replace(/^.*: /, ''), 'utf8');
    expect(page).toContain(
      `No file of objects was read for it: whether all are whole, assets-backup verify ${backup} says.`,
    );
    expect(page).not.toContain('Damaged');
  });

  it.each([
    ['a list of files', /\/manifest\/files-/],
    ['a list of types', /\/ASSETS\/config\/objecttypes/],
  ])('of a backup of which %s is damaged is made, names it, and ends with 13', async (_, file) => {
    const { directory, backup } = await backedUp();
    const [key = ''] = damageAll(directory, backup, file, 'removed');
    const { code, text, stderr } = await run([backup, '--local', directory]);
    expect(code).toBe(13);
    expect(stderr).toContain(key);
    const page = readFileSync(text.trim().replace(/^.*: /, ''), 'utf8');
    expect(page).toMatch(/<h2[^>]*>Damaged \(\d\)/);
    expect(page).toContain(key);
    const { text: asJson } = await run([backup, '--local', directory, '--json']);
    expect(JSON.parse(asJson)).toMatchObject({ damage: expect.arrayContaining([expect.stringContaining(key)]) });
  });

  it('of what is not there is 10, and writes nothing', async () => {
    const { directory } = await backedUp();
    for (const name of ['2026-01-01_00-00-00', '2026-01-01_00-00-00_1a2b3c4d', 'no-name']) {
      const { code, text, stderr } = await run([name, '--local', directory]);
      expect([code, text]).toEqual([10, '']);
      expect(stderr).toContain(name);
    }
    expect(existsSync(join(directory, '.work', 'restores'))).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')(
    'is opened by the system, and where that fails there is a sentence',
    async () => {
      const { directory, backup } = await backedUp();
      const bin = testDirectory();
      const opener = join(bin, 'xdg-open');
      const opened = join(bin, 'opened');
      const answer = (code: number) => {
        writeFileSync(opener, `#!/bin/sh\nprintf '%s' "$1" > '${opened}'\nexit ${code}\n`);
        chmodSync(opener, 0o755);
      };
      answer(0);
      expect((await run([backup, '--local', directory, '--open'], { PATH: bin })).code).toBe(0);
      expect(readFileSync(opened, 'utf8')).toBe(join(directory, '.work', 'reports', backup, 'report.html'));
      answer(4);
      const failed = await run([backup, '--local', directory, '--open'], { PATH: bin });
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(
        /xdg-open could not open the report: it ended with 4\. Open .*report\.html in a browser\./,
      );
      const none = await run([backup, '--local', directory, '--open'], { PATH: testDirectory() });
      expect(none.code).toBe(1);
      expect(none.stderr).toContain('xdg-open could not open the report');
    },
  );

  it('of a stack lies where nobody else can read it', async () => {
    const path = await keepPrivately('reports/2026-11-23_02-00-00/report.html', '<p>');
    expect(readFileSync(path, 'utf8')).toBe('<p>');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    rmSync(join(path, '..'), { recursive: true });
  });
});
