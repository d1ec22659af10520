import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { Manifest } from '../../core/backup-format/manifest.ts';
import { InterruptedError, LoginRefusedError } from '../../core/errors.ts';
import type { DrillResult } from '../../core/model/drill.ts';
import type { Suspicion } from '../../core/model/loss-alarm.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { type NoticeServer, noticeServer } from '../adapters/notify/notice-server.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { type PretendRestore, planSummary, report, restoreAtOnce, restoreName } from './pretend-restore.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const login = { ASSETS_SITE_NAME: 'myorganization.atlassian.net', ASSETS_API_TOKEN: 'token' };

const gap = { kind: 'history', what: 'history of object 1', error: 'SiteUnavailableError', reason: 'It answered 503.' };
const suspicionOf = (what: string) =>
  ({
    ...{ kind: 'fewer-objects', measure: 'last', against: '2026-11-22_02-00-00', before: 20, now: 2 },
    message: `${what} has fewer.`,
  }) as Suspicion;
const suspicion = suspicionOf('FAC');

interface Scene {
  readonly argv?: readonly string[];
  readonly made?: Manifest;
  readonly fails?: Error;
  readonly restore?: PretendRestore;
  readonly drill?: Partial<DrillResult>;
  readonly server?: NoticeServer;
  /** Where the address stands. @default in the environment */
  readonly by?: 'option' | 'environment' | 'nothing';
  readonly env?: Record<string, string>;
  readonly isPersonThere?: boolean;
  /** The folder by its way from the present one, as in `--local backups`. */
  readonly isNamedFromHere?: boolean;
}

/** A command line on this machine, what it left everywhere, and what the webhook got. */
async function ran({ argv = ['backup'], made = manifest(), by = 'environment', ...scene }: Scene = {}) {
  const directory = temporaryFolder();
  const server = scene.server ?? (await noticeServer());
  const { product, backups } = pretendProduct(made, {
    ...(scene.restore && { restore: restoreAtOnce(scene.restore) }),
    ...(scene.drill && { drill: ({ directory: folder }) => drillAtOnce(folder, scene.drill) }),
    ...(scene.fails && {
      backUp: () => Promise.reject(scene.fails),
      undo: () => Promise.reject(scene.fails),
      drill: () => Promise.reject(scene.fails),
      relink: () => Promise.reject(scene.fails),
    }),
  });
  if (argv[0] !== 'backup') backups.add(made);
  const io = new RecordedIo({
    env: { ...login, ...(by === 'environment' && { ASSETS_NOTIFY_URL: server.url }), ...scene.env },
    ...(scene.isPersonThere && { ask: async () => 'n' }),
  });
  const folder = scene.isNamedFromHere ? relative(process.cwd(), directory) : directory;
  const words = [...argv, '--local', folder, ...(by === 'option' ? ['--notify', server.url] : [])];
  const exitCode = await runCommandLine(words, io, product);
  const logs = readdirSync(directory).includes('logs') ? readdirSync(join(directory, 'logs')) : [];
  const log = logs.map((name) => readFileSync(join(directory, 'logs', name), 'utf8')).join('');
  return {
    exitCode,
    directory,
    server,
    io,
    log,
    texts: server.texts(),
    stdout: io.stdout.text,
    stderr: io.stderr.text,
  };
}

const drillName = '2026-11-24_03-00-00_0a1b2c3d';

/** A drill whose report lies there at once. */
async function drillAtOnce(directory: string, fields: Partial<DrillResult> = {}): Promise<DrillResult> {
  const result: DrillResult = {
    ...{ drill: drillName, backup, outcome: 'passed', objects: 200, values: 900, comments: 3 },
    ...{ differences: 0, notCovered: 0, minutes: 2, report: `drills/${drillName}/report.json` },
    ...{ where: 'there', message: 'It was tried.', ...fields },
  };
  const lists = { covered: [], uncovered: [], found: [], schemas: [], notices: [] };
  const { work } = openLocalStores(directory);
  await work.write(result.report, JSON.stringify({ ...result, ...lists, siteName: 'https://drill.atlassian.net' }));
  return result;
}

