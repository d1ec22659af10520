import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LocalServerOptions {
  /** As messages name it. */
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  /** Where it runs, and what it writes goes. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it answers; thrown errors mean that it does not yet. */
  readonly isReady: () => Promise<boolean>;
}

export interface LocalServer {
  stop(): Promise<void>;
}

/** Long, because machines that run tests are often busy. */
const longestStart = 120_000;

/** Starts a server as a process of this machine, and waits until it answers. */
export async function startServer(options: LocalServerOptions): Promise<LocalServer> {
  const { name, program, args = [], folder, env, isReady } = options;
  const log: string[] = [];
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => log.push(String(text)));
  const server: LocalServer = {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
  for (const deadline = Date.now() + longestStart; Date.now() < deadline && child.exitCode === null; await sleep(100)) {
    if (await isReady().catch(() => false)) return server;
  }
  await server.stop();
  throw new Error(`${name} did not start:\n${log.join('').slice(-2000)}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
