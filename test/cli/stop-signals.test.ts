import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';

const listening = `
  import { onStopSignals } from '${new URL('../../cli/stop-signals.ts', import.meta.url).href}';
  setInterval(() => {}, 1000);
  onStopSignals({ stop: (reason) => console.log('stop ' + reason), quit: () => process.exit(130) });
  console.log('ready');
`;

it('the first signal stops, one of the same press is ignored, a later one quits a run that does not end', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', listening], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const written: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => written.push(text));
  await once(child.stdout, 'data');

  child.kill('SIGINT');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await sleep(400);
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  const [exitCode] = await once(child, 'exit');

  expect(exitCode).toBe(130);
  expect(written.join('')).toBe('ready\nstop SIGINT\n');
});

it('a terminal that is gone ends what nobody would see, and tells a run that outlives it', async () => {
  for (const outlives of [true, false]) {
    const program = listening.replace('quit:', `${outlives ? "hungUp: () => console.log('hung up'), " : ''}quit:`);
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8');
    await once(child.stdout, 'data');
    child.kill('SIGHUP');
    if (!outlives) {
      expect(await once(child, 'exit')).toEqual([null, 'SIGHUP']);
      continue;
    }
    expect(await once(child.stdout, 'data')).toEqual(['hung up\n']);
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
  }
});
