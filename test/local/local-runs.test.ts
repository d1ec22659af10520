import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DirectoryWorkStore } from '../../adapters/disk/directory-work-store.ts';
import {
  type Machine,
  type ProcessIdentity,
  type ProcessState,
  thisMachine,
} from '../../adapters/disk/this-machine.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { LocalRuns } from '../../local/local-runs.ts';
import { newFolder } from '../adapters/disk/temporary-place.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let work: DirectoryWorkStore;
let now: number;
/** What happens while somebody sleeps by the clock. */
let meanwhile: () => Promise<void>;
let slept: number;
const clock: Clock = {
  now: () => now,
  async sleep(milliseconds) {
    slept += milliseconds;
    now += milliseconds;
    await meanwhile();
  },
};
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await newFolder();
  work = new DirectoryWorkStore(folder.path);
  now = Date.UTC(2026, 10, 23, 2);
  meanwhile = async () => {};
  slept = 0;
});
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of stops.splice(0)) await stop();
  await folder.remove();
});

/** A process as it knows itself, on a machine where the others are in the state that `states` gives for their number. */
function machine(self: ProcessIdentity, states: Record<number, ProcessState> = {}, bootedAt = 0): Machine {
  return {
    self,
    stateOf: ({ host, pid }) => (host === self.host ? (states[pid] ?? 'running') : 'unknown'),
    bootedAt: () => bootedAt,
  };
}

function runsOf(of: Machine): LocalRuns {
  return new LocalRuns(work, clock, of);
}

async function running(runs: LocalRuns, executionId: string): Promise<() => Promise<void>> {
  const stop = await runs.startHeartbeat(executionId);
  stops.push(stop);
  return stop;
}

const minute = 60_000;

describe('the holder', () => {
  test('is the execution and this process', () => {
    expect(new LocalRuns(work, clock).holder('run-1')).toEqual({
      executionId: 'run-1',
      process: { host: thisMachine.self.host, pid: process.pid },
    });
  });

  test('has not ended as far as we can know, where it is an execution on AWS', async () => {
    expect(
      await new LocalRuns(work, clock).hasEnded({ executionId: 'arn:aws:states:eu-central-1:1:execution:a:b' }),
    ).toBe(false);
  });
});

describe('a holder in this process', () => {
  test('has ended when its execution does not run here', async () => {
    const runs = new LocalRuns(work, clock);
    const stop = await running(runs, 'run-1');

    const during = await runs.hasEnded(runs.holder('run-1'));
    const another = await runs.hasEnded(runs.holder('run-2'));
    await stop();

    expect([during, another]).toEqual([false, true]);
    expect(await runs.hasEnded(runs.holder('run-1'))).toBe(true);
  });

  test('has not ended when another registry of this process runs it', async () => {
    const runs = new LocalRuns(work, clock);
    await running(runs, 'run-1');

    expect(await new LocalRuns(work, clock).hasEnded(runs.holder('run-1'))).toBe(false);
  });

  test('does not run when its first heartbeat could not be written', async () => {
    const runs = new LocalRuns(work, clock);
    vi.spyOn(work, 'write').mockRejectedValueOnce(new Error('disk'));

    await expect(runs.startHeartbeat('run-1')).rejects.toThrow('disk');

    expect(await runs.hasEnded(runs.holder('run-1'))).toBe(true);
  });
});

