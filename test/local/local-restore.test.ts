import { describe, expect, it } from 'vitest';
import type { Services } from '../../core/ports/services.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { type LocalRestoreOptions, restoreLocally } from '../../local/local-restore.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { demoSite } from '../../simulator/seeds/demo.ts';
import { HurriedClock, RecordingReporter, settingsFor, testDirectory, testSimulator } from '../end-to-end/local-run.ts';

async function options(more: Partial<LocalRestoreOptions> = {}): Promise<LocalRestoreOptions> {
  return {
    directory: testDirectory(),
    settings: settingsFor(await testSimulator({ site: demoSite() })),
    choices: parseRestoreInput({ folder: '2026-11-23_02-00-00' }),
    reporter: new RecordingReporter(),
    clock: new HurriedClock(),
    ...more,
  };
}

describe('a local restore', () => {
  it('of a backup that is not there fails with that error, and leaves no lock', async () => {
    const some = await options();
    await expect(restoreLocally(some)).rejects.toMatchObject({ name: 'NoSuchBackupError', exitCode: 10 });
    const { work } = openLocalStores(some.directory);
    for await (const key of work.list('locks/')) expect((await work.read(key))?.text).toContain('"released"');
  });

  it('that is stopped says what becomes of what was written', async () => {
    const restoring = restoreLocally(await options({ signal: AbortSignal.abort(new Error('stop')) }));
    await expect(restoring).rejects.toMatchObject({ name: 'InterruptedError', exitCode: 130 });
    await expect(restoring).rejects.toThrow(/What was written .* stays\. Start the same command again/);
  });

  it('gives each invocation its services by way of the one who decorates them, whose error it throws as it is', async () => {
    const seen: Services[] = [];
    const killed = new Error('killed');
    const decorate = (services: Services): Services => {
      seen.push(services);
      throw killed;
    };
    await expect(restoreLocally(await options({ decorate }))).rejects.toBe(killed);
    expect(seen).toMatchObject([{ searchLagMilliseconds: 60_000 }]);
  });
});
