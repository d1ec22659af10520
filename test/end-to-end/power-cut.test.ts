import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { Services } from '../../core/ports/services.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { watchedDisk } from '../adapters/disk/watched-disk.ts';
import { backUp, testClock, testDirectory, testSimulator } from './local-run.ts';

vi.mock('node:fs', async (original) => {
  const { watchedDisk: disk } = await import('../adapters/disk/watched-disk.ts');
  return disk.over(await original());
});
vi.mock('node:fs/promises', async () => {
  const { promises } = await import('node:fs');
  return { ...promises, default: promises };
});

const isSafe = (path: string) => watchedDisk.isSafe(path, { existsSync, statSync });

/** Looks, at each write of a run, which files a power cut would leave at that moment. */
class PowerCuts {
  /** What was said to be done and is not safe, or was named before it was. */
  readonly broken: string[] = [];
  done = 0;
  named = 0;

  decorate = (services: Services): Services => ({
    ...services,
    backups: this.#over(services.backups, services.backups),
    work: this.#over(services.work, services.backups),
  });

  #over<Store extends BackupStore | WorkStore>(store: Store, backups: BackupStore): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        if (!['create', 'copy', 'write', 'replace'].includes(String(name))) return method.bind(target);
        return async (...given: unknown[]) => {
          const key = String(given[name === 'copy' ? 1 : 0]);
          const contents = name === 'copy' ? '' : Buffer.from(given[1] as string | Uint8Array).toString();
          for (const file of filesNamedIn(contents)) {
            this.named += 1;
            const path = backups.addressOf(file);
            if (!isSafe(path)) this.broken.push(`${key} names ${file} before it is safe`);
          }
          try {
            return await (method as (...args: unknown[]) => Promise<unknown>).apply(target, given);
          } finally {
            // Also where it was there before: then the run goes by what lies there.
            this.done += 1;
            if (!isSafe(store.addressOf(key))) this.broken.push(`${key} is said to be done and is not safe`);
          }
        };
      },
    });
  }
}

/** Files of a backup, as records of the work store, lists and the manifest name them. */
function filesNamedIn(contents: string): string[] {
  return [...contents.matchAll(/"key":\s*("(?:[^"\\]|\\.)*"),\s*"bytes"/g)].map(([, key]) => JSON.parse(key ?? ''));
}

describe('a power cut', { timeout: 300_000 }, () => {
  it.each([1, 2, 3, 4])('at any moment leaves whole files, and what was said to be stored: site %i', async (seed) => {
    const directory = testDirectory();
    onTestFinished(() => watchedDisk.clear());
    for (const night of ['first', 'copied from the first']) {
      watchedDisk.clear();
      const cuts = new PowerCuts();
      const simulator = await testSimulator({ site: randomSite(seed, 12) });
      const { result } = await backUp(simulator, { directory, decorate: cuts.decorate });
      expect(result?.status, night).toBe('complete');
      expect(cuts.broken, night).toEqual([]);
      expect(watchedDisk.calls, night).toContain('fsync');
      expect(watchedDisk.torn, night).toEqual([]);
      expect(cuts.done, night).toBeGreaterThan(20);
      expect(cuts.named, night).toBeGreaterThan(20);
      expect(isSafe(join(directory, result?.backup ?? '', 'manifest.json')), night).toBe(true);
      await testClock.sleep(1_000);
    }
  });
});
