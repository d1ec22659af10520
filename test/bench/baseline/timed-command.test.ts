import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { timedCommand } from '../../../bench/baseline/timed-command.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const timed = (script: string) => timedCommand({ words: ['-e', script], folder: join(testDirectory(), 'usage') });

/** Answers nothing before it has three requests, and all of them then. */
async function startServer(): Promise<string> {
  const waiting: (() => void)[] = [];
  const server = createServer((_, response) => {
    waiting.push(() => response.end('ok'));
    if (waiting.length === 3) for (const answer of waiting.splice(0)) answer();
  });
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : ''}`;
}

it('counts all processes of a command, the memory of the largest, and gives what it prints', async () => {
  const child = 'const all = []; for (let i = 0; i < 200; i += 1) all.push(Buffer.alloc(1e6, 1)); process.exit(0);';
  const script = `const { spawnSync } = require('node:child_process');
    const { status } = spawnSync(process.execPath, ['-e', ${JSON.stringify(child)}]);
    console.log('ended', status);`;
  const [alone, both] = [await timed('0'), await timed(script)];
  expect(both.stdout).toBe('ended 0\n');
  expect(both.peakMegabytes).toBeGreaterThan(200);
  expect(alone.peakMegabytes).toBeLessThan(200);
  expect(both.cpuSeconds).toBeGreaterThan(alone.cpuSeconds);
  expect(both.mostInFlight).toBe(0);
});

it.each([
  ['fetch', (url: string) => `const get = async () => (await fetch('${url}')).text();`],
  [
    'node:http',
    (url: string) => `const get = () => new Promise((resolve) =>
      require('node:http').get('${url}', (response) => response.resume().on('end', resolve)));`,
  ],
])('counts requests that are under way at once: %s', async (_, get) => {
  const script = `${get(await startServer())}
    (async () => { for (let round = 0; round < 2; round += 1) await Promise.all([get(), get(), get()]); })();`;
  expect((await timed(script)).mostInFlight).toBe(3);
});

it('a command that fails has no figures', async () => {
  await expect(timed("console.error('it is broken'); process.exit(3)")).rejects.toThrow(/ended with 3\.\nit is broken/);
});
