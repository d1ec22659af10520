import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';

const commands = [
  'backup',
  'list',
  'show',
  'report',
  'ls',
  'export',
  'verify',
  'find',
  'diff',
  'browse',
  'accept',
  'prune',
  'copy',
  'plan',
  'restore',
  'undo',
  'relink',
  'drill',
  'login',
  'doctor',
  'status',
  'watch',
];

const everywhere = ['--json', '--help', '--debug', '--version'];
// The result of `export` is CSV.
const withoutJson = everywhere.filter((option) => option !== '--json');
const ofStack = ['--stack', '--profile', '--region'];

const restoreOptions = [
  ...['--local', ...ofStack, ...everywhere, '--site', '--input', '--schema', '--only-type', '--into-existing'],
  ...[
    '--no-objects',
    '--no-comments',
    '--no-history',
    '--no-restrictions',
    '--users',
    '--same',
    '--same-file',
    '--what-is-whole',
    '--dry-run',
    '--approve',
    '--only-object',
    '--only-attribute',
    '--on-existing',
    '--changed-by',
    '--changed-since',
    '--relax-constraints',
    '--relink-issues',
  ],
  '--keep-logs',
];

async function help(...argv: string[]): Promise<string> {
  const io = new RecordedIo();
  expect(await runCommandLine([...argv, '--help'], io, pretendProduct().product)).toBe(0);
  expect(io.stderr.text).toBe('');
  return io.stdout.text;
}

describe('--help', () => {
  it('names every command and every exit code', async () => {
    const text = await help();

    for (const command of commands) expect(text).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    for (const [code, meaning] of Object.entries(exitCodes)) {
      expect(text).toMatch(new RegExp(`^ +${code} {2}${meaning.replaceAll(/[()]/g, '\\$&')}$`, 'm'));
    }
  });

  it('names exactly one place that is needed in the usage of each', async () => {
    for (const command of commands) {
      const [usage = ''] = (await help(command)).split('\n');
      const needs = ['login', 'watch'].includes(command)
        ? /^Usage: [^(|]* --stack NAME/
        : command === 'copy'
          ? /^Usage: .* --from WHERE --to WHERE /
          : /^Usage: .*\(--local DIR.* \| --stack NAME\)/;
      expect(usage).toMatch(needs);
    }
  });

  it.each([
    [
      'backup',
      [
        '--local',
        ...ofStack,
        ...everywhere,
        '--site',
        '--schemas',
        '--keep-logs',
        '--notify',
        '--no-activity',
        '--full',
      ],
    ],
    ['drill', ['--local', ...ofStack, ...everywhere, '--site', '--keep-logs', '--notify']],
    ['list', ['--local', ...ofStack, ...everywhere]],
    ['show', ['--local', ...ofStack, ...everywhere, '--object', '--history']],
    ['ls', ['--local', ...ofStack, ...everywhere]],
    ['export', ['--local', ...ofStack, ...withoutJson, '--type', '--csv']],
    ['browse', ['--local', ...ofStack, ...everywhere, '--site']],
    ['report', ['--local', ...ofStack, ...everywhere, '--open']],
    ['verify', ['--local', ...ofStack, ...everywhere]],
    ['find', ['--local', ...ofStack, ...everywhere, '--schema', '--type', '--at', '--deleted', '--since']],
    [
      'diff',
      [
        '--local',
        ...ofStack,
        ...everywhere,
        '--live',
        '--site',
        '--schema',
        '--type',
        '--object',
        '--attribute',
        '--summary',
      ],
    ],
    ['accept', ['--local', ...ofStack, ...everywhere, '--type', '--because']],
    ['copy', ['--from', '--to', '--profile', '--region', ...everywhere, '--with-journals']],
    ['login', [...ofStack, ...everywhere, '--for', '--site']],
    ['doctor', ['--local', ...ofStack, ...everywhere, '--site']],
    ['status', ['--local', ...ofStack, ...everywhere]],
    ['watch', [...ofStack, ...everywhere]],
    ['plan', ['--local', ...ofStack, ...everywhere, '--site', '--input', '--keep-logs']],
    ['restore', [...restoreOptions, '--yes', '--notify']],
    ['prune', ['--local', ...ofStack, ...everywhere, '--dry-run', '--notify']],
    ['relink', ['--local', ...ofStack, ...everywhere, '--site', '--dry-run', '--keep-logs', '--notify']],
    [
      'undo',
      ['--local', ...ofStack, ...everywhere, '--site', '--dry-run', '--approve', '--yes', '--keep-logs', '--notify'],
    ],
  ])('of %s has exactly its options, examples and exit codes', async (command, options) => {
    const text = await help(command);

    expect([...text.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option).sort()).toEqual(options.toSorted());
    expect(text).toContain(`Examples:\n  npx assets-backup ${command}`);
    expect(text).toMatch(/Exit codes:\n {4}0 {2}done\n/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('of restore says what a person has to know before', async () => {
    const text = (await help('restore')).replaceAll(/\s+/g, ' ');

    for (const sentence of [
      'Rules of Jira automation may fire on the target',
      'Keys, created, updated and the history itself are made anew',
      'creates nothing twice',
      'importAssets-config.json of the original scripts as it is',
      'Options given on the command line win over the file.',
      'a restore waits for approval',
    ]) {
      expect(text).toContain(sentence);
    }
    expect(text).toMatch(/ 14 the target of a restore or drill differs/);
    expect(await help('plan')).not.toMatch(/^ +14 /m);
  });

  it('of plan sends for the choices to that of restore, which has them in a group of their own', async () => {
    const [plan, restore] = [await help('plan'), await help('restore')];
    expect(plan.replaceAll(/\s+/g, ' ')).toContain('its --help lists them');
    expect(restore).toMatch(/\n\nWhat is restored, and how:\n {2}--schema <KEY> /);
    const paragraphs = restore.split('\n\n').filter((text) => !/^(Usage|Options|Global|Exit|Arguments)/.test(text));
    for (const text of paragraphs) expect(plan).not.toContain(text);
  });

  it('of backup says how settings are given', async () => {
    expect(await help('backup')).toMatch(/siteName.*backupAssets-config\.json.*ASSETS_SITE_NAME.*ASSETS_AUTH/s);
  });
});

it('--version prints the version, also after a command', async () => {
  for (const argv of [['--version'], ['backup', '--version']]) {
    const io = new RecordedIo();
    expect(await runCommandLine(argv, io, pretendProduct().product)).toBe(0);
    expect(io.stdout.text).toBe('0.1.0\n');
  }
});

describe('help', () => {
  it('of a command is what its --help is, and without one that of all', async () => {
    for (const argv of [[], ...[...commands, 'help'].map((command) => [command])]) {
      const io = new RecordedIo();
      expect(await runCommandLine(['help', ...argv], io, pretendProduct().product)).toBe(0);
      expect(io.stdout.text).toBe(await help(...argv));
      expect(io.stderr.text).toBe('');
    }
  });

  it.each(['nope', '--nope', 'restore plan'])('of %s is wrong usage', async (words) => {
    const io = new RecordedIo();
    expect(await runCommandLine(['help', ...words.split(' ')], io, pretendProduct().product)).toBe(2);
    expect(io.stdout.text).toBe('');
    expect(io.stderr.text).toMatch(/^(Unknown (command|option)|Too many arguments)/);
  });
});
