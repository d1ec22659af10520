import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/system-clock.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import { backupName } from '../../core/backup-format/keys.ts';
import type { SetupCheck } from '../../core/operations/one-check.ts';
import { LocalRuns } from '../../local/local-runs.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { backUp, testDirectory, testSimulator } from '../end-to-end/local-run.ts';
import { runOn } from './held-backups.ts';
import { manifest, pretendProduct } from './pretend-product.ts';
import { RecordedIo } from './recorded-io.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hour = 3_600_000;

/** A site, an empty folder, and the command for both; backups are those of the disk unless one is made up. */
async function prepared({ env = {} }: { env?: Record<string, string> } = {}) {
  const simulator = await testSimulator({ site: demoSite(), login: { apiToken: 'canary-token-5f2c' } });
  const folder = testDirectory();
  const directory = join(folder, 'backups');
  const siteFile = join(folder, 'site.json');
  const writeSite = (more: object = {}) => {
    const login = { siteName: simulator.url, apiUrl: simulator.url, ...simulator.credentials, ...more };
    writeFileSync(siteFile, JSON.stringify({ ...login, expires: '2999-01-31' }), { mode: 0o600 });
  };
  writeSite();
  const { product, backups } = pretendProduct();
  let openBackups: typeof product.openBackups = async (name) => openLocalStores(name).backups;
  const doctor = async (...words: readonly string[]) => {
    const io = new RecordedIo({ env });
    const argv = ['doctor', '--local', directory, '--site', siteFile, ...words];
    const exitCode = await runCommandLine(argv, io, { ...product, openBackups: async (name) => openBackups(name) });
    expect(io.stdout.text + io.stderr.text).not.toMatch(/canary-token-5f2c|SECRET/);
    return { exitCode, io, text: io.stdout.text };
  };
  /** What the checks of these names say. */
  const checks = async (...names: readonly string[]) => {
    const { exitCode, io } = await doctor('--json');
    const all = io.document().checks as SetupCheck[];
    return { exitCode, found: names.map((name) => all.find((one) => one.name === name)), all };
  };
  const lastEnded = (hoursAgo: number, counts: object = {}) => {
    const finishedAt = new Date(Date.now() - hoursAgo * hour).toISOString();
    const made = manifest({ name: backupName(finishedAt), startedAt: finishedAt, finishedAt });
    backups.files.clear();
    backups.add({ ...made, counts: { ...made.counts, ...counts } });
    openBackups = async () => backups;
    return made.name;
  };
  return { simulator, directory, siteFile, writeSite, doctor, checks, lastEnded };
}

