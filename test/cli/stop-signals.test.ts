import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { expect, it } from 'vitest';

/** Its time is what it is told, so that two signals are as far apart as the test says and not as the machine is busy. */
const listening = `
  import { onStopSignals } from '${new URL('../../cli/stop-signals.ts', import.meta.url).href}';
  let time = 0;
  performance.now = () => time;
  process.stdin.on('data', (told) => {
    time = Number(told);
    console.log('time ' + time);
  });
  onStopSignals({ stop: (reason) => console.log('stop ' + reason), quit: () => process.exit(130) });
  process.on('SIGINT', () => console.log('heard'));
  console.log('ready');
`;

function started(program: string) {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => (await lines.next()).value };
}

it('the first signal stops, one of the same press is ignored, a later one quits a run that does not end', async () => {
  const { child, line } = started(listening);
  expect(await line()).toBe('ready');

  child.kill('SIGINT');
  expect([await line(), await line()]).toEqual(['stop SIGINT', 'heard']);
  child.stdin.write('299');
  expect(await line()).toBe('time 299');
  child.kill('SIGINT');
  expect(await line()).toBe('heard');
  expect(child.exitCode).toBeNull();
  child.stdin.write('300');
  expect(await line()).toBe('time 300');
  child.kill('SIGTERM');

  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(await line()).toBeUndefined();
});

it('a terminal that is gone ends what nobody would see, and tells a run that outlives it', async () => {
  for (const outlives of [true, false]) {
    const program = listening.replace('quit:', `${outlives ? "hungUp: () => console.log('hung up'), " : ''}quit:`);
    const { child, line } = started(program);
    expect(await line()).toBe('ready');
    child.kill('SIGHUP');
    if (!outlives) {
      expect(await once(child, 'exit')).toEqual([null, 'SIGHUP']);
      continue;
    }
    expect(await line()).toBe('hung up');
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
  }
});
