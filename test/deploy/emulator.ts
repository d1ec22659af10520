import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The emulator of AWS that was tried with these tests. */
const version = '1.5.33';
const root = resolve(import.meta.dirname, '../..');
const place = join(root, 'node_modules', '.cache', 'ministack', version);

/** The emulator cannot be had on this machine; the message says why. */
export class NoEmulatorError extends Error {
  override readonly name = 'NoEmulatorError';
}

export interface Emulator {
  /** What a program needs in its environment to talk to it: an address, a region, credentials that mean nothing. */
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Installs MiniStack into a virtual environment of its own, where it is not there yet. Throws NoEmulatorError. */
export async function installEmulator(): Promise<string> {
  const program = join(place, 'bin', 'ministack');
  if (existsSync(program)) return program;
  await mkdir(dirname(place), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', place]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(join(place, 'bin', 'pip'), ['install', ...quiet, `ministack==${version}`], { timeout: 300_000 });
  } catch (error) {
    await rm(place, { recursive: true, force: true });
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    const why = code === 'ENOENT' ? 'there is no python3' : (stderr.trim().split('\n').at(-1) ?? String(code));
    throw new NoEmulatorError(`MiniStack ${version} could not be installed: ${why}.`, { cause: error });
  }
  return program;
}

/** Starts it on this machine's loopback alone, with Node 24 for its functions. `folder` takes what it writes. */
export async function startEmulator(program: string, folder: string): Promise<Emulator> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const log: string[] = [];
  const child = spawn(program, [], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      TMPDIR: folder,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      // Otherwise it opens a port for MQTT on every interface.
      IOT_MTLS_ENABLED: '0',
      // Functions as processes of this machine, without Docker.
      LAMBDA_EXECUTOR: 'local',
      // Where functions find it.
      AWS_ENDPOINT_URL: address,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => log.push(String(text)));
  await untilReady(child, address, log);
  return {
    environment: {
      AWS_ENDPOINT_URL: address,
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function untilReady(child: ChildProcess, address: string, log: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) break;
    const isReady = await fetch(`${address}/_ministack/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`MiniStack did not start:\n${log.join('').slice(-2000)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