describe('doctor of a folder', () => {
  it('0 where all is ready, before the first backup and after it, and leaves nothing but two small files', async () => {
    const { simulator, directory, siteFile, doctor } = await prepared();
    const first = await doctor();
    expect(first.exitCode).toBe(0);
    expect(first.text).toContain('The folder was not there, and is made now. There is no backup yet.');
    expect((await doctor()).text).not.toContain('was not there');
    expect(first.text).toMatch(/^The folder .*backups is ready: 37 checks, none failed\.$/m);
    expect(first.text).toContain(
      `- last backup: Make one: npx assets-backup backup --local ${directory} --site ${siteFile}\n`,
    );
    expect(readdirSync(directory).sort()).toEqual(['.work', 'check-setup']);
    expect(simulator.requests.writes).toEqual([]);

    await backUp(simulator, { directory, activity: false });
    const { exitCode, io } = await doctor('--json');
    const { type, ok, checks, ...others } = io.document();
    expect({ exitCode, type, ok }).toEqual({ exitCode: 0, type: 'checks', ok: true });
    expect(others).toEqual({ directory, exitCode: 0 });
    expect(checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'login', ok: true, detail: 'Accepted, as a basic login.' }),
        expect.objectContaining({
          name: 'last backup',
          ok: true,
          detail: expect.stringMatching(/ is complete, and ended under a minute ago\.$/),
          remedy: expect.stringContaining('was made without history and comments.'),
        }),
        expect.objectContaining({ name: 'disk', detail: expect.stringMatching(/: room for [\d,]+ more\.$/) }),
      ]),
    );
  });

  it('says where no settings of a site are named that they are to be written, and checks again with them', async () => {
    const { exitCode, stdout } = await runOn(temporaryFolder(), 'doctor');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '- site file: Write site.json, which README, "Back up on this computer", shows, and name it: --site site.json.',
    );
    expect(stdout).toMatch(/then check again: npx assets-backup doctor --local \S+ --site site\.json$/m);
  });

  it('says of the settings of a site what is wrong, and that others may read their file', async () => {
    const { siteFile, writeSite, checks } = await prepared();
    chmodSync(siteFile, 0o644);
    const open = await checks('site file', 'login');
    expect(open).toMatchObject({
      exitCode: 1,
      found: [{ ok: false, detail: expect.stringContaining(`chmod 600 ${siteFile}`) }, { ok: true }],
    });
    expect(open.all.filter(({ name }) => name === 'site file')).toHaveLength(1);

    writeSite({ siteName: 7 });
    chmodSync(siteFile, 0o600);
    expect(await checks('site file', 'login', 'disk')).toMatchObject({
      exitCode: 1,
      found: [
        { ok: false, detail: expect.stringContaining('siteName') },
        { ok: false, detail: 'Not checked, because the check "site file" failed.' },
        { ok: true },
      ],
    });

    writeSite({ apiToken: 'another' });
    const refused = await checks('login');
    expect(refused.found).toMatchObject([{ ok: false, remedy: expect.stringContaining(`put it into ${siteFile}`) }]);
    expect(JSON.stringify(refused.all)).not.toMatch(/--stack|secret|cdk|bucket/);

    writeSite({ objectSchemaKeys: ['FAC', 'TYPO'] });
    expect((await checks('scheduled schemas')).found).toMatchObject([
      { ok: false, remedy: expect.stringContaining(`Mend objectSchemaKeys in ${siteFile}`) },
    ]);
  });

  it('says of the folder what is wrong: its settings, who may enter, the room', async () => {
    const { directory, checks, lastEnded } = await prepared();
    mkdirSync(join(directory, '.work'), { recursive: true });
    chmodSync(join(directory, '.work'), 0o755);
    writeFileSync(join(directory, 'settings.json'), '{ "keeep": 3 }');
    lastEnded(9, { bytes: 1e15 });
    expect(await checks('settings', 'private folders', 'disk', 'last backup', 'pruning')).toMatchObject({
      exitCode: 1,
      found: [
        { ok: false, detail: expect.stringContaining('keeep') },
        { ok: false, remedy: `Close that to them: chmod -R go= ${join(directory, '.work')}` },
        { ok: false, detail: expect.stringContaining('there is no room for another one') },
        { ok: true, detail: expect.stringMatching(/is complete, and ended about 9 h ago\.$/), remedy: null },
        { ok: false, detail: 'Not checked, because the check "settings" failed.' },
      ],
    });
  });

  it('fails where what should be a backup is none, and not where there never was one', async () => {
    const { simulator, directory, checks } = await prepared();
    expect(await checks('last backup')).toMatchObject({
      found: [{ ok: true, detail: expect.stringMatching(/There is no backup yet\.$/) }],
    });
    mkdirSync(join(directory, '2026-11-22_02-00-00'));
    writeFileSync(join(directory, '2026-11-22_02-00-00', 'file'), '');
    expect(await checks('last backup')).toMatchObject({ exitCode: 0, found: [{ ok: true }] });
    const { result } = await backUp(simulator, { directory, activity: false });
    writeFileSync(join(directory, result?.backup ?? '', 'manifest.json'), '{');
    expect(await checks('last backup')).toMatchObject({
      exitCode: 1,
      found: [{ ok: false, detail: expect.stringMatching(/^There is no backup that counts/) }],
    });
  });

  it('says that the first one is being made, while it is', async () => {
    const { directory, checks } = await prepared();
    const { work } = openLocalStores(directory);
    const runs = new LocalRuns(work, systemClock);
    const stop = await runs.startHeartbeat('it');
    const lock = { state: 'held', holder: runs.holder('it'), kind: 'backup', since: '2026-11-24T08:00:00.000Z' };
    await work.create('backup-locks/w.json', JSON.stringify(lock));
    expect((await checks('last backup')).found[0]?.remedy).toContain('being made now');
    await stop();
    expect((await checks('last backup')).found[0]?.remedy).toContain('Make one: ');
  });

  it('says so where nothing can be written there, and checks the rest', async () => {
    const { directory, checks } = await prepared();
    mkdirSync(directory);
    writeFileSync(join(directory, '.work'), '', { mode: 0o600 });
    expect(await checks('login', 'backups', 'work folder', 'drill', 'who is told')).toMatchObject({
      exitCode: 1,
      found: [
        { ok: true },
        {
          ok: false,
          detail: expect.stringContaining('is a file where a folder is needed'),
          remedy: expect.stringContaining('own the folder'),
        },
        { ok: false, detail: expect.stringContaining(join(directory, '.work')) },
        { ok: false, remedy: 'Mend that, then check again.' },
        { ok: true },
      ],
    });
  });

  it.each([
    [25, 0, null],
    [27, 0, /^Where a backup is made every night, the last one is missing: .*logs/],
    [49, 1, /Find out why there is no newer one .* npx assets-backup backup --local/],
  ])('of a last backup that is %s hours old ends with %s', async (hours, exit, remedy) => {
    const { checks, lastEnded } = await prepared();
    lastEnded(hours);
    const { exitCode, found } = await checks('last backup');
    expect({ exitCode, ok: found[0]?.ok }).toEqual({ exitCode: exit, ok: exit === 0 });
    if (remedy) expect(found[0]?.remedy).toMatch(remedy);
    else expect(found[0]?.remedy).toBeNull();
  });

  it('says whether a webhook is told, and never which', async () => {
    const url = 'https://hooks.example.com/services/SECRET';
    expect((await (await prepared({ env: { ASSETS_NOTIFY_URL: url } })).checks('who is told')).found).toMatchObject([
      { ok: true, remedy: null },
    ]);
    const wrong = await prepared({ env: { ASSETS_NOTIFY_URL: 'http://hooks.example.com/SECRET' } });
    expect(await wrong.checks('who is told')).toMatchObject({ exitCode: 1, found: [{ ok: false }] });
  });

  it('says how old the last drill is, and fails where it did', async () => {
    const { directory, checks } = await prepared();
    const write = (outcome: string, at: string) => {
      const drill = `${backupName(at)}_0a1b2c3d`;
      mkdirSync(join(directory, '.work/drills/runs'), { recursive: true });
      const ended = { at, outcome, message: `It ${outcome}.`, error: null };
      const where = { workspaceId: 'w', siteName: 'https://drill.example', scratch: 'removed', executionId: 'e' };
      const record = { drill, backup: '2026-11-23_02-00-00', startedAt: at, ...where, ended };
      writeFileSync(join(directory, '.work/drills/runs', `${drill}.json`), JSON.stringify(record), { mode: 0o600 });
    };
    const { found } = await checks('drill');
    expect(found[0]?.detail).toBe('No drill was ever made here.');
    write('failed', new Date(Date.now() - 50 * hour).toISOString());
    chmodSync(join(directory, '.work'), 0o700);
    expect(await checks('drill')).toMatchObject({
      exitCode: 1,
      found: [{ ok: false, detail: expect.stringContaining('It failed.') }],
    });
    write('passed', new Date(Date.now() - 5 * hour).toISOString());
    expect(await checks('drill')).toMatchObject({
      exitCode: 0,
      found: [{ ok: true, detail: expect.stringContaining('passed about 5 h ago') }],
    });
  });

  it('2 where the place is wrong: a site beside a stack, no place, a file', async () => {
    const { product } = pretendProduct();
    for (const words of ['--stack S --site site.json', '--local ./a --stack S', '', '--local package.json']) {
      const io = new RecordedIo();
      expect(await runCommandLine(['doctor', ...words.split(' ').filter(Boolean)], io, product), words).toBe(2);
      expect(io.stdout.text).toBe('');
    }
  });
});
