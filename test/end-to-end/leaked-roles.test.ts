import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupName, manifestKey } from '../../core/backup-format/keys.ts';
import { manifestFile, type StoredFile } from '../../core/backup-format/manifest.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Services } from '../../core/ports/services.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';

const night = Date.UTC(2026, 10, 23, 2);
/** Time that only pauses move on, however busy this machine is: a backup is named by the second of its start. */
function standing(at: number): Clock {
  let now = at;
  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      // Deadlines are only ended, never reached.
      if (milliseconds >= 900_000)
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
        );
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      now += milliseconds;
    },
  };
}

const site = () => testSimulator({ site: randomSite(3, 20) });
const text = (value: string) => new TextEncoder().encode(value);
const named = (second: number) => backupName(new Date(night + second * 1000).toISOString());

/** The store of backups, of which some methods are others. */
const otherBackups =
  (other: (backups: BackupStore) => Partial<BackupStore>) =>
  (services: Services): Services => {
    const own = other(services.backups);
    const backups = new Proxy(services.backups, {
      get(store, name) {
        const value = Reflect.get(own, name) ?? Reflect.get(store, name, store);
        return typeof value === 'function' ? value.bind(store) : value;
      },
    });
    return { ...services, backups };
  };

/** Does something just before the first file is created whose key is such a one. */
function beforeCreating(isSuch: (key: string) => boolean, act: (backups: BackupStore) => Promise<void>) {
  let isDone = false;
  return otherBackups((backups) => ({
    async create(key, bytes) {
      if (!isDone && isSuch(key)) {
        isDone = true;
        await act(backups);
      }
      await backups.create(key, bytes);
    },
  }));
}

const isManifest = (key: string) => key.endsWith('/manifest.json');

describe('a manifest that somebody has put under the name of a running backup', () => {
  it.each<[string, (whole: Uint8Array) => Uint8Array]>([
    ['a whole one', (whole) => whole],
    ['a damaged one', () => text('{}')],
  ])('is not taken for that of an earlier try, and the run says so: %s', async (_, planted) => {
    const simulator = await site();
    const earlier = await backUp(simulator, { clock: standing(night - 86_400_000) });
    const { manifest } = earlier;
    if (!manifest) throw new Error('There is no backup to copy.');
    const stolen = planted(manifestFile({ ...manifest, name: named(0) }));
    const decorate = beforeCreating(
      (key) => key.includes('/objects'),
      (backups) => backups.create(manifestKey(named(0)), stolen),
    );
    const { directory } = earlier;

    const run = await backUp(simulator, { directory, decorate, clock: standing(night) });

    expect(run.error).toMatchObject({
      name: 'KeyExistsError',
      message: expect.stringMatching(/did not write it.*Find out who/),
    });
    const { backups, work } = openLocalStores(directory);
    expect(await backups.read(manifestKey(named(0)))).toEqual(stolen);
    expect(await Array.fromAsync(work.list(`finished/${named(0)}`))).toEqual([]);
    // The site is free again, and the next run is whole.
    const next = await backUp(simulator, { directory, clock: standing(night + 3_600_000) });
    expect(next.result?.status).toBe('complete');
    // It is not what the next one is compared with.
    expect(next.manifest?.notices).toEqual([]);
  });

  it('is found also where it comes in the last moment', async () => {
    const decorate = beforeCreating(isManifest, (backups) => backups.create(manifestKey(named(0)), text('{}')));
    const run = await backUp(await site(), { decorate, clock: standing(night) });
    expect(run.error).toMatchObject({ name: 'KeyExistsError', message: expect.stringMatching(/did not write it/) });
  });

  it('is our own where a record says so: a try that was cut off after it is the backup', async () => {
    const cutOff = Object.assign(new Error('cut off'), { name: 'Sandbox.Timedout' });
    let tries = 0;
    const decorate = otherBackups((backups) => ({
      async create(key, bytes) {
        await backups.create(key, bytes);
        if (!isManifest(key)) return;
        tries += 1;
        throw cutOff;
      },
    }));
    const run = await backUp(await site(), { decorate, clock: standing(night) });
    expect(run.result?.status).toBe('complete');
    expect(tries).toBe(1);
  });
});

describe('a record that says of a step what it has not done', () => {
  const another = { bytes: 2, sha256: '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945', records: 0 };

  it.each<[string, (files: StoredFile[]) => StoredFile[], RegExp]>([
    [
      'a file that is not there',
      (files) => [...files, { ...another, key: `${named(0)}/X/objects/history/1.json` }],
      /history\/1\.json, which is not stored/,
    ],
    [
      'a file of another backup',
      (files) => [...files, { ...another, key: `${named(9)}/config/objectschemas.json` }],
      /which is not in 2026-11-23_02-00-00/,
    ],
    ['a file above all backups', (files) => [...files, { ...another, key: `${named(0)}/../x` }], /which is not in/],
    [
      'a file of another step',
      (files) => [...files, { ...another, key: `${named(0)}/config/objectschemas.json` }],
      /objectschemas\.json twice/,
    ],
    ['another size', (files) => files.map((file) => ({ ...file, bytes: file.bytes + 1 })), /but it has \d+/],
  ])('is found before the backup is sealed: %s', async (_, forge, why) => {
    const decorate = ({ work, ...services }: Services): Services => {
      const write = async (key: string, json: string) => {
        if (!/\/activity\/\d+\.from-/.test(key)) return work.write(key, json);
        const { files, ...record } = JSON.parse(json) as { readonly files: StoredFile[] };
        await work.write(key, JSON.stringify({ ...record, files: forge(files) }));
      };
      const others = new Proxy(work, {
        get(store, name) {
          const value = name === 'write' ? write : Reflect.get(store, name, store);
          return typeof value === 'function' ? value.bind(store) : value;
        },
      });
      return { ...services, work: others };
    };
    const run = await backUp(await site(), { decorate, clock: standing(night) });
    expect(run.error).toMatchObject({ name: 'DamagedWorkFileError', message: expect.stringMatching(why) });
    expect(run.manifest).toBeUndefined();
  });
});

describe('names of the coming seconds that somebody has taken in a folder', () => {
  const plantNames = (directory: string, count: number) => {
    for (let second = 0; second < count; second += 1) {
      mkdirSync(join(directory, named(second)));
      writeFileSync(join(directory, named(second), 'planted'), '');
    }
  };

  it.each([1, 5, 60, 600])('are passed, after a few seconds of waiting: %i', async (count) => {
    const directory = testDirectory();
    plantNames(directory, count);
    const clock = standing(night);
    const run = await backUp(await site(), { directory, clock });
    expect(run.result).toMatchObject({ status: 'complete', backup: named(count) });
    expect(Date.parse(run.manifest?.startedAt ?? '')).toBeLessThanOrEqual(night + 5_000);
    const told = run.manifest?.notices.map(({ kind }) => kind);
    expect(told).toEqual(count > 5 ? ['name-taken'] : []);
  });

  it('end the run with a sentence where there are too many of them', async () => {
    const directory = testDirectory();
    plantNames(directory, 700);
    const run = await backUp(await site(), { directory, clock: standing(night) });
    expect(run.error).toMatchObject({ name: 'KeyExistsError', message: expect.stringMatching(/is taken\. Find out/) });
  });
});
