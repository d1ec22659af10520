import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Help } from 'commander';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../cli/command-context.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import { commandList } from '../../cli/command-list.ts';
import { Notices } from '../../cli/notices.ts';
import { Output } from '../../cli/output/output.ts';
import { runCommand, startCommand } from './command-process.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Writes the address of each module that the process loads, one a line. */
const recorder = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n');
    return next(url, context);
  },
});`;

/** What a command line loads: packages by their names, files of ours by their paths from the top of the project. */
async function loadedBy(...argv: string[]) {
  const folder = temporaryFolder();
  const [preload, loaded] = [join(folder, 'recorder.mjs'), join(folder, 'loaded')];
  writeFileSync(preload, recorder);
  const { exitCode, stderr } = await runCommand(argv, {
    env: { NODE_OPTIONS: `--import ${pathToFileURL(preload)}`, LOADED: loaded },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const top = new URL('../../', import.meta.url).href;
  const urls = readFileSync(loaded, 'utf8').trim().split('\n');
  return {
    packages: [...new Set(urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []))],
    own: [...new Set(urls.flatMap((url) => (url.startsWith(top) ? url.slice(top.length) : [])))].filter(
      (path) => !path.startsWith('node_modules/'),
    ),
  };
}

/** What a run needs: the site, its steps and their machine. */
const ofRuns = /^(adapters\/(atlassian|aws)|functions|deployed|core\/(restore\/plan|diff|drill|comparison))\//;

describe('what a command line loads', () => {
  it.each(['--help', '--version'])('of %s is the list of the commands, and none of them', async (word) => {
    const { packages, own } = await loadedBy(word);

    expect(packages).toEqual(['commander', 'picocolors']);
    expect(own.filter((path) => path.startsWith('cli/commands/') || ofRuns.test(path))).toEqual([]);
    expect(own.length).toBeLessThan(60);
  });

  it('of `list` is what lists, and nothing of what makes a backup or restores one', async () => {
    const { packages, own } = await loadedBy('list', '--local', temporaryFolder());

    expect(own.filter((path) => path.startsWith('cli/commands/'))).toEqual(['cli/commands/list.ts']);
    expect(own.filter((path) => ofRuns.test(path))).toEqual([]);
    expect(packages).not.toContain('pino');
    expect(own.length).toBeLessThan(120);
  });
});

describe('the list of the commands', () => {
  it.each(commandList)('shows $name as it is', async ({ name, load }) => {
    const io = new RecordedIo();
    await runCommandLine(['--help'], io, pretendProduct().product);
    const output = new Output(io, { isJson: false, isDebug: false });
    const context: CommandContext = {
      ...{ io, output, product: pretendProduct().product },
      ...{ end: () => {}, notices: new Notices(io, output) },
    };

    const command = (await load())(context);

    expect(command.name()).toBe(name);
    expect(io.stdout.text).toContain(`\n  ${new Help().subcommandTerm(command)}  `);
  });
});

const isNotWindows = existsSync('/proc/self/cmdline');
it.skipIf(!isNotWindows).each([
  { what: 'a command', words: ['list', '--local', tmpdir(), '--json'], stdout: /^\{/ },
  { what: 'words about it', words: ['--version'], stdout: /^\d+\.\d+\.\d+\n$/ },
])('is one process for $what on a Node that is new enough', async ({ words, stdout }) => {
  const folder = temporaryFolder();
  const preload = join(folder, 'wait.mjs');
  // The program itself, and not what starts it, ends only when this file is there.
  writeFileSync(
    preload,
    `import { existsSync } from 'node:fs';
if (process.argv[1].endsWith('main.ts') || process.argv.includes('--version')) {
  process.stderr.write(\`pid \${process.pid}\\n\`);
  while (!existsSync(process.env.GO)) await new Promise((resolve) => setTimeout(resolve, 20));
}`,
  );
  const run = startCommand(words, {
    env: { NODE_OPTIONS: `--import ${pathToFileURL(preload)}`, GO: join(folder, 'go') },
  });
  await expect.poll(run.stderr).toBe(`pid ${run.child.pid}\n`);
  writeFileSync(join(folder, 'go'), '');

  expect(await run.ended).toMatchObject({ stdout: expect.stringMatching(stdout) });
});
