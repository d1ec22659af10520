import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DirectoryBackupStore } from '../../../adapters/disk/directory-backup-store.ts';
import { DirectoryWorkStore } from '../../../adapters/disk/directory-work-store.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { KeyExistsError } from '../../../core/errors.ts';
import { noise } from '../../contracts/store-place.ts';
import { newFolder } from './temporary-place.ts';
import { watchedDisk } from './watched-disk.ts';

vi.mock('node:fs', async (original) => {
  const { watchedDisk: disk } = await import('./watched-disk.ts');
  return disk.over(await original());
});

let folder: Awaited<ReturnType<typeof newFolder>>;

beforeEach(async () => {
  folder = await newFolder();
});
afterEach(async () => {
  watchedDisk.clear();
  await folder.remove();
});

const [before, after] = [noise(1_000), noise(100_000)];
const earlier = { key: 'b/earlier', bytes: before.length, sha256: sha256(before) };
const [short, long] = ['a record', 'another record, '.repeat(10_000)];

/** What is done to a store, and what may lie under the key then: all of it, or what was there before. */
const deeds = {
  'a small file': {
    act: ({ backups }: Stores) => backups.create('b/file', before),
    path: ['b', 'file'],
    may: [undefined, before],
  },
  'a large file': {
    act: ({ backups }: Stores) => backups.create('b/file', after),
    path: ['b', 'file'],
    may: [undefined, after],
  },
  'a copy': {
    act: ({ backups }: Stores) => backups.copy(earlier, 'b/file'),
    path: ['b', 'file'],
    may: [undefined, before],
  },
  'a record in the place of another': {
    act: ({ work }: Stores) => work.write('records/1', long),
    path: ['.work', 'records', '1'],
    may: [Buffer.from(short), Buffer.from(long)],
  },
  'a record that is as it was read': {
    act: async ({ work }: Stores) => {
      const there = await work.read('records/1');
      await work.replace('records/1', long, there?.version ?? '');
    },
    path: ['.work', 'records', '1'],
    may: [Buffer.from(short), Buffer.from(long)],
  },
};

interface Stores {
  readonly backups: DirectoryBackupStore;
  readonly work: DirectoryWorkStore;
}

function bytesAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

const leftOver = () => readdirSync(join(folder.path, '.work', 'tmp'));
/** A lock that cannot be read again stays, and is taken for what it is by whoever comes next. */
const isWrite = (name: string) => name.startsWith('write-');

describe('a disk that fails at any call', () => {
  test.each(Object.entries(deeds))('stores all of %s, or says so and leaves none of it', async (_, deed) => {
    const stores = { backups: new DirectoryBackupStore(folder.path), work: new DirectoryWorkStore(folder.path) };
    const path = join(folder.path, ...deed.path);
    let failures = 0;
    for (let at = 1; ; at += 1) {
      watchedDisk.clear();
      await stores.backups.create('b/earlier', before).catch(() => undefined);
      await stores.work.write('records/1', short);
      if (deed.may[0] === undefined) rmSync(path, { force: true });
      watchedDisk.clear();
      let refused = '';
      watchedDisk.refuse = (call, number) => {
        if (number !== at) return undefined;
        refused = call;
        return Object.assign(new Error(`EIO in ${call}`), { code: 'EIO', syscall: call });
      };
      const error = await deed.act(stores).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      watchedDisk.refuse = undefined;
      if (refused === '') break;
      failures += 1;
      const where = `call ${at}: ${refused}`;
      // Only a temporary name that does not go away is left for the next start, and no matter of the file that is stored.
      if (error === undefined) expect(refused, where).toBe('unlinkSync');
      else expect(error, where).toMatchObject({ name: 'StorageError' });
      const there = bytesAt(path);
      expect(
        deed.may.some((may) => (may && there ? there.equals(may) : may === there)),
        where,
      ).toBe(true);
      if (error === undefined) expect(there?.equals(deed.may[1] as Uint8Array), where).toBe(true);
      expect(watchedDisk.torn, where).toEqual([]);
      if (refused !== 'unlinkSync') expect(leftOver().filter(isWrite), where).toEqual([]);
      for (const name of leftOver()) rmSync(join(folder.path, '.work', 'tmp', name));
      // Whoever tries again may take what lies there for his own: then it is safe, wherever the first try was cut off.
      await deed.act(stores).catch((again: unknown) => expect(again, where).toBeInstanceOf(KeyExistsError));
      expect(watchedDisk.isSafe(path, { existsSync, statSync }), where).toBe(true);
    }
    expect(failures).toBeGreaterThan(5);
  });
});
