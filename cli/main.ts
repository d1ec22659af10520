#!/usr/bin/env node
import type { Product } from './command-context.ts';
import { runCommandLine } from './command-line.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { onStopSignals } from './stop-signals.ts';

/** Each is loaded where it is called: what all of it takes to load is many times what a short command takes. */
const product: Product = {
  backUp: async (options) => (await import('../local/local-backup.ts')).backUpLocally(options),
  openBackups: async (directory) => (await import('../local/local-stores.ts')).openLocalStores(directory).backups,
  verify: async (...input) => (await import('../core/verify/verify-backup.ts')).verifyBackup(...input),
  restore: async (options) => (await import('../local/local-restore.ts')).restoreLocally(options),
  undo: async (options) => (await import('../local/local-restore.ts')).undoLocally(options),
  relink: async (options) => (await import('../local/local-restore.ts')).relinkLocally(options),
  drill: async (options) => (await import('../local/local-drill.ts')).drillLocally(options),
  diff: async (...input) => (await import('../core/diff/diff-backups.ts')).diffBackups(...input),
  diffWithSite: async (options) => (await import('../local/local-diff.ts')).diffWithSiteLocally(options),
  openStack: async (address) => (await import('../deployed/deployed-stack.ts')).openStack(address),
};

const isPersonThere = process.stdin.isTTY && process.stderr.isTTY;

const io: CommandLineIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: Date.now,
  ask: isPersonThere
    ? async (question, signal) => (await import('./ask-person.ts')).askLine(question, signal)
    : undefined,
  askSecret: isPersonThere
    ? async (question, signal) => {
        const { default: password } = await import('@inquirer/password');
        return password({ message: question, mask: false, toggleMask: false }, { output: process.stderr, signal });
      }
    : undefined,
  onStopSignals,
  exit: (exitCode) => process.exit(exitCode),
};

// A terminal that was closed must not end a backup, and neither must a reader that has left (`| head`).
process.stderr.on('error', () => {});
let lostResult: Error | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const isNobodyThere = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY);
  if (!isNobodyThere) lostResult = error;
});

const exitCode = await runCommandLine(process.argv.slice(2), io, product);
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
if (lostResult) process.stderr.write(`The result could not be written to stdout: ${lostResult.message}\n`);
// Connections that the run kept open would hold the process for some seconds.
process.exit(lostResult && exitCode === 0 ? 1 : exitCode);
