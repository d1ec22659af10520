import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DirectoryBackupStore } from '../../../adapters/disk/directory-backup-store.ts';
import { DirectoryWorkStore } from '../../../adapters/disk/directory-work-store.ts';
import { FileLock } from '../../../adapters/disk/file-lock.ts';
import { bytesOf, collected, times } from '../../contracts/store-place.ts';
import { kindsOfFile } from '../../end-to-end/kinds-of-file.ts';
import { startChild } from './child.ts';
import { newFolder } from './temporary-place.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let store: DirectoryWorkStore;
const temporaryFolder = () => join(folder.path, '.work', 'tmp');

beforeEach(async () => {
  folder = await newFolder();
  store = new DirectoryWorkStore(folder.path);
});
afterEach(async () => {
  await folder.remove();
});

describe('work on disk', () => {
  test('lies in .work, as text, and its version is the SHA-256 of that', async () => {
    const version = await store.create('locks/site', 'text');

    expect(await readFile(join(folder.path, '.work', 'locks', 'site'), 'utf8')).toBe('text');
    expect(version).toBe(createHash('sha256').update('text').digest('hex'));
    expect(await readdir(temporaryFolder())).toEqual([]);
  });

  test('does not list what is being written, and has keys that look like it', async () => {
    await store.write('tmp/mine', 'text');
    await writeFile(join(temporaryFolder(), 'write-half'), 'hal');

    expect(await collected(store.list(''))).toEqual(['tmp/mine']);
    expect((await store.read('tmp/mine'))?.text).toBe('text');
  });

  test('is removed below a prefix, with the folders that this empties, and nothing else is', async () => {
    const keys = ['executions/1/a/b', 'executions/1/c', 'executions/10/a', 'locks/site'];
    for (const key of keys) await store.write(key, key);
    const backups = new DirectoryBackupStore(folder.path);
    await backups.create('executions/1/a', bytesOf('a backup'));

    await store.removeUnder('executions/1/');
    await store.removeUnder('missing/');

    expect(await collected(store.list(''))).toEqual(['executions/10/a', 'locks/site']);
    expect(await readdir(join(folder.path, '.work', 'executions'))).toEqual(['10']);
    expect(await collected(backups.list(''))).toEqual([{ key: 'executions/1/a', bytes: 8 }]);
    await store.write('executions/1/a/b', 'again');
    expect((await store.read('executions/1/a/b'))?.text).toBe('again');
  });
});

describe('compare-and-swap between processes', () => {
  test('loses no step', async () => {
    await store.write('count', '0');

    const children = times(4, () => startChild('count-up', [folder.path, '25']));
    await Promise.all(children.map((child) => child.end()));

    expect((await store.read('count'))?.text).toBe('100');
  });

  test('goes on when one of them is killed, wherever it was', async () => {
    await store.write('count', '0');
    const others = times(2, () => startChild('count-up', [folder.path, '40']));
    const said = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const victim = startChild('count-up', [folder.path, '100000']);
      for (let step = 0; step < 5; step += 1) said.add((await victim.lines.next()).value);
      await victim.kill();
      for await (const line of victim.lines) said.add(line);
    }
    await Promise.all(others.map((child) => child.end()));

    const count = Number((await store.read('count'))?.text);
    // A kill may come between a step and what is said of it.
    expect(count).toBeGreaterThanOrEqual(80 + said.size);
    expect(count).toBeLessThanOrEqual(80 + said.size + 3);
  });

  test('takes over the lock of a killed process at once, by one at a time', async () => {
    await store.write('count', '0');
    const path = join(folder.path, '.work', 'count');
    const holder = startChild('hold-lock', [temporaryFolder(), path]);
    expect((await holder.lines.next()).value).toBe('held');
    await holder.kill();
    expect(await readdir(temporaryFolder())).toHaveLength(1);

    const began = performance.now();
    const children = times(4, () => startChild('count-up', [folder.path, '5']));
    await Promise.all(children.map((child) => child.end()));

    expect((await store.read('count'))?.text).toBe('20');
    // One whose owner is not known is looked at for 29 s.
    expect(performance.now() - began).toBeLessThan(28_000);
    expect(await readdir(temporaryFolder())).toEqual([]);
  });

  test('removes a dead lock once only, however many find it at the same moment', async () => {
    await store.write('any', 'makes the folder');
    const holder = startChild('hold-lock', [temporaryFolder(), '/a/path']);
    await holder.lines.next();
    const [lockFile = ''] = await readdir(temporaryFolder());
    await holder.kill();
    const dead = await readFile(join(temporaryFolder(), lockFile), 'utf8');
    // A module of its own knows nothing of the others, as in a process of its own.
    const rivals: FileLock[] = [];
    for (let index = 0; index < 20; index += 1) rivals.push(await freshFileLock());
    let inside = 0;
    let most = 0;

    for (let round = 0; round < 20; round += 1) {
      await writeFile(join(temporaryFolder(), lockFile), dead);
      await Promise.all(
        rivals.map((rival) =>
          rival.hold('/a/path', async () => {
            inside += 1;
            most = Math.max(most, inside);
            await new Promise((resolve) => setTimeout(resolve, 1));
            inside -= 1;
          }),
        ),
      );
    }

    expect(most).toBe(1);
    expect(await readdir(temporaryFolder())).toEqual([]);
  });

  test('waits for a lock that a running process holds', async () => {
    await store.write('count', '0');
    const path = join(folder.path, '.work', 'count');
    const holder = startChild('hold-lock', [temporaryFolder(), path]);
    await holder.lines.next();

    let written = false;
    const writing = store.write('count', '1').then(() => {
      written = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = written;
    await holder.kill();
    await writing;

    expect(before).toBe(false);
    expect((await store.read('count'))?.text).toBe('1');
  });

  test.each(Object.entries(kindsOfFile))('says so where %s lies in the place of a lock', async (_, make) => {
    await store.write('count', '0');
    const path = join(folder.path, '.work', 'count');
    const mark = createHash('sha256').update(path.normalize('NFC').toLowerCase()).digest('hex').slice(0, 32);
    await make(join(temporaryFolder(), `lock-${mark}`), folder.path);

    await expect(store.write('count', '1')).rejects.toThrow(
      /lock-[0-9a-f]+ is a (named pipe|socket|symbolic link|folder), where a file should be: remove it\.$/,
    );
    expect((await store.read('count'))?.text).toBe('0');
  });

  test('lets one at a time in, and the next in after a failure', async () => {
    await store.write('any', 'makes the folder');
    const lock = new FileLock(temporaryFolder());
    let inside = 0;
    let most = 0;

    const outcomes = await Promise.allSettled(
      times(20, (index) =>
        lock.hold('/a/path', async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside -= 1;
          if (index % 2 === 0) throw new Error('refused');
        }),
      ),
    );

    expect(most).toBe(1);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });
});

async function freshFileLock(): Promise<FileLock> {
  vi.resetModules();
  const module = await import('../../../adapters/disk/file-lock.ts');
  return new module.FileLock(temporaryFolder());
}
