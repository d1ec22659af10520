import { describe, expect, it } from 'vitest';
import { whileReading } from '../../../core/copy/while-reading.ts';
import { CopyRefusedError } from '../../../core/errors.ts';
import type { RunRegistry } from '../../../core/ports/run-registry.ts';
import { announcePruning, endPruning, isBeingPruned, isPruningBegun } from '../../../core/retention/pruning-mark.ts';
import { readersOf } from '../../../core/runs/backup-readers.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { HurriedClock, testDirectory } from '../../end-to-end/local-run.ts';

const backup = '2026-11-23_02-00-00';
const hour = 3_600_000;

/** Runs of which a test says whether they go on: processes, or functions of which nobody knows. */
function place({ isProcess = true } = {}) {
  const ended = new Set<string>();
  const runs: RunRegistry = {
    holder: (executionId) => ({ executionId, ...(isProcess && { process: { host: 'h', pid: 1 } }) }),
    hasEnded: async ({ executionId }) => ended.has(executionId),
  };
  const clock = new HurriedClock(Date.parse('2026-11-24T06:00:00Z'), () => 0);
  return { services: { ...openLocalStores(testDirectory()), runs, clock }, ended, clock };
}

const asked = (executionId: string) => ({ executionId, files: 2, bytes: 3 });

describe('the mark of a deletion', () => {
  it('has one holder at a time, and is taken over from one that has ended', async () => {
    const { services, ended } = place();
    expect(await announcePruning(services, backup, asked('first'))).toBeDefined();
    expect(await announcePruning(services, backup, asked('second'))).toBeUndefined();
    expect(await isBeingPruned(services, backup)).toBe(true);

    ended.add('first');
    expect(await isBeingPruned(services, backup)).toBe(false);
    expect(await isPruningBegun(services.work, backup)).toBe(true);
    const over = await announcePruning(services, backup, { executionId: 'second', files: 1, bytes: 1 });
    // What there was, not what is left.
    expect(over?.mark).toMatchObject({ holder: { executionId: 'second' }, state: 'deleting', files: 2, bytes: 3 });
  });

  it('is written by one of many that begin at the same moment', async () => {
    const { services } = place();
    const held = await Promise.all(
      Array.from({ length: 8 }, (_, index) => announcePruning(services, backup, asked(`run ${index}`))),
    );
    expect(held.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('is withdrawn by its own holder alone', async () => {
    const { services, ended } = place();
    const first = await announcePruning(services, backup, asked('first'));
    ended.add('first');
    await announcePruning(services, backup, asked('second'));
    if (!first) throw new Error('not held');
    await endPruning(services, first, 'withdrawn');
    expect(await isBeingPruned(services, backup)).toBe(true);
  });

  it('of a function, of which nobody knows whether it has ended, counts for an hour', async () => {
    const { services, clock } = place({ isProcess: false });
    await announcePruning(services, backup, asked('first'));
    clock.pass(hour - 1);
    expect(await isBeingPruned(services, backup)).toBe(true);
    expect(await announcePruning(services, backup, asked('second'))).toBeUndefined();
    clock.pass(2);
    expect(await isBeingPruned(services, backup)).toBe(false);
    expect(await announcePruning(services, backup, asked('second'))).toBeDefined();
  });

  it('keeps a copy from a backup that is being deleted, at either end', async () => {
    for (const at of ['source', 'destination'] as const) {
      const places = { source: place(), destination: place() };
      await announcePruning(places[at].services, backup, asked('pruning'));
      const ends = {
        source: { ...places.source.services, name: 'there' },
        destination: { ...places.destination.services, name: 'here' },
      };
      const { clock } = places.source;
      const copying = whileReading(
        ends,
        { backup, executionId: 'a copy', clock, unmarked: () => {} },
        async () => 'done',
      );
      await expect(copying, at).rejects.toThrow(CopyRefusedError);
      await expect(copying).rejects.toThrow(
        /is being deleted, because no rule of "keep" keeps it there\. Nothing was copied\.$/,
      );
      for (const { services } of Object.values(places)) expect(await readersOf(services, backup)).toEqual([]);
    }
  });
});
