import { describe, expect, it } from 'vitest';
import { LockLostError, RunInProgressError } from '../../../core/errors.ts';
import type { RunRegistry } from '../../../core/ports/run-registry.ts';
import type { WorkStore } from '../../../core/ports/work-store.ts';
import { checkSiteLock, releaseSiteLock, restoreLocksHeld, takeSiteLock } from '../../../core/runs/site-lock.ts';
import { functionNeeds } from '../../../functions/function-needs.ts';
import type { StepFile } from '../../../functions/step-list.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { HurriedClock, RecordingReporter, testDirectory } from '../../end-to-end/local-run.ts';

const workspace = { workspaceId: 'ws', siteName: 'site', apiUrl: 'http://site', login: 'basic' } as const;
const backup = (executionId: string) => ({ workspace, executionId });
const restore = (executionId: string) => ({ workspace, executionId, restore: executionId });

/** One store, and executions of which some have ended. */
function site() {
  const ended = new Set<string>();
  const runs: RunRegistry = {
    holder: (executionId) => ({ executionId }),
    hasEnded: async ({ executionId }) => ended.has(executionId),
  };
  const { work } = openLocalStores(testDirectory());
  const services = { work, runs, clock: new HurriedClock(), reporter: new RecordingReporter() };
  return { services, work, ended };
}

const kinds = [
  ['a backup', backup, 'a backup', backup],
  ['a backup', backup, 'a restore', restore],
  ['a restore', restore, 'a backup', backup],
  ['a restore', restore, 'a restore', restore],
] as const;

describe('the lock of a site', () => {
  it.each(kinds)('is not given while %s runs to %s', async (_, first, __, second) => {
    const { services, ended } = site();
    await takeSiteLock(services, first('1'));
    await takeSiteLock(services, first('1'));
    await expect(takeSiteLock(services, second('2'))).rejects.toThrow(RunInProgressError);
    await checkSiteLock(services, first('1'));
    await expect(checkSiteLock(services, second('2'))).rejects.toThrow(LockLostError);
    ended.add('1');
    await takeSiteLock(services, second('2'));
    await checkSiteLock(services, second('2'));
  });

  it.each(kinds)('is free once %s has released it, for %s', async (_, first, __, second) => {
    const { services } = site();
    await takeSiteLock(services, first('1'));
    await releaseSiteLock(services, first('1'));
    await expect(checkSiteLock(services, first('1'))).rejects.toThrow(/had ended and released it/);
    await takeSiteLock(services, second('2'));
    await checkSiteLock(services, second('2'));
  });

  it('stops a backup that was taken for ended when a restore begins', async () => {
    const { services, ended } = site();
    await takeSiteLock(services, backup('1'));
    ended.add('1');
    await takeSiteLock(services, restore('2'));
    await expect(checkSiteLock(services, backup('1'))).rejects.toThrow(/held by 2/);
    expect(await restoreLocksHeld(services.work)).toEqual([{ executionId: '2' }]);
  });

  it('is for one at most where both kinds begin at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { services } = site();
      const taken = await Promise.allSettled([backup('1'), restore('2')].map((run) => takeSiteLock(services, run)));
      expect(taken.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
      // Whoever gave way has left nothing that would keep the next one out.
      if (taken.every(({ status }) => status === 'rejected')) await takeSiteLock(services, backup('3'));
    }
  });

  it('is taken over from a backup of 0.1.0, which had it where a restore has it', async () => {
    const { services, work, ended } = site();
    const old = { state: 'held', holder: { executionId: 'old' }, kind: 'backup', since: '2026-11-23T02:00:00.000Z' };
    await work.write('locks/ws.json', JSON.stringify(old));
    for (const run of [backup('1'), restore('2')])
      await expect(takeSiteLock(services, run)).rejects.toThrow(/Another backup .* 2026-11-23T02:00/);
    ended.add('old');
    await takeSiteLock(services, backup('1'));
    await checkSiteLock(services, backup('1'));
    await releaseSiteLock(services, backup('1'));
    await takeSiteLock(services, restore('2'));
    await checkSiteLock(services, restore('2'));
  });
});

/** Writes what a role may write, into every file of the work store that is there, and beside them. */
async function vandalise(work: WorkStore, file: StepFile, text: string) {
  const folders = functionNeeds[file].work.writes.map((pattern) => pattern.split('/')[0]);
  for (const folder of new Set(folders)) await work.write(`${folder}/ws.json`, text);
}

describe('a role of a backup that leaked', () => {
  it.each(['plan-backup', 'export-objects', 'finish-backup'] as const)(
    'cannot break the lock of a restore: %s',
    async (file) => {
      const { services, work } = site();
      await takeSiteLock(services, restore('1'));
      const before = await work.read('locks/ws.json');
      const since = '2026-11-23T02:00:00.000Z';
      for (const state of ['held', 'released'])
        await vandalise(work, file, JSON.stringify({ state, holder: { executionId: 'evil' }, kind: 'backup', since }));
      expect(await work.read('locks/ws.json')).toEqual(before);
      await checkSiteLock(services, restore('1'));
      await expect(takeSiteLock(services, backup('2'))).rejects.toThrow(RunInProgressError);
    },
  );
});
