#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: it starts the rest, TypeScript, on Node 24. Where this Node is
// older, that is the one that `npm ci` installed beside this package (Linux); elsewhere a sentence says what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const neededNode = 24;
// A backup is a stream of short-lived objects: with V8's default it takes 100 MB more for the same speed.
const youngGeneration = '--max-semi-space-size=8';
const main = new URL('main.ts', import.meta.url);
const ownNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

const isNewEnough = Number.parseInt(process.versions.node, 10) >= neededNode;

if (isNewEnough || existsSync(ownNode)) {
  handOver(isNewEnough ? process.execPath : ownNode);
} else {
  process.stderr.write(
    `assets-backup needs Node.js ${neededNode} or newer; this is ${process.version}. Install it from https://nodejs.org, then run \`npm ci\` again.\n`,
  );
  process.exitCode = 1;
}

function handOver(node) {
  const child = spawn(node, [youngGeneration, fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
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