describe('a holder on this machine', () => {
  const one = { host: 'laptop', pid: 1, start: 'monday' };
  const two = { host: 'laptop', pid: 2, start: 'monday' };

  test('has ended when its process is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const runs = new LocalRuns(work, clock);

    expect(await runs.hasEnded({ executionId: 'run-1', process: { host: thisMachine.self.host, pid } })).toBe(true);
  });

  test('has not ended when its process exists, whether it has a heartbeat or not', async () => {
    const runs = new LocalRuns(work, clock);

    expect(
      await runs.hasEnded({ executionId: 'run-1', process: { host: thisMachine.self.host, pid: process.ppid } }),
    ).toBe(false);
  });

  test.each(['running', 'unknown'] as const)(
    'has not ended when it is silent for hours but its process is %s',
    async (state) => {
      const holder = runsOf(machine(one));
      await running(holder, 'run-1');
      now += 600 * minute;

      expect(await runsOf(machine(two, { 1: state })).hasEnded(holder.holder('run-1'))).toBe(false);
      expect(slept).toBe(0);
    },
  );

  test('has ended when another process has its number now', async () => {
    const holder = runsOf(machine(one));
    await running(holder, 'run-1');

    expect(await runsOf(machine(two, { 1: 'ended' })).hasEnded(holder.holder('run-1'))).toBe(true);
  });

  test('has ended when the machine was started since its last heartbeat, and its number is taken', async () => {
    const holder = runsOf(machine(one));
    await running(holder, 'run-1');
    const hasEnded = (bootedAt: number) =>
      runsOf(machine(two, { 1: 'unknown' }, bootedAt)).hasEnded(holder.holder('run-1'));

    expect(await hasEnded(now + 5 * minute)).toBe(true);
    expect(await hasEnded(now + minute / 2)).toBe(false);
    expect(await hasEnded(now - 5 * minute)).toBe(false);
  });

  test('has ended when it said so', async () => {
    const holder = runsOf(machine(one));
    const stop = await running(holder, 'run-1');
    const other = runsOf(machine(two));

    const during = await other.hasEnded(holder.holder('run-1'));
    await stop();

    expect([during, await other.hasEnded(holder.holder('run-1'))]).toEqual([false, true]);
  });

  test('is not taken for the process that ran the same execution before', async () => {
    const before = runsOf(machine(one));
    const stop = await running(before, 'run-1');
    await stop();
    const holder = runsOf(machine({ host: 'laptop', pid: 3 }));

    expect(await runsOf(machine(two)).hasEnded(holder.holder('run-1'))).toBe(false);
  });
});

describe('a holder on another machine', () => {
  const there = { host: 'server', pid: 1 };
  const here = { host: 'laptop', pid: 1 };

  test('has not ended while its heartbeat is young', async () => {
    const holder = runsOf(machine(there));
    await running(holder, 'run-1');
    now += 2 * minute;

    expect(await runsOf(machine(here)).hasEnded(holder.holder('run-1'))).toBe(false);
    expect(slept).toBe(0);
  });

  test('has ended when its heartbeat is older than two minutes and does not move', async () => {
    const holder = runsOf(machine(there));
    await running(holder, 'run-1');
    now += 2 * minute + 1;

    expect(await runsOf(machine(here)).hasEnded(holder.holder('run-1'))).toBe(true);
    expect(slept).toBe(30_000);
  });

  test.each([-600, 600])('has not ended when only its clock is %i minutes off', async (off) => {
    const holder = new LocalRuns(work, { ...clock, now: () => now + off * minute }, machine(there));
    await running(holder, 'run-1');
    meanwhile = async () => {
      // The next beat, at the other machine's time.
      await running(holder, 'run-1');
    };

    expect(await runsOf(machine(here)).hasEnded(holder.holder('run-1'))).toBe(false);
  });

  test('has ended when it has no heartbeat, and gets none while we watch', async () => {
    const holder = runsOf(machine(there));
    const hasEnded = () => runsOf(machine(here)).hasEnded(holder.holder('run-1'));

    const silent = await hasEnded();
    meanwhile = async () => {
      await running(holder, 'run-1');
    };

    expect([silent, await hasEnded()]).toEqual([true, false]);
  });

  test('has ended when it said so', async () => {
    const holder = runsOf(machine(there));
    const stop = await running(holder, 'run-1');
    await stop();

    expect(await runsOf(machine(here)).hasEnded(holder.holder('run-1'))).toBe(true);
    expect(slept).toBe(0);
  });
});

describe('the heartbeat', () => {
  const at = async () => JSON.parse((await work.read('heartbeats/run-1'))?.text ?? '{}');

  test('is renewed every ten seconds until it is stopped, with the process that runs', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stop = await running(new LocalRuns(work, clock), 'run-1');
    const first = await at();

    now += 10_000;
    vi.advanceTimersByTime(10_000);
    await expect.poll(async () => (await at()).at).toBe(now);
    now += 5_000;
    await stop();
    const last = await at();
    now += 60_000;
    vi.advanceTimersByTime(60_000);

    expect(first).toEqual({ ...thisMachine.self, at: now - 75_000, ended: false });
    expect(last).toEqual({ ...thisMachine.self, at: now - 60_000, ended: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('survives a beat that could not be written, and being stopped twice', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const write = vi.spyOn(work, 'write');
    const stop = await running(new LocalRuns(work, clock), 'run-1');

    write.mockRejectedValueOnce(new Error('disk'));
    vi.advanceTimersByTime(10_000);
    now += 20_000;
    vi.advanceTimersByTime(10_000);
    await expect.poll(async () => (await at()).at).toBe(now);

    await Promise.all([stop(), stop()]);
    expect((await at()).ended).toBe(true);
  });
});
