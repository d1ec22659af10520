import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import type { BackupsAnswer, PlaceAnswer, SearchAnswer } from '../../pages/answers.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { startCommand } from './command-process.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const golden = new GoldenFolder('format-2');
const backup = '2026-11-25_02-00-00';

/** The command in this process, until Ctrl-C. */
async function started(argv: readonly string[]) {
  const { product } = pretendProduct(undefined, {
    openBackups: async (directory) => openLocalStores(directory).backups,
  });
  const io = new RecordedIo();
  const ended = runCommandLine(['browse', ...argv], io, product);
  await Promise.race([ended, untilPrinted(io)]);
  return { io, ended };
}

async function untilPrinted({ stdout }: RecordedIo): Promise<void> {
  while (stdout.text === '') await new Promise((resolve) => setTimeout(resolve, 10));
}

async function asked<Answer>(address: string, path: string): Promise<Answer> {
  const { origin, hash } = new URL(address);
  const answer = await fetch(`${origin}/api/${path}`, { headers: { 'x-assets-backup-token': hash.slice(1) } });
  return (await answer.json()) as Answer;
}

describe('browse', () => {
  it('prints the address with its token, serves until Ctrl-C, and has done its work then', async () => {
    const directory = golden.copy();
    const { io, ended } = await started(['--local', directory, '--json']);
    const { type, address, directory: told } = io.document() as { type: string; address: string; directory: string };
    expect({ type, told }).toEqual({ type: 'browse', told: directory });
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}$/);
    expect(await asked<PlaceAnswer>(address, 'place')).toMatchObject({
      restoreWords: ['--local', directory, '--site', 'site.json'],
      searchesValues: true,
    });
    expect((await asked<BackupsAnswer>(address, 'backups')).backups).toHaveLength(3);
    const page = await fetch(new URL(address).origin);
    expect(await page.text()).toContain('/page.js');
    const script = await (await fetch(new URL('/page.js', address))).text();
    const style = await (await fetch(new URL('/page.css', address))).text();
    expect(script.length + style.length).toBeGreaterThan(10_000);
    // The promise is 150 KB; a page that grows towards it should be looked at before.
    expect(Buffer.byteLength(script) + Buffer.byteLength(style)).toBeLessThan(150_000);
    io.pressCtrlC();
    expect(await ended).toBe(0);
    expect(io.stderr.text).toBe('');
    await expect(fetch(new URL('/', address))).rejects.toThrow();
  });

  it('has the restore commands name the site that is given, which is not read', async () => {
    const directory = golden.copy();
    const { io, ended } = await started(['--local', directory, '--site', 'my sites/ours.json', '--json']);
    const { address } = io.document() as { address: string };
    expect((await asked<PlaceAnswer>(address, 'place')).restoreWords).toEqual([
      ...['--local', directory, '--site', 'my sites/ours.json'],
    ]);
    io.pressCtrlC();
    expect(await ended).toBe(0);
  });

  it.each([
    [['--stack', 'AssetsBackup', '--site', 'site.json'], '--site goes with --local only'],
    [['--local', '.', '--site', ''], 'It needs a path'],
  ])('%j is a mistake', async (words, sentence) => {
    const { io, ended } = await started(words);
    expect(await ended).toBe(2);
    expect(io.stderr.text).toContain(sentence);
  });

  it('says in words where to look, and how it ends', async () => {
    const { io, ended } = await started(['--local', golden.copy()]);
    expect(io.stdout.text).toMatch(/is shown at http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}\nCtrl-C ends it\.\n$/);
    io.pressCtrlC();
    expect(await ended).toBe(0);
  });

  it.each([[[]], [['--debug']]])(
    'tells of a fault of its own where it was, and never what it says: %j',
    async (options) => {
      const directory = golden.copy();
      const backups = openLocalStores(directory).backups;
      backups.read = async () => {
        throw new TypeError('the value of somebody');
      };
      const { product } = pretendProduct(undefined, { openBackups: async () => backups });
      const io = new RecordedIo();
      const ended = runCommandLine(['browse', '--local', directory, '--json', ...options], io, product);
      await untilPrinted(io);
      const { address } = io.document() as { address: string };
      expect(JSON.stringify(await asked(address, `backup?backup=${backup}`))).not.toContain('somebody');
      io.pressCtrlC();
      expect(await ended).toBe(0);
      expect(io.stderr.text).toContain('(TypeError)');
      expect(/^ {4}at /m.test(io.stderr.text)).toBe(options.length > 0);
      expect(io.stderr.text).not.toContain('somebody');
    },
  );

  it('leaves nothing in a folder without backups, which somebody may have mistyped', async () => {
    const directory = temporaryFolder();
    const { io, ended } = await started(['--local', directory, '--json']);
    const { address } = io.document() as { address: string };
    expect(await asked<BackupsAnswer>(address, 'backups')).toEqual({ backups: [] });
    io.pressCtrlC();
    expect(await ended).toBe(0);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('needs a folder that is there', async () => {
    const { ended, io } = await started(['--local', join(temporaryFolder(), 'nothing')]);
    expect(await ended).toBe(10);
    expect(io.stdout.text).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends as a process by %s: no word of SQLite, no temporary file',
    async (signal) => {
      const directory = golden.copy();
      const temporary = temporaryFolder();
      const { child, ended } = startCommand(['browse', '--local', directory, '--json'], { env: { TMPDIR: temporary } });
      const line = await new Promise<string>((resolve) => child.stdout?.once('data', resolve));
      const { address } = JSON.parse(line) as { address: string };
      let found: SearchAnswer;
      do found = await asked<SearchAnswer>(address, `search?backup=${backup}&words=laptop`);
      while (found.state === 'indexing');
      child.kill(signal);
      const { exitCode, stderr } = await ended;
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(readdirSync(temporary)).toEqual([]);
      expect(readdirSync(join(directory, '.work', 'browse'))).toHaveLength(1);
      expect(existsSync(join(directory, 'logs'))).toBe(false);
    },
  );
});
