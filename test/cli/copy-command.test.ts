import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { filesIn } from '../core/copy/copy-run.ts';
import { damages, keysIn } from '../end-to-end/damaged-files.ts';
import { GoldenFolder } from '../golden/golden-folder.ts';
import { manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const golden = new GoldenFolder('format-1');
const backup = '2026-11-23_02-00-00';
const { product } = pretendProduct(manifest(), {
  openBackups: async (directory) => openLocalStores(directory).backups,
});

async function run(argv: readonly string[], io = new RecordedIo()) {
  const exitCode = await runCommandLine(['copy', ...argv], io, product);
  return { exitCode, io, stdout: io.stdout.text, stderr: io.stderr.text };
}

function prepared(work?: 'finished') {
  const from = golden.copy(work);
  const to = join(temporaryFolder(), 'off site');
  return { from, to, copy: (...more: string[]) => run([backup, '--from', from, '--to', to, ...more]) };
}

describe('copy', () => {
  it('copies into a folder that is not there yet, and says what it is there', async () => {
    const { from, to, copy } = prepared();

    const { exitCode, stdout, stderr } = await copy();

    expect(stderr).toMatch(new RegExp(`^Copying ${backup} from .* to .*off site\n`));
    expect(exitCode).toBe(0);
    expect(filesIn(to, backup)).toEqual(filesIn(from, backup));
    expect(stdout).toMatch(/^ {2}Backup +2026-11-23_02-00-00, complete-with-gaps$/m);
    expect(stdout).toMatch(/^ {2}Files +89 copied, \d+ kB$/m);
    expect(stdout).toMatch(/^ {2}Checked +every byte, before and after$/m);
    expect(stdout).not.toContain('Restores');
    expect(stdout).toContain('There it is a copy: it can be restored, shown and verified by its name');
    expect(stdout.trimEnd()).toMatch(/is whole in .*\. Look into it: npx assets-backup show .* --local '.*off site'$/);
  });

  it('says plainly where it leaves out what restores have made', async () => {
    const { copy } = prepared('finished');

    const { exitCode, stdout } = await copy();

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}Restores +\d files not copied$/m);
    expect(stdout).toMatch(
      /^Not copied: what earlier restores have made, and what was accepted \(\d files\)\. .* could make objects twice: add --with-journals\.$/m,
    );
    const again = await copy('--with-journals');
    expect(again.stdout).toMatch(/^ {2}Files +none copied: all 88 are there$/m);
    expect(again.stdout).toMatch(/^ {2}Restores +\d files of what they have made copied$/m);
    expect(again.stdout).not.toContain('Not copied');
  });

  it('with --json is one document', async () => {
    const { from, to, copy } = prepared('finished');

    const { io } = await copy('--json');

    expect(io.stderr.text).toBe('');
    expect(io.document()).toMatchObject({
      type: 'copy',
      from: { directory: from },
      to: { directory: to },
      backup,
      there: 'nothing',
      copied: { files: 89, found: 0 },
      verification: { problems: [] },
      journals: { carried: 0, left: expect.any(Number) },
      exitCode: 0,
    });
  });

  it('is told by show, and `latest` of a place that has only copies names them', async () => {
    const { from, to, copy } = prepared();
    await copy();
    const shown = new RecordedIo();
    await runCommandLine(['show', backup, '--local', to], shown, product);
    expect(shown.stdout.text).toContain(`Copied      from ${join(from, backup)} on `);
    const asJson = new RecordedIo();
    await runCommandLine(['show', backup, '--local', to, '--json'], asJson, product);
    expect(asJson.document()).toMatchObject({ copied: { from: join(from, backup), by: expect.any(String) } });

    const { exitCode, stderr } = await run(['latest', '--from', to, '--to', join(to, 'more')]);

    expect(exitCode).toBe(10);
    expect(stderr).toContain('Name it to use it.');
  });

  it('ends with 13 where the backup is damaged', async () => {
    const { from, to, copy } = prepared();
    const [key = ''] = keysIn(from, backup, /objectsmeta/);
    damages['flipped in a bit'](join(from, key));

    const { exitCode, stderr } = await copy();

    expect(exitCode).toBe(13);
    expect(stderr).toContain(`The backup ${backup} in ${from} is damaged: ${join(from, key)} is damaged`);
    expect(existsSync(join(to, backup))).toBe(false);
  });

  it('ends with 130 at Ctrl-C, and says that the same line goes on', async () => {
    const { from, to } = prepared();
    const io = new RecordedIo();
    const running = run([backup, '--from', from, '--to', to], io);
    while (!io.isListening) await new Promise(setImmediate);
    io.pressCtrlC();

    const { exitCode, stderr } = await running;

    expect(exitCode).toBe(130);
    expect(stderr).toContain(
      'Interrupted. There is no manifest yet, so what lies there is no backup. The same line again',
    );
    expect(existsSync(join(to, backup, 'manifest.json'))).toBe(false);
    expect(io.isListening).toBe(false);
    expect((await run([backup, '--from', from, '--to', to])).exitCode).toBe(0);
  });
});

