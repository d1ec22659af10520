import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointClasses } from '../../core/model/request-budget.ts';
import { siteOfSeed } from '../../simulator/seeds/site-of-seed.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { launcher, type RunningProcess, runCommand, startCommand, startProcess } from './command-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const canary = 'canary-fc6903cb80d5d64ca76db81c';
const username = 'backup@example.com';

/** A pretend site, a file with its settings, and a folder for backups that is not there yet. */
async function prepared({ seed = 'large:40', latencyMs = 0, apiToken = canary } = {}) {
  const site = siteOfSeed(seed);
  if (!site) throw new Error(`There is no seed ${seed}.`);
  const simulator = await startSimulator({ site, latencyMs, login: { username, apiToken: canary } });
  onTestFinished(() => simulator.close());
  const folder = temporaryFolder();
  const settings = join(folder, 'site.json');
  const byClass = Object.fromEntries(endpointClasses.map((name) => [name, 600_000]));
  writeFileSync(
    settings,
    JSON.stringify({
      siteName: simulator.url,
      username,
      apiToken,
      apiUrl: simulator.url,
      requestBudget: { total: 600_000, byClass },
    }),
    { mode: 0o600 },
  );
  const directory = join(folder, 'my backups');
  const backup = ['backup', '--local', directory, '--site', settings];
  return { simulator, directory, backup };
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Runs a program at a terminal, closes that once the run has begun, and prints the program's exit code. */
const closedTerminal = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while b"Objects" not in seen: seen += os.read(terminal, 4096)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

function everyFile(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const untilStderr = (run: RunningProcess, text: string) => expect.poll(run.stderr).toContain(text);

describe('the command as a process', { timeout: 60_000 }, () => {
  it('backs up, verifies, lists and shows; the token is in nothing that it writes', async () => {
    const { directory, backup } = await prepared();

    const backedUp = await runCommand([...backup, '--json', '--debug']);
    expect(backedUp).toMatchObject({ exitCode: 0, stderr: '' });
    const { backup: name } = JSON.parse(backedUp.stdout) as { backup: string };
    const verified = await runCommand(['verify', name, '--local', directory]);
    const listed = await runCommand(['list', '--local', directory]);
    const shown = await runCommand(['show', name, '--local', directory]);

    expect(verified.exitCode).toBe(0);
    expect(verified.stdout).toContain(`${name} is whole`);
    expect(listed.stdout).toMatch(new RegExp(`${name} {2}complete `));
    expect(shown.stdout).toContain(`${name} is complete.`);
    const secrets = [canary, Buffer.from(`${username}:${canary}`).toString('base64')];
    const files = everyFile(directory);
    expect(files.some((file) => file.endsWith('.log'))).toBe(true);
    const written = [backedUp, verified, listed, shown].map(({ stdout, stderr }) => stdout + stderr);
    for (const text of [...written, ...files.map((file) => readFileSync(file, 'latin1'))]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('12 where the site refuses the login', async () => {
    const { directory, backup } = await prepared({ apiToken: 'another-token' });

    const { exitCode, stderr, stdout } = await runCommand(backup);

    expect(exitCode).toBe(12);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/login was refused.*\nThe log of this run: .*my backups\/logs\/.*\.log\n$/);
    expect(
      stderr +
        everyFile(directory)
          .map((file) => readFileSync(file, 'utf8'))
          .join(),
    ).not.toContain('another-token');
  });

  it('13 where a byte of a backup was changed', async () => {
    const { directory, backup } = await prepared();
    const { backup: name } = JSON.parse((await runCommand([...backup, '--json'])).stdout) as { backup: string };
    const victim = everyFile(join(directory, name)).find((file) => file.includes('objectsmeta')) ?? '';
    const text = readFileSync(victim, 'utf8');
    writeFileSync(victim, text.replace('"id"', '"iD"'));

    const { exitCode, stdout } = await runCommand(['verify', name, '--local', directory]);

    expect(exitCode).toBe(13);
    expect(stdout).toContain('SHA-256');
  });

  it('11 while another run of the site is in progress; Ctrl-C ends that one with 130 and gives the site free', async () => {
    const { simulator, backup } = await prepared();
    // It is still running when the second has started, however long that takes.
    simulator.onRequest('history', () => new Promise(() => {}));
    const running = startCommand(backup);
    await expect.poll(() => simulator.requests.byEndpoint.history).toBeGreaterThan(0);

    const second = await runCommand(backup);
    running.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running.ended;
    const third = startCommand(backup);
    await untilStderr(third, 'Configuration:');

    expect(second.exitCode).toBe(11);
    expect(second.stderr).toContain('is running since');
    expect(exitCode).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('Stopping ...; press Ctrl-C again to quit at once.');
    expect(stderr).toContain('no manifest');
  });

  it('stops at SIGTERM as at Ctrl-C, and takes two signals of one press for one', async () => {
    const { simulator, backup } = await prepared({ seed: 'large:400', latencyMs: 50 });
    const running = startCommand(backup);
    await expect.poll(() => simulator.requests.total).toBeGreaterThan(20);

    running.child.kill('SIGTERM');
    running.child.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;

    expect(exitCode).toBe(130);
    expect(stderr).toContain('The backup was stopped.');
  });

  it('goes on with a backup whose terminal is gone, whoever reads it, to its manifest', async () => {
    const { simulator, backup, directory } = await prepared({ seed: 'large:400', latencyMs: 20 });
    const running = startCommand(backup);
    await expect.poll(() => simulator.requests.total).toBeGreaterThan(20);

    running.child.kill('SIGHUP');
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    const { exitCode } = await running.ended;

    expect(exitCode).toBe(0);
    const { stdout } = await runCommand(['list', '--local', directory]);
    expect(stdout).toMatch(/complete /);
    const [log = ''] = everyFile(join(directory, 'logs'));
    expect(readFileSync(log, 'utf8')).toMatch(/"event":"run\.hung-up"[\s\S]*"event":"run\.ended"/);
  });

  it.skipIf(!hasPython)(
    'the same at a real terminal that is closed, where every write fails from then on',
    async () => {
      const { backup, directory } = await prepared({ seed: 'large:400', latencyMs: 20 });
      const program = [process.execPath, launcher, ...backup];
      const status = await startProcess(['python3', '-c', closedTerminal, ...program], {}, 'ignore').ended;

      expect(status).toMatchObject({ exitCode: 0, stdout: '0\n' });
      expect((await runCommand(['list', '--local', directory])).stdout).toMatch(/complete /);
    },
  );

  it.skipIf(!existsSync('/dev/full'))('fails where its result cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));

    const { status, stderr } = spawnSync(process.execPath, [launcher, '--help'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });

    expect(status).toBe(1);
    expect(stderr).toContain('The result could not be written to stdout: ENOSPC');
  });

  it('does not mind a reader that leaves', async () => {
    const run = startCommand(['--help']);
    run.child.stdout?.destroy();

    expect(await run.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (node) =>
    existsSync(node) && Number.parseInt(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1), 10) < 24,
);

describe.skipIf(olderNode === undefined)('on a Node that is too old', { timeout: 20_000 }, () => {
  it('hands over to the Node that was installed beside it, with its exit code', async () => {
    expect((await runCommand(['--help'], { node: olderNode ?? '' })).stdout).toContain('Usage: assets-backup');
    expect((await runCommand(['bakup'], { node: olderNode ?? '' })).exitCode).toBe(2);
  });

  it('or says in a sentence what is needed', async () => {
    const alone = join(temporaryFolder(), 'assets-backup.mjs');
    copyFileSync(launcher, alone);
    const run = () => execFileSync(olderNode ?? '', [alone], { encoding: 'utf8', stdio: 'pipe' });

    expect(run, 'a package').toThrow(/needs Node\.js 22\.16 or newer; this is v\d+.*nodejs\.org\.\n/);
    writeFileSync(join(alone, '../main.ts'), '');
    expect(run, 'a clone').toThrow(/needs Node\.js 24 or newer; this is v\d+.*run `npm ci` again/);
  });
});
