import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
const run = promisify(execFile);

test('starts as a process of its own, prints where it listens, and ends when told to', async () => {
  const child = spawn(process.execPath, [main, '--seed', 'large:10'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('Ctrl+C')) break;
  }
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(lines[0] ?? '')?.[1];
  const text = lines.join('\n');
  const settings = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  expect(settings).toMatchObject({ siteName: url, apiUrl: url });
  const login = Buffer.from(`${settings.username}:${settings.apiToken}`).toString('base64');
  const reply = await fetch(`${url}/rest/servicedeskapi/assets/workspace`, {
    headers: { Authorization: `Basic ${login}` },
  });
  expect(reply.status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('says what is wrong with its options, and how it is used', async () => {
  expect((await run(process.execPath, [main, '--help'])).stdout).toContain('--seed');
  for (const options of [['--seed', 'nope'], ['--wrong']]) {
    await expect(run(process.execPath, [main, ...options])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Usage'),
    });
  }
});
