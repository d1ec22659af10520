import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { RecordedIo } from '../cli/recorded-io.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { pretendStack } from './stack-command.ts';

const backup = '2026-11-23_02-00-00';
const restore = '2026-11-24_08-00-00_9ad5c1a4';

/** A stack that has made a backup and a restore, and a machine with a folder for what is temporary. */
async function prepared() {
  const stack = await pretendStack();
  const directory = new GoldenFolder('format-1').copy('finished');
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    stack.put(path.slice(directory.length + 1).replace(/^\.work\//, ''), readFileSync(path));
  }
  const temporary = temporaryFolder();
  mkdirSync(temporary, { recursive: true });
  vi.stubEnv('TMPDIR', temporary);
  return { ...stack, temporary };
}

describe('report of a stack', () => {
  it.each([
    ['backup', backup, `Backup ${backup}`],
    ['restore', restore, 'Restore'],
  ])(
    'makes the page of a %s from the buckets, in a folder for this user alone, and writes nothing to them',
    async (kind, name, title) => {
      const { run, s3, temporary } = await prepared();
      const { exitCode, stdout, stderr } = await run(['report', name]);
      expect([exitCode, stderr]).toEqual([0, '']);
      const [, path = ''] = /^The report of \S+: (.*)\n$/.exec(stdout) ?? [];
      expect(dirname(dirname(path))).toBe(temporary);
      expect(basename(path)).toBe('report.html');
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
      const page = readFileSync(path, 'utf8');
      expect(page).toContain(`<title>${title}`);
      expect(page).toContain('s3://assets-backup-');

      const io = new RecordedIo();
      await run(['report', name, '--json'], io);
      expect(io.document()).toEqual({ type: 'report', [kind]: name, path: expect.stringContaining(temporary) });
      expect(s3.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    },
  );

  it('reads no file of objects for the page of a backup, and takes `latest` for its name', async () => {
    const { run, s3 } = await prepared();
    const { exitCode, stdout, stderr } = await run(['report', 'latest']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`The report of ${backup}: `)]);
    expect(stderr).toContain(`The latest backup that counts is ${backup}.`);
    expect(s3.requests.filter(({ key }) => /\/objects(meta)?\//.test(key))).toEqual([]);
  });

  it.each([
    ['2026-01-01_00-00-00', 10],
    ['2026-01-01_00-00-00_1a2b3c4d', 10],
  ])('of %s, which is not there, ends with %i and leaves nothing', async (name, code) => {
    const { run, temporary } = await prepared();
    const { exitCode, stdout, stderr } = await run(['report', name]);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toContain(name);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('of a list of files that is damaged is made, names it, and ends with 13', async () => {
    const { run, s3 } = await prepared();
    const list = [...s3.objects.keys()].find((key) => key.startsWith(`${backup}/manifest/files-`)) ?? '';
    s3.objects.delete(list);
    const { exitCode, stdout, stderr } = await run(['report', backup]);
    expect([exitCode, stdout]).toEqual([13, expect.stringContaining('report.html')]);
    expect(stderr).toContain(`${list} is missing`);
  });
});
