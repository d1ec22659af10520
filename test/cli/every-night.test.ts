import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { noticeServer } from '../adapters/notify/notice-server.ts';

const readme = readFileSync(resolve('README.md'), 'utf8');
const [, crontab = ''] = /```crontab\n(.*?)```/s.exec(readme) ?? [];
const [, path = '', cronLine = ''] = /^PATH=(.*)\n0 2 \* \* \* (.*)\n$/.exec(crontab) ?? [];
const service = readFileSync(resolve('packaging/systemd/assets-backup.service'), 'utf8');
const [, execStart = ''] = /^ExecStart=(.*)$/m.exec(service) ?? [];

/** What the README says to put into the environment, and where for systemd. */
const [, variable = ''] = /^(\w+)=https:.*$/m.exec(readme.slice(readme.indexOf('**Who is told.**'))) ?? [];
const [, environmentFile = ''] = /^EnvironmentFile=-\/etc\/assets-backup\/(\w+)$/m.exec(service) ?? [];

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** The line as its scheduler runs it, with the README's places moved: by a shell with next to no environment, in another folder. */
async function scheduled(line: string, folder: string, more: Record<string, string> = {}): Promise<Ended> {
  const moved = line
    .replaceAll('/opt/assets-backup', resolve('.'))
    .replaceAll('/var/backups/assets', join(folder, 'backups'))
    .replaceAll('/etc/assets-backup', folder)
    .replaceAll('/var/log', folder)
    .replaceAll('/usr/bin/node', process.execPath);
  // cron gives this PATH; here Node may lie elsewhere.
  const env = {
    PATH: `${path}:${join(process.execPath, '..')}`,
    HOME: folder,
    LOGNAME: 'somebody',
    SHELL: '/bin/sh',
    ...more,
  };
  const child = spawn('/bin/sh', ['-c', moved], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const exitCode = await new Promise<number | null>((ended) => child.once('close', ended));
  return { exitCode, output };
}

async function prepared() {
  const folder = mkdtempSync(join(tmpdir(), 'every-night-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const site = new SimulatedSite();
  const type = site.addType({ schema: site.addSchema({ key: 'FAC', name: 'Facilities' }), name: 'Room' });
  site.addObject({ type, name: 'One' });
  const simulator = await startSimulator({ site });
  onTestFinished(() => simulator.close());
  const { username, apiToken } = simulator.credentials;
  const write = (token: string) => {
    const settings = {
      siteName: simulator.url,
      apiUrl: simulator.url,
      username,
      apiToken: token,
      requestBudget: { total: 60_000 },
    };
    writeFileSync(join(folder, 'site.json'), JSON.stringify(settings), { mode: 0o600 });
  };
  write(apiToken);
  const backups = () => readdirSync(join(folder, 'backups')).filter((name) => /^\d/.test(name));
  return { folder, write, backups };
}

const hasFlock = existsSync('/usr/bin/flock');

it.skipIf(!hasFlock)(
  'the cron line of the README backs up, without a word to mail',
  async () => {
    const { folder, backups } = await prepared();
    expect(await scheduled(cronLine, folder)).toEqual({ exitCode: 0, output: '' });
    expect(backups()).toHaveLength(1);
    expect(readFileSync(join(folder, 'assets-backup.log'), 'utf8')).toContain('nothing is missing');
  },
  60_000,
);

it.skipIf(!hasFlock)(
  'the cron line mails the exit code where it is not 0',
  async () => {
    const { folder, write } = await prepared();
    write('another-token');
    const { output } = await scheduled(cronLine, folder);
    expect(output).toBe(`assets-backup ended with 12, see ${folder}/assets-backup.log\n`);
    expect(readFileSync(join(folder, 'assets-backup.log'), 'utf8')).toContain('refused');
  },
  60_000,
);

it.skipIf(!hasFlock)(
  'the line of the systemd service backs up, and ends with 11 while another one holds the lock',
  async () => {
    const { folder, backups } = await prepared();
    const holder = spawn('/usr/bin/flock', [join(folder, 'site.json'), 'sh', '-c', 'echo held; read end']);
    await new Promise((held) => holder.stdout.once('data', held));
    expect(await scheduled(execStart, folder)).toEqual({ exitCode: 11, output: '' });
    holder.stdin.end();
    await new Promise((ended) => holder.once('close', ended));

    const { exitCode, output } = await scheduled(execStart, folder);
    expect(exitCode).toBe(0);
    expect(output).toContain('nothing is missing');
    expect(backups()).toHaveLength(1);
  },
  60_000,
);

it.skipIf(!hasFlock).each(['cron', 'systemd'])(
  'a webhook is told of a refused login, before anything was backed up, where the environment of %s names it',
  async (scheduler) => {
    const { folder, write } = await prepared();
    write('another-token');
    const server = await noticeServer();
    expect([variable, environmentFile]).toEqual(['ASSETS_NOTIFY_URL', 'environment']);
    const line = scheduler === 'cron' ? cronLine : execStart;
    const { output } = await scheduled(line, folder, { [variable]: server.url });
    expect(server.texts()).toEqual([expect.stringMatching(/^assets-backup backup on .* failed: .*LoginRefusedError/)]);
    const log = scheduler === 'cron' ? readFileSync(join(folder, 'assets-backup.log'), 'utf8') : output;
    expect(log).toContain('refused');
    expect(log).not.toContain('SECRET');
  },
  60_000,
);
