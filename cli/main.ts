#!/usr/bin/env node
import password from '@inquirer/password';
import { diffBackups } from '../core/diff/diff-backups.ts';
import { verifyBackup } from '../core/verify/verify-backup.ts';
import { backUpLocally } from '../local/local-backup.ts';
import { diffWithSiteLocally } from '../local/local-diff.ts';
import { drillLocally } from '../local/local-drill.ts';
import { relinkLocally, restoreLocally, undoLocally } from '../local/local-restore.ts';
import { openLocalStores } from '../local/local-stores.ts';
import { askLine } from './ask-person.ts';
import type { Product } from './command-context.ts';
import { runCommandLine } from './command-line.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { onStopSignals } from './stop-signals.ts';

const product: Product = {
  backUp: backUpLocally,
  openBackups: (directory) => openLocalStores(directory).backups,
  verify: verifyBackup,
  restore: restoreLocally,
  undo: undoLocally,
  relink: relinkLocally,
  drill: drillLocally,
  diff: diffBackups,
  diffWithSite: diffWithSiteLocally,
  // The SDK of AWS takes a fifth of a second to load, which is nothing to make a run on this machine wait for.
  openStack: async (address) => (await import('../deployed/deployed-stack.ts')).openStack(address),
};

const isPersonThere = process.stdin.isTTY && process.stderr.isTTY;

const io: CommandLineIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: Date.now,
  ask: isPersonThere ? askLine : undefined,
  askSecret: isPersonThere
    ? (question, signal) =>
        password({ message: question, mask: false, toggleMask: false }, { output: process.stderr, signal })
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
