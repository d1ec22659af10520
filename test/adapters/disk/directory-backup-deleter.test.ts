import { chmod, link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DirectoryBackupDeleter } from '../../../adapters/disk/directory-backup-deleter.ts';
import { DirectoryBackupStore } from '../../../adapters/disk/directory-backup-store.ts';
import { MissingKeyError, StorageError } from '../../../core/errors.ts';
import { bytesOf, collected } from '../../contracts/store-place.ts';
import { newFolder } from './temporary-place.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let store: DirectoryBackupStore;
let deleter: DirectoryBackupDeleter;
const inFolder = (...names: string[]) => join(folder.path, ...names);
const keys = async () => (await collected(store.list(''))).map(({ key }) => key);

beforeEach(async () => {
  folder = await newFolder();
  store = new DirectoryBackupStore(folder.path, { hidden: ['logs'] });
  deleter = new DirectoryBackupDeleter(folder.path, { hidden: ['logs'] });
});
afterEach(async () => {
  await folder.remove();
});

describe('deleting files of backups on disk', () => {
  test('deletes what it is told, and the folders that this empties', async () => {
    for (const key of ['a/manifest.json', 'a/FAC/objects/1.json', 'a/FAC/objects/2.json', 'b/manifest.json', 'a/con'])
      await store.create(key, bytesOf('x'));

    await deleter.delete(['a/manifest.json', 'a/FAC/objects/1.json']);
    expect(await keys()).toEqual(['a/FAC/objects/2.json', 'a/con', 'b/manifest.json']);

    await deleter.delete(['a/FAC/objects/2.json', 'a/con']);
    expect(await keys()).toEqual(['b/manifest.json']);
    expect(await readdir(folder.path)).toEqual(['.work', 'b']);
    await deleter.delete(['b/manifest.json']);
    expect(await readdir(folder.path)).toEqual(['.work']);
  });

  test('is content with what is not there, also before there is anything', async () => {
    await mkdir(folder.path);
    await deleter.delete(['a/manifest.json', 'a/b/c.json']);
    await store.create('a/file', bytesOf('x'));
    await deleter.delete(['a/manifest.json', 'a/file/below', 'a/file', 'a/file']);
    expect(await keys()).toEqual([]);
  });

  test('leaves what is no key: links and strangers, and the folder that they lie in', async () => {
    await store.create('a/file', bytesOf('x'));
    await writeFile(inFolder('a', '100%.txt'), 'of somebody');
    await symlink('/etc/passwd', inFolder('a', 'link'));

    await deleter.delete(['a/file']);
    expect((await readdir(inFolder('a'))).sort()).toEqual(['100%.txt', 'link']);
    await expect(deleter.delete(['a/link'])).rejects.toThrow('is a symbolic link, so it is not deleted.');
    expect((await readdir(inFolder('a'))).sort()).toEqual(['100%.txt', 'link']);
  });

  test('never goes through a link to a folder', async () => {
    await store.create('a/file', bytesOf('x'));
    await mkdir(inFolder('..', 'outside'));
    await writeFile(inFolder('..', 'outside', 'file'), 'of somebody');
    await symlink(inFolder('..', 'outside'), inFolder('b'));
    await symlink(inFolder('..', 'outside'), inFolder('a', 'FAC'));

    for (const key of ['b/file', 'a/FAC/file']) await expect(deleter.delete([key])).rejects.toThrow(StorageError);
    expect(await readFile(inFolder('..', 'outside', 'file'), 'utf8')).toBe('of somebody');
  });

  test.each(['../outside', 'a/../../outside', '.work/outside', 'logs/outside', 'a/..'])(
    'never leaves the folder for the key %s',
    async (key) => {
      await store.create('a/file', bytesOf('x'));
      for (const path of [inFolder('..', 'outside'), inFolder('.work', 'outside')])
        await writeFile(path, 'of somebody');
      await mkdir(inFolder('logs'));
      await writeFile(inFolder('logs', 'outside'), 'of somebody');

      await deleter.delete([key]);
      for (const path of [inFolder('..', 'outside'), inFolder('.work', 'outside'), inFolder('logs', 'outside')])
        expect(await readFile(path, 'utf8')).toBe('of somebody');
      expect(await keys()).toEqual(['a/file']);
    },
  );

  test('leaves the second name of a file', async () => {
    await store.create('a/file', bytesOf('x'));
    await mkdir(inFolder('b'));
    await link(inFolder('a', 'file'), inFolder('b', 'file'));
    await deleter.delete(['a/file']);
    expect(await readFile(inFolder('b', 'file'), 'utf8')).toBe('x');
  });

  test('says in a sentence what the disk refuses', async () => {
    await store.create('a/FAC/file', bytesOf('x'));
    await chmod(inFolder('a', 'FAC'), 0o500);
    // Nothing is refused to root, which is nobody for as long.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(deleter.delete(['a/FAC/file'])).rejects.toThrow(
        `This user may not read or write ${inFolder('a/FAC/file')}: let its owner run this, or give it to this user.`,
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(inFolder('a', 'FAC'), 0o700);
    }
    expect(await readFile(inFolder('a', 'FAC', 'file'), 'utf8')).toBe('x');
  });

  test('knows of no lock', async () => {
    await store.create('a/file', bytesOf('x'));
    expect(await deleter.lockedUntil('a/file')).toBeNull();
    await expect(deleter.lockedUntil('a/other')).rejects.toThrow(MissingKeyError);
  });
});
