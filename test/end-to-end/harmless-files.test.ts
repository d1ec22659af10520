import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { parseCsv } from '../../core/csv.ts';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { backUpLocally } from '../../local/local-backup.ts';
import { restoreLocally } from '../../local/local-restore.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import { pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { settingsFor, testClock, testDirectory, testSimulator } from './local-run.ts';

const order = '\u001b[31m\u009b2J\u202egnp\u2028';
const schemaName = `Assets ${order}`;
const typeName = `Laptop ${order}\r\nOutcome     restored`;
const formula = "=cmd|'/C calc'!A0";
const groups = [formula, '-lenders', `up${order}`, '\tTabbed', "'quoted", '\uff1dwide', 'a\\u202eb', ' spaced '];

/** A site where everything that has a name has one that gives a terminal orders, or is a formula. */
function hostileSite() {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'HOST', name: schemaName });
  const type = site.addType({ schema, name: typeName });
  site.addAttribute({ type, name: `Team ${order}`, kind: 'group', multiple: true });
  for (const group of groups) site.addGroup(group);
  site.addObject({ type, name: `Thing ${order}`, values: { [`Team ${order}`]: groups } });
  return site;
}

async function hostile() {
  const site = hostileSite();
  const directory = testDirectory();
  const { product } = pretendProduct();
  const run = async (simulator: Simulator, argv: readonly string[]) => {
    const file = join(directory, 'site.json');
    const { requestBudget } = settingsFor(simulator);
    const login = { siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials, requestBudget };
    writeFileSync(file, JSON.stringify(login), { mode: 0o600 });
    const withSite = ['backup', 'plan', 'restore'].includes(argv[0] ?? '') ? ['--site', file] : [];
    const io = new RecordedIo();
    const exitCode = await runCommandLine([...argv, '--local', directory, ...withSite], io, {
      ...product,
      backUp: (options) => backUpLocally({ ...options, clock: testClock }),
      restore: (options) => restoreLocally({ ...options, clock: testClock }),
      openBackups: async (folder) => openLocalStores(folder).backups,
      verify: verifyBackup,
    });
    return { exitCode, io };
  };
  return { site, directory, run, simulator: await testSimulator({ site }) };
}

/** Where `text` has something other than ends of lines that a terminal or an editor would obey; with what is around it. */
function obeyed(text: string): string[] {
  const found = text.replaceAll('\r\n', '\n').matchAll(/[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu);
  return [...found].map(({ index }) => JSON.stringify(text.slice(Math.max(0, index - 20), index + 20)));
}

/** What a person opens in the work store and the logs, by its name; not the raw objects that a plan has put away. */
function openedFiles(directory: string): Map<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?:\d[^/]*\/manifest\.json|logs\/.*\.log|\.work\/restores\/[^/]+\/(?:plan\/)?[^/]+\.(?:txt|csv|jsonl|json))$/.test(
      name,
    ),
  );
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

it('what a person opens or reads gives no orders, runs no formula, and says what stood there', async () => {
  const { site, directory, run, simulator } = await hostile();
  const target = emptySiteLike(site);
  target.groups.clear();
  target.addGroup('another');
  const other = await testSimulator({ site: target });
  const asJson = [];
  for (const [where, argv] of [
    [simulator, ['backup']],
    [simulator, ['list']],
    [simulator, ['show', 'latest']],
    [simulator, ['verify', 'latest']],
    [other, ['plan', 'latest']],
    [other, ['plan', 'latest', '--json']],
    [other, ['restore', 'latest']],
    [other, ['restore', 'latest', '--json']],
    [simulator, ['show', 'latest', '--json']],
    [other, ['status']],
  ] as const) {
    const { exitCode, io } = await run(where, argv);
    expect([0, 1, 3], `${argv.join(' ')}: ${io.stderr.text}`).toContain(exitCode);
    expect(obeyed(io.stdout.text), argv.join(' ')).toEqual([]);
    expect(obeyed(io.stderr.text), argv.join(' ')).toEqual([]);
    if ((argv as readonly string[]).includes('--json')) asJson.push(JSON.stringify(io.document()));
    else if (argv[0] === 'show') expect(io.stdout.text).toContain('Assets \\u001b[31m\\u009b2J\\u202egnp\\u2028');
  }
  // A program that reads the documents has the names as they are.
  expect(asJson.at(-1)).toContain(JSON.stringify(schemaName));
  expect(asJson.at(-1)).toContain(JSON.stringify(typeName));

  const files = openedFiles(directory);
  for (const [name, text] of files) expect(obeyed(text), name).toEqual([]);
  const ends = [
    'report.txt',
    'users-template.csv',
    'keys.csv',
    'report.json',
    'plan.json',
    'manifest.json',
    '.log',
    '.jsonl',
  ];
  for (const end of ends)
    expect(
      [...files.keys()].filter((name) => name.endsWith(end)),
      end,
    ).not.toEqual([]);
  const [, report = ''] = [...files].find(([name]) => name.endsWith('report.txt')) ?? [];
  expect(report).toContain('Team \\u001b[31m\\u009b2J\\u202egnp\\u2028');
  expect(report.match(/^Outcome/gm)).toBeNull();
  for (const [name, text] of files) {
    if (!name.endsWith('.csv')) continue;
    for (const cell of parseCsv(text).flat()) expect(cell, name).not.toMatch(/^\s*[=+\-@\uff1d]/u);
  }
});

it('a template that was made harmless is a users file that means the groups of the site', async () => {
  const { site, directory, run, simulator } = await hostile();
  const target = emptySiteLike(site);
  target.groups.clear();
  for (const [index] of groups.entries()) target.addGroup(`there ${index}`);
  const other = await testSimulator({ site: target });
  await run(simulator, ['backup']);
  await run(other, ['plan', 'latest']);
  const [, template = ''] = [...openedFiles(directory)].find(([name]) => name.endsWith('users-template.csv')) ?? [];
  const [header, ...rows] = parseCsv(template);
  expect(header).toEqual(['from', 'to', 'kind']);
  expect(rows).toHaveLength(groups.length);

  const file = join(directory, 'users.csv');
  const filled = rows.map(([from = ''], index) => `"${from.replaceAll('"', '""')}";there ${index}\n`);
  writeFileSync(file, `from;to\n${filled.join('')}`);
  const { io, exitCode } = await run(other, ['restore', 'latest', '--users', file, '--yes', '--json']);
  expect(io.document()).toMatchObject({ report: { differences: [] } });
  expect(exitCode).toBe(0);
  const [object] = [...target.objects.all()];
  const team = [...target.attributes.values()].find(({ name }) => name.startsWith('Team'));
  expect(object?.values.get(team?.id ?? 0)).toHaveLength(groups.length);
});
