#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: it starts the rest. In a clone that is TypeScript, on Node 24: where this Node is
// older, on the one that `npm ci` installed beside it (Linux). A package has no source; its bundle runs on older ones too.
// Where neither can be, a sentence says what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// A backup is a stream of short-lived objects: with V8's default it takes 100 MB more for the same speed. V8 takes this at its start only.
const youngGeneration = '--max-semi-space-size=8';
// What outlives it is soon dead as well, and V8 would let it grow to four times what is alive before it looks: 80 MB more.
const oldGeneration = '--heap-growing-percent=100';
const source = new URL('main.ts', import.meta.url);
// Source goes first: a bundle beside it would be what an `npm pack` that broke off has left.
const isClone = existsSync(source);
const main = isClone ? source : new URL('../bundle/main.mjs', import.meta.url);
const neededNode = isClone ? [24, 0] : [22, 16];
const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const ownNode = `${modules}.bin/node`;
// Node keeps there what it made of each source file, by its bytes: types are stripped once and not at each start.
const compileCache = isClone && existsSync(modules) ? `${modules}.cache/assets-backup` : undefined;

const words = process.argv.slice(2);
// Each thread of glibc's has a heap of its own, and keeps in it what the bytes of pages and shards have taken at their most: with one for all, a backup
// of 500,000 objects takes 30 MB less. Elsewhere than with glibc nobody reads this.
const malloc = words[0] === 'backup' && { MALLOC_ARENA_MAX: '1' };
// What only says what there is takes no room, and is not worth a second start.
const isOnlyWords =
  words.length === 0 || words[0] === 'help' || words.some((word) => ['--help', '-h', '--version'].includes(word));

if (isNewEnough() && isOnlyWords) {
  if (compileCache !== undefined && !process.env.NODE_COMPILE_CACHE) module.enableCompileCache(compileCache);
  await import(main.href);
} else if (isNewEnough()) handOver(process.execPath);
else if (isClone && existsSync(ownNode)) handOver(ownNode);
else {
  const needed = neededNode.join('.').replace('.0', '');
  const then = isClone ? ', then run `npm ci` again' : '';
  process.stderr.write(
    `assets-backup needs Node.js ${needed} or newer; this is ${process.version}. Install it from https://nodejs.org${then}.\n`,
  );
  process.exitCode = 1;
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1]);
}

/** Becomes the program where a process can (not on Windows), which leaves one; elsewhere waits for it. */
function handOver(node) {
  const line = [youngGeneration, oldGeneration, fileURLToPath(main), ...words];
  const env = { ...malloc, ...(compileCache && { NODE_COMPILE_CACHE: compileCache }), ...process.env };
  // Node 23 has it from 23.11 on.
  if (node === process.execPath && process.platform !== 'win32') process.execve?.(node, [node, ...line], env);
  const child = spawn(node, line, { stdio: 'inherit', env });
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