const begins = (command: string) => `assets-backup ${command} on ${hostname()} `.replaceAll(/[#]/g, '＃');

describe('nobody is told', () => {
  it.each<readonly [string, Scene]>([
    ['of a backup that is complete', {}],
    ['of a restore that brought all back', { argv: ['restore', backup] }],
    [
      'of a restore that was to be planned only',
      { argv: ['restore', backup, '--dry-run'], restore: { summary: planSummary({ approvals: ['x'] }) } },
    ],
    ['of a drill that passed', { argv: ['drill'], drill: {} }],
    ['of a plan, which a person asks for', { argv: ['plan', 'no-such-backup'] }],
    ['of what only looks', { argv: ['show', 'no-such-backup'] }],
    ['of the help', { argv: ['backup', '--help'] }],
    ['where no address is named', { by: 'nothing', fails: new LoginRefusedError('The site refused the login.') }],
  ])('%s', async (_, scene) => {
    expect((await ran(scene)).texts).toEqual([]);
  });

  it('of a mistake on the command line, or of Ctrl-C, while a person sits there', async () => {
    const isPersonThere = true;
    expect((await ran({ argv: ['backup', '--wrong'], isPersonThere })).texts).toEqual([]);
    expect((await ran({ fails: new InterruptedError('It was stopped.'), isPersonThere })).texts).toEqual([]);
  });
});

describe('somebody is told', () => {
  it.each(['option', 'environment'] as const)('of a backup with gaps, where the %s names a webhook', async (by) => {
    const made = manifest({ status: 'complete-with-gaps', gaps: [gap as never] });
    const { exitCode, texts, directory, log, io } = await ran({ made, by });
    expect(exitCode).toBe(3);
    const [logName = ''] = readdirSync(join(directory, 'logs'));
    expect(texts).toEqual([
      [
        `${begins('backup')}ended: ${backup} is complete-with-gaps, with 1 gap`,
        `Folder: ${directory}`,
        'Exit code: 3 (done, but with gaps or losses, which are named)',
        `Log: ${join(directory, 'logs', logName)}`,
      ].join('\n'),
    ]);
    expect(log).toContain('run.ended');
    expect(io.stdout.text).toContain('history of object 1');
  });

  it('where the log lies, from wherever the folder was named', async () => {
    const { texts, directory } = await ran({ made: manifest({ status: 'partial' }), isNamedFromHere: true });
    expect(texts[0]).toContain(`\nFolder: ${directory}\n`);
    expect(texts[0]).toContain(`\nLog: ${join(directory, 'logs')}`);
  });

  it.each<readonly [string, Scene, number, string]>([
    [
      'of a partial backup',
      { made: manifest({ status: 'partial', gaps: [gap as never, gap as never] }) },
      1,
      `ended: ${backup} is partial, with 2 gaps\n`,
    ],
    [
      'of one that is complete and suspicious',
      { made: manifest({ suspicions: [suspicion] }) },
      0,
      `ended: ${backup} is complete, and suspicious: FAC has fewer.\n`,
    ],
    [
      'of one in which many things are suspicious, by the first of them, whatever they are called',
      { made: manifest({ suspicions: ['A', '<!here> & @B', 'C', 'D', 'E'].map(suspicionOf) }) },
      0,
      'is complete, and suspicious: A has fewer. ‹!here› ＆ ＠B has fewer. C has fewer. And more.\n',
    ],
    [
      'of a refused login',
      { fails: new LoginRefusedError('The site refused the login of <!channel>.') },
      12,
      'failed: The site refused the login of ‹!channel›. (LoginRefusedError)\n',
    ],
    [
      'of a fault of ours, without its words',
      { fails: new TypeError('cannot read "Ann" of undefined') },
      1,
      'failed by a fault of assets-backup itself (TypeError)\n',
    ],
    [
      'of one that was stopped',
      { fails: new InterruptedError('The backup was stopped.') },
      130,
      'failed: The backup was stopped. (InterruptedError)\n',
    ],
    [
      'of settings that are wrong, before anything began',
      { argv: ['backup', '--site', '/no/such/site.json'] },
      2,
      '/no/such/site.json',
    ],
    [
      'of a command line that is wrong, without its words',
      { argv: ['backup', '--site', 'a.json', '--onyl', 'x'] },
      2,
      'did not begin: its command line is wrong\n',
    ],
    ['of a backup that is not there', { argv: ['restore', '2020-01-01_00-00-00'] }, 10, 'failed: '],
    [
      'of a restore with losses',
      { argv: ['restore', backup], restore: { report: report({ outcome: 'restored-with-losses', lossCount: 3 }) } },
      3,
      `ended: ${restoreName} of ${backup} with 3 values lost\n`,
    ],
    [
      'of a restore whose target differs',
      {
        argv: ['restore', backup],
        restore: { report: report({ outcome: 'differences-found', lossCount: 1, differenceCount: 2 }) },
      },
      14,
      `ended: ${restoreName} of ${backup} with 2 differences, 1 value lost\n`,
    ],
    [
      'of a restore that waits for an approval',
      { argv: ['restore', backup], restore: { summary: planSummary({ approvals: ['something'] }) } },
      1,
      `ended: ${restoreName} of ${backup} waits for an approval, and has written nothing\n`,
    ],
    [
      'of a drill that did not bring back what the backup holds',
      { argv: ['drill'], drill: { outcome: 'differences-found', differences: 2 } },
      14,
      'ended: It was tried.\n',
    ],
    [
      'of a drill that fails',
      { argv: ['drill'], fails: new LoginRefusedError('No.') },
      12,
      'failed: No. (LoginRefusedError)\n',
    ],
    [
      'of a linking of issues that fails',
      { argv: ['relink', restoreName], fails: new LoginRefusedError('No.') },
      12,
      'failed: No. (LoginRefusedError)\n',
    ],
    [
      'of an undo that fails',
      { argv: ['undo', restoreName], fails: new LoginRefusedError('The site refused it.') },
      12,
      'failed: The site refused it. (LoginRefusedError)\n',
    ],
  ])('%s', async (_, scene, code, text) => {
    const { exitCode, texts } = await ran(scene);
    expect(exitCode).toBe(code);
    expect(texts).toHaveLength(1);
    const [command = ''] = scene.argv ?? ['backup'];
    expect(texts[0]?.startsWith(begins(command))).toBe(true);
    expect(texts[0]).toContain(text);
    expect(texts[0]).toContain(`\nExit code: ${code} (`);
  });

  it('of a pruning that fails, and not of one that has nothing to do', async () => {
    const directory = temporaryFolder();
    const server = await noticeServer();
    const pruned = (keep: object) => {
      writeFileSync(join(directory, 'settings.json'), JSON.stringify({ keep }));
      const io = new RecordedIo({ env: { ASSETS_NOTIFY_URL: server.url } });
      return runCommandLine(['prune', '--local', directory], io, pretendProduct().product);
    };
    expect(await pruned({ last: 3 })).toBe(0);
    expect(server.texts()).toEqual([]);
    expect(await pruned({ lats: 3 })).toBe(2);
    expect(server.texts()).toEqual([expect.stringContaining('failed: ')]);
  });

  it('only of how it ended, where a restore was planned first and approved', async () => {
    const restore = { summary: planSummary({ approvals: ['something'] }) };
    const { exitCode, texts } = await ran({ argv: ['restore', backup, '--yes'], restore });
    expect(exitCode).toBe(0);
    expect(texts).toEqual([]);
  });
});

describe('a webhook that does not do its part', () => {
  const fails = new LoginRefusedError('The site refused the login.');

  it.each<readonly [string, Parameters<typeof noticeServer>[0], string]>([
    ['refuses', (response) => void response.writeHead(404).end('no_service'), 'it was answered 404'],
    [
      'leads elsewhere',
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      'it was answered 302: it leads elsewhere, and is not followed',
    ],
    ['cuts the line', (response) => void response.destroy(), 'it could not be reached'],
  ])('and %s is a warning, and changes neither exit code nor result', async (_, answer, reason) => {
    const server = await noticeServer(answer);
    const { exitCode, stderr } = await ran({ fails, server });
    expect(exitCode).toBe(12);
    expect(stderr).toContain(`Warning: Nobody was told how this run ended: of the message, ${reason}`);
    expect(stderr).toContain('The site refused the login.');
  });

  it('leaves a document for programs the only one on stdout', async () => {
    const server = await noticeServer((response) => void response.writeHead(404).end());
    const made = manifest({ status: 'partial', gaps: [gap as never] });
    const { io, exitCode } = await ran({ argv: ['backup', '--json'], made, server });
    expect(exitCode).toBe(1);
    expect(io.document()).toMatchObject({ type: 'backup', exitCode: 1 });
    expect(io.errorDocument()).toMatchObject({ type: 'warning', message: expect.stringContaining('404') });
  });
});

describe('the address', () => {
  it.each<readonly [string, Scene]>([
    ['works', { fails: new LoginRefusedError('The site refused the login.') }],
    [
      'is refused',
      { argv: ['restore', backup], restore: { report: report({ outcome: 'restored-with-losses', lossCount: 3 }) } },
    ],
    ['stands beside a mistake', { argv: ['backup', '--onyl', 'x'] }],
    [
      'waits for a plan',
      { argv: ['restore', backup], restore: { summary: planSummary({ approvals: ['something'] }) } },
    ],
  ])('stands in no output and no log, nor in a line that goes on, where it %s', async (_, scene) => {
    for (const by of ['option', 'environment'] as const) {
      const server = await noticeServer((response) => void response.writeHead(404).end());
      const { stdout, stderr, log } = await ran({ ...scene, server, by });
      expect(server.posted.length).toBeGreaterThan(0);
      for (const part of [...server.secret.split('/'), server.url.slice(7).split('/')[0] ?? '', '--notify http']) {
        expect(stdout + stderr + log).not.toContain(part);
      }
    }
  });

  it('that is none on the command line is wrong usage: nothing is started, and it is not shown', async () => {
    for (const url of ['http://hooks.example.com/T0SECRET', 'T0SECRET', 'https://me:T0SECRET@hooks.example.com/']) {
      const { exitCode, stderr, server } = await ran({ argv: ['backup', '--notify', url] });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--notify needs an https address');
      expect(stderr).not.toContain('SECRET');
      expect(server.posted).toEqual([]);
    }
  });

  it('that is none in the environment is a warning: a night does without it', async () => {
    const { exitCode, stderr, stdout } = await ran({ env: { ASSETS_NOTIFY_URL: 'http://hooks.example.com/T0SECRET' } });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Warning: ASSETS_NOTIFY_URL is no https address: nobody will be told how this run ends.');
    expect(stdout + stderr).not.toContain('SECRET');
  });

  it('goes with --local only: a stack has its topic, and does not mind the environment', async () => {
    const server = await noticeServer();
    const run = async (...argv: readonly string[]) => {
      const io = new RecordedIo({ env: { ...login, ASSETS_NOTIFY_URL: server.url } });
      const exitCode = await runCommandLine(['backup', '--stack', 'Nope', ...argv], io, pretendProduct().product);
      return { exitCode, stderr: io.stderr.text };
    };
    const refused = await run('--notify', server.url);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('--notify goes with --local only: a stack tells the topic');
    expect((await run()).stderr).toContain('There is no stack Nope.');
    expect(server.posted).toEqual([]);
  });
});
