#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: it starts the rest, TypeScript, on Node 24. Where this Node is
// older, that is the one that `npm ci` installed beside this package (Linux); elsewhere a sentence says what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const neededNode = 24;
// A backup is a stream of short-lived objects: with V8's default it takes 100 MB more for the same speed. V8 takes this at its start only.
const youngGeneration = '--max-semi-space-size=8';
// What outlives it is soon dead as well, and V8 would let it grow to four times what is alive before it looks: 80 MB more.
const oldGeneration = '--heap-growing-percent=100';
const main = fileURLToPath(new URL('main.ts', import.meta.url));
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const ownNode = `${modules}.bin/node`;

const isNewEnough = Number.parseInt(process.versions.node, 10) >= neededNode;

if (isNewEnough || existsSync(ownNode)) {
  handOver(isNewEnough ? process.execPath : ownNode);
} else {
  process.stderr.write(
    `assets-backup needs Node.js ${neededNode} or newer; this is ${process.version}. Install it from https://nodejs.org, then run \`npm ci\` again.\n`,
  );
  process.exitCode = 1;
}

/** Becomes the program where a process can (Node 24, not on Windows), which leaves one; elsewhere waits for it. */
function handOver(node) {
  const words = [youngGeneration, oldGeneration, main, ...process.argv.slice(2)];
  const env = { ...compileCache(), ...process.env };
  if (node === process.execPath && process.platform !== 'win32') process.execve(node, [node, ...words], env);
  const child = spawn(node, words, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`assets-backup could not start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/** Node keeps there what it made of each source file, by its bytes: types are stripped once and not at each start. */
function compileCache() {
  return existsSync(modules) ? { NODE_COMPILE_CACHE: `${modules}.cache/assets-backup` } : {};
}
