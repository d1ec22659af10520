import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LocalServer } from './local-server.ts';
import { NotAvailableError } from './python-environment.ts';

/** As test runners use it for "left out". */
const leftOut = 77;
const root = resolve(import.meta.dirname, '../..');

export interface Suite {
  /** Whose tests, `*.deploy.ts` or `*.browser.ts`, are run. */
  readonly folder: string;
  /** What is left out where something cannot be had, as a sentence. */
  readonly otherwise: string;
  /**
   * Starts its servers, puts each among those that run, and gives what tests, the command and functions need in their
   * environment. What they write goes into the folder, which goes with the run. Throws NotAvailableError.
   */
  start(folder: string, running: LocalServer[]): Promise<NodeJS.ProcessEnv>;
}

/** Runs the tests of a folder beside its servers, and ends this process with their exit code: 77 where they cannot be had. */
export async function runSuite({ folder, otherwise, start }: Suite): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'assets-backup-suite-'));
  const running: LocalServer[] = [];
  try {
    const environment = await start(place, running);
    process.exitCode = await runTests(folder, { ...process.env, ...environment, ASSETS_BACKUP_TEST_FOLDER: place });
  } catch (error) {
    if (!(error instanceof NotAvailableError)) throw error;
    process.stderr.write(`${error.message} ${otherwise}\n`);
    process.exitCode = leftOut;
  } finally {
    for (const server of running.toReversed()) await server.stop();
    await rm(place, { recursive: true, force: true });
  }
}

function runTests(folder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const own = ['run', '--config', 'vitest.deploy.config.ts', '--dir', folder];
  const child = spawn(process.execPath, [vitest, ...own, ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => done(code ?? 1));
  });
}