describe('a folder by another name', () => {
  it('is the same place', async () => {
    const from = golden.copy();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(from, link);

    const { exitCode, stderr } = await run([backup, '--from', from, '--to', link]);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^--from and --to name the same place\.$/m);
  });
});

describe('a copy into what is no place of backups', () => {
  it.each([backup, `${backup}/deeper`, '.work'])('%s is refused: the copy would go with it', async (folder) => {
    const from = golden.copy();
    const before = filesIn(from);

    const { exitCode, stderr } = await run([backup, '--from', from, '--to', join(from, folder)]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${join(from, folder)} (--to) is `);
    expect(stderr).toContain('Name the folder in which backups are to lie');
    expect(filesIn(from)).toEqual(before);
  });
});

describe('the places of a copy', () => {
  it.each([
    [['--local', './x'], /A copy has two places: --from and --to, each a folder or stack:NAME/],
    [['--stack', 'x', '--from', 'a', '--to', 'b'], /A copy has two places/],
    [[], /--from is needed/],
    [['--from', '.'], /--to is needed/],
    [['--from', '.', '--to', 'b', '--profile', 'x'], /--profile and --region go with stack:NAME only/],
    [['--from', '.', '--to', 'stack:'], /--to stack: needs the name of a stack after the colon/],
    [['--from', '.', '--to', `../${process.cwd().split('/').at(-1)}`], /--from and --to name the same place/],
    [['--from', '--to', 'b'], /It needs a path/],
  ])('%j is a mistake in one sentence', async (words, sentence) => {
    const { exitCode, stderr } = await run([backup, ...words]);

    expect(exitCode).toBe(2);
    expect(stderr.split('\n')[0]).toMatch(sentence);
    expect(stderr).toContain('Usage: assets-backup copy <backup> --from WHERE --to WHERE');
  });

  it('of a source that is not there, and of one that is a file, is said by its option', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await run([backup, '--from', join(folder, 'none'), '--to', folder])).toMatchObject({
      exitCode: 10,
      stderr: `There is no folder ${join(folder, 'none')} (--from), and so no backup in it.\n`,
    });
    expect(await run([backup, '--from', folder, '--to', file])).toMatchObject({
      exitCode: 2,
      stderr: `${file} is a file; --to needs a folder.\n`,
    });
    expect(await run(['1999', '--from', folder, '--to', join(folder, 'off')])).toMatchObject({ exitCode: 10 });
    expect(existsSync(join(folder, 'off'))).toBe(false);
    expect(existsSync(join(folder, '.work'))).toBe(false);
  });

  it('that is a stack which is not there is said', async () => {
    const { exitCode, stderr } = await run([backup, '--from', 'stack:Nobody', '--to', temporaryFolder()]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('There is no stack Nobody.\n');
  });
});
