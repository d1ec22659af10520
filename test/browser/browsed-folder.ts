import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeSettings } from '../../demo/settings.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { launcher } from '../cli/command-process.ts';
import { roomyPlace } from '../roomy-place.ts';
import { hostileSite } from './hostile-site.ts';

const execute = promisify(execFile);

/** Not the name that the page would take by itself. */
export const siteFile = 'our site.json';

/** A folder with two backups of the hostile site, made and shown by the real command. */
export type BrowsedFolder = Awaited<ReturnType<typeof browseFolder>>;

export async function browseFolder() {
  const folder = await mkdtemp(join(roomyPlace(), 'assets-backup-browser-'));
  const parts = hostileSite();
  const simulator = await startSimulator({ site: parts.site });
  await writeSettings(join(folder, siteFile), simulator);
  /** Runs the command as a person would who stands in the folder. */
  const run = (...words: readonly string[]) =>
    execute(process.execPath, [launcher, ...words], { cwd: folder, maxBuffer: 100_000_000 });
  const backUp = () => run('backup', '--local', 'backups', '--site', siteFile);
  await backUp();
  const [changed, removed] = parts.laptops;
  if (!changed || !removed) throw new Error('The site has no laptops.');
  parts.site.updateObject(changed, { Weight: 5 });
  parts.site.deleteObject(removed);
  await backUp();
  const names = (await readdir(join(folder, 'backups'))).filter((name) => /^\d{4}-/.test(name)).sort();
  const [first = '', second = ''] = names;
  const server = spawn(process.execPath, [launcher, 'browse', '--local', 'backups', '--site', siteFile, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const { address } = JSON.parse(line) as { address: string };
  const stopServer = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGINT');
    await once(server, 'exit');
  };
  return {
    ...{ ...parts, folder, simulator, first, second, changed, removed },
    address,
    origin: new URL(address).origin,
    token: new URL(address).hash.slice(1),
    run,
    stopServer,
    /** Pastes a line into a shell there; `npx` stands for this clone's. */
    async paste(command: string) {
      const npx = `npx() { shift; '${process.execPath}' '${launcher}' "$@"; }`;
      return execute('bash', ['-c', `${npx}; ${command}`], { cwd: folder, maxBuffer: 100_000_000 });
    },
    async close() {
      await stopServer();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
