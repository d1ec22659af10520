import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installEmulator, NoEmulatorError, startEmulator } from './emulator.ts';

/**
 * `npm run test:deploy`: the stack on an emulator of AWS. Exit code 77, as test runners use it for "left out", where the
 * emulator cannot be had here.
 */
const leftOut = 77;
const root = resolve(import.meta.dirname, '../..');

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof NoEmulatorError)) throw error;
  process.stderr.write(`${error.message} The stack was not deployed on an emulator.\n`);
  return leftOut;
});

async function main(): Promise<number> {
  const program = await installEmulator();
  const folder = await mkdtemp(join(tmpdir(), 'assets-backup-deploy-'));
  try {
    const emulator = await startEmulator(program, folder);
    try {
      return await runTests({ ...process.env, ...emulator.environment, ASSETS_BACKUP_TEST_FOLDER: folder });
    } finally {
      await emulator.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runTests(env: NodeJS.ProcessEnv): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--config', 'vitest.deploy.config.ts', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => done(code ?? 1));
  });
}
