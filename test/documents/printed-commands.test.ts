import { globSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { commandList } from '../../cli/command-list.ts';
import { resultOf as backupResultOf } from '../../core/backup/finish-backup.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { optionalOutputs } from '../../functions/environment.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { pretendProduct } from '../cli/pretend-product.ts';
import { keys, planSummary, report, resultOf } from '../cli/pretend-restore.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { deployedDefinition } from '../deployed/deployed-definition.ts';
import { pretendStack } from '../deployed/stack-command.ts';
import { filledIn, type PrintedCommand, printedCommands } from './printed-commands.ts';
import { makePrintedWorld, type PrintedWorld, placed, productIn } from './printed-world.ts';

const root = resolve(import.meta.dirname, '../..');
// Decisions and the changelog tell of what was then.
const pages = globSync(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/*.md'], {
  cwd: root,
  exclude: ['docs/decisions.md'],
}).sort();
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const names = new Set(commandList.map(({ name }) => name));
const printed = new Map<string, PrintedCommand>(
  pages.flatMap((page) => printedCommands(textOf(page), names)).map((command) => [command.line, command]),
);
const whole = [...printed.values()].filter(({ isWhole }) => isWhole);
const parts = [...printed.values()].filter(({ isWhole }) => !isWhole);

let world: PrintedWorld;

beforeAll(async () => {
  world = await makePrintedWorld();
});

afterAll(() => rmSync(world.folder, { recursive: true, force: true }));

/** How a command of such words ends here, where it is not with 0. */
const otherEnds: readonly (readonly [RegExp, exitCode: number, because: string])[] = [
  [/^diff /, 14, 'people have worked, and deleted, between any two nights and since'],
  [/^(?:drill|relink) .*--stack/, 1, 'the pretend AWS makes neither: it takes the order, and fails'],
];

describe('each command that a page prints', () => {
  it('is found on its page', () => {
    expect(whole.length).toBeGreaterThan(60);
    expect(parts.length).toBeGreaterThan(20);
  });

  it.each(whole.map((command) => [command.line, command] as const))('%s', async (_, command) => {
    const { exitCode, said } = await typed(command);
    const expected = otherEnds.find(([form]) => form.test(command.line))?.[1] ?? 0;
    expect(exitCode, said).toBe(expected);
  });

  it.each([
    ['an option that is none', '`npx assets-backup verify BACKUP PLACE --all`'],
    ['a place that is missing', '`npx assets-backup list`'],
    ['a command that is none', '```sh\nnpx assets-backup renew latest --local ./backups\n```'],
  ])('is wrong with %s (the check can fail)', async (_, page) => {
    const [command] = printedCommands(page, names);
    if (!command) throw new Error('It is not found.');
    expect(command.isWhole).toBe(true);
    expect((await typed(command)).exitCode).toBe(2);
  });
});

describe('what shows how a command is written', () => {
  it.each(parts.map((command) => [command.line, command] as const))('%s', async (_, { words }) => {
    expect(await unknownIn(words)).toEqual([]);
  });

  it('names what there is not (the check can fail)', async () => {
    const page = '`assets-backup list PLACE [--gone WHAT]`, `find --whatever`, `assets-backup renew`';
    const found = await Promise.all(printedCommands(page, names).map(({ words }) => unknownIn(words)));
    expect(found).toEqual([['--gone'], ['--whatever'], ['renew']]);
  });
});

/** What of a command's words it does not know, by its own help. */
async function unknownIn([name = '', ...words]: readonly string[]): Promise<string[]> {
  if (name === 'help') return [];
  if (name.startsWith('--') || names.has(name)) {
    const { help } = await helpOf(name.startsWith('--') ? 'backup' : name);
    return words.filter((word) => word.startsWith('--') && !help.includes(` ${word} `));
  }
  return [name];
}

async function helpOf(name: string) {
  const { product } = pretendProduct();
  const io = new RecordedIo();
  // `plan` takes what `restore` does, whose help lists it.
  const exitCode = await runCommandLine([name === 'plan' ? 'restore' : name, '--help'], io, product);
  expect(exitCode).toBe(0);
  return { help: io.stdout.text };
}

describe('what else a page has people type', () => {
  const scripts = [...new Set(pages.flatMap((page) => npmScripts(textOf(page))))];

  it('is a script of package.json', () => {
    expect(scripts.length).toBeGreaterThan(4);
    expect(scripts.filter((script) => !(script in packageFile.scripts))).toEqual([]);
  });

  it('or is found to be none (the check can fail)', () => {
    expect(npmScripts('`npm run gone -- --only x`, npm ci && npm test, `npm start`')).toEqual([
      'gone',
      'test',
      'start',
    ]);
  });
});

/** What `npm run`, `npm test` and `npm start` of a page run. */
function npmScripts(page: string): string[] {
  return [...page.matchAll(/\bnpm (?:run )?(test|start|(?<=run )[\w:-]+)/g)].map(([, script = '']) => script);
}

/** Types a command in a world of its own. */
async function typed({ words }: PrintedCommand) {
  const own = await placed(world, filledIn(words, world));
  const { site, clock } = own;
  const stack = await pretendStack(productIn(clock));
  const io = Object.assign(new RecordedIo({ env: { ASSETS_API_URL: site.url, PATH: join(world.folder, 'bin') } }), {
    now: () => clock.now(),
  });
  const { username, apiToken } = site.credentials;
  const answer = async (question: string) => {
    if (question.startsWith('Address')) return site.url;
    if (question.startsWith('E-mail')) return username;
    if (question.startsWith('API token')) return apiToken;
    return question.startsWith('Day') ? '' : 'y';
  };
  io.ask = answer;
  io.askSecret = answer;
  if (own.words.some((word) => word.includes('assets-backup'))) await fillStack(stack, own.words);
  const ended = stack.command(own.words, io);
  if (own.words[0] === 'browse') {
    while (io.stdout.text === '' && io.stderr.text === '') await new Promise((wait) => setTimeout(wait, 5));
    io.pressCtrlC();
  }
  const { exitCode, stdout, stderr } = await ended;
  return { exitCode, said: `${own.words.join(' ')}\n${stdout}\n${stderr}` };
}

const pruned = {
  ...{ keep: { last: 1, daily: 0, weekly: 0, monthly: 0, yearly: 0, within: 0 }, timeZone: 'UTC', outOfTime: false },
  ...{ heldBack: [], kept: [], deleted: [], unfinished: { kept: [], deleted: [] }, left: [] },
};

const compared = {
  ...{ next: null, compared: 3, expected: 3, files: [] },
  summary: {
    ...{ left: '2026-11-27_02-00-00', right: 'https://myorganization.atlassian.net', isEqual: false },
    configuration: { added: 0, removed: 0, changed: 1 },
    ...{ objects: [], notCompared: [] },
  },
};

type Stack = Awaited<ReturnType<typeof pretendStack>>;

/** A stack that has the same backups, and whose executions end as the command's would. */
async function fillStack({ aws, put }: Stack, words: readonly string[]): Promise<void> {
  const [name] = words;
  aws.makeDrills();
  aws.outputs[optionalOutputs.pruneFunction] = 'assets-backup-PruneBackups';
  const directory = join(world.folder, words.includes(world.restore) ? 'restored' : 'backups');
  if (words[words.indexOf('--to') + 1] !== 'stack:assets-backup') {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) put(path.slice(directory.length + 1).replace(/^\.work\//, ''), readFileSync(path));
    }
  }
  const { backups } = openLocalStores(directory);
  const made = await openBackup(backups, '2026-11-27_02-00-00');
  aws.scripts.backup = [{}, { status: 'SUCCEEDED', output: backupResultOf(backups, made) }];
  put(keys.plan, planSummary());
  put(keys.report, report());
  const restored = name === 'plan' ? resultOf({ outcome: 'planned', report: null }) : resultOf();
  const fails = { status: 'FAILED', error: 'TargetRefusedError', cause: 'It is refused.' } as const;
  aws.scripts.restore = [name === 'relink' ? fails : { status: 'SUCCEEDED', output: restored }];
  aws.scripts.drill = [fails];
  for (const machine of ['backup', 'restore', 'drill'] as const) aws.definitions[machine] = deployedDefinition(machine);
  for (const [key, value] of Object.entries(aws.outputs)) if (/Secret/.test(key)) aws.secrets.set(value, '{}');
  aws.checkAnswer = { ok: true, checks: [{ name: 'login', ok: true, detail: 'The site accepts it.', remedy: null }] };
  if (name === 'prune') aws.invoked = () => ({ ...pruned, dryRun: words.includes('--dry-run') });
  if (name === 'diff') aws.invoked = () => compared;
  if (name === 'watch') aws.begin('backup', aws.scripts.backup, { name: 'EXECUTION' });
}
