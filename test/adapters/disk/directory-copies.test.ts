import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DirectoryBackupStore,
  type DirectoryBackupStoreOptions,
} from '../../../adapters/disk/directory-backup-store.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { ChangedFileError, KeyExistsError, MissingKeyError } from '../../../core/errors.ts';
import type { FileToCopy } from '../../../core/ports/backup-store.ts';
import { bytesOf, collected, noise } from '../../contracts/store-place.ts';
import { startChild } from './child.ts';
import { newFolder } from './temporary-place.ts';

const bytes = bytesOf('what was read last night');
const from: FileToCopy = { key: 'old/file', bytes: bytes.length, sha256: sha256(bytes) };

let folder: Awaited<ReturnType<typeof newFolder>>;
const inFolder = (...names: string[]) => join(folder.path, ...names);
const open = (options: DirectoryBackupStoreOptions = {}) => new DirectoryBackupStore(folder.path, options);
const inodeOf = async (name: string) => (await stat(inFolder(name))).ino;
const modeOf = async (name: string) => ((await stat(inFolder(name))).mode & 0o777).toString(8);
const keys = async () => (await collected(open().list(''))).map(({ key }) => key);
const temporaryFiles = () => readdir(inFolder('.work', 'tmp'));

/** As a disk that fails silently, or a person with an editor: the size stays. */
async function flipBit(name: string): Promise<void> {
  const text = await readFile(inFolder(name));
  text[3] = (text[3] ?? 0) ^ 1;
  await writeFile(inFolder(name), text);
}

beforeEach(async () => {
  folder = await newFolder();
  await open().create(from.key, bytes);
});
afterEach(async () => {
  await folder.remove();
});

describe('a copy on disk', () => {
  test('is a file of its own, whatever becomes of the other', async () => {
    await open().copy(from, 'new/file');

    expect(await inodeOf('new/file')).not.toBe(await inodeOf('old/file'));
    await flipBit('old/file');
    expect(sha256(await open().read('new/file'))).toBe(from.sha256);
    expect(await temporaryFiles()).toEqual([]);
  });

  test.each([0o600, 0o644, 0o400])('is private whatever the mode of the other is (%o)', async (mode) => {
    await chmod(inFolder('old/file'), mode);
    await open().copy(from, 'new/deeper/file');

    expect(await modeOf('new/deeper/file')).toBe('600');
    expect([await modeOf('new'), await modeOf('new/deeper')]).toEqual(['700', '700']);
  });

  test('is private under umask 000', async () => {
    await startChild('copy-files', childArgs('new', 3), 'umask 000').end();
    expect([await modeOf('new'), await modeOf('new/2')]).toEqual(['700', '600']);
  });

  test('is not made of bytes that have changed, and leaves nothing', async () => {
    await flipBit('old/file');

    await expect(open().copy(from, 'new/file')).rejects.toThrow(ChangedFileError);
    await expect(open().copy(from, 'new/file')).rejects.toThrow(inFolder('old', 'file'));

    expect(await keys()).toEqual(['old/file']);
    expect(await temporaryFiles()).toEqual([]);
  });

  test.each<[string, () => Promise<void>]>([
    ['a link to the very file', () => symlink(inFolder('real'), inFolder('old/file'))],
    ['a folder', () => mkdir(inFolder('old/file'))],
    ['a pipe', async () => void execFileSync('mkfifo', [inFolder('old/file')])],
    ['nothing', async () => {}],
  ])('is not made of %s in the place of a file', async (_, put) => {
    await rename(inFolder('old/file'), inFolder('real'));
    await put();

    for (const copiesAreLinks of [false, true])
      await expect(open({ copiesAreLinks }).copy(from, 'new/file')).rejects.toThrow(MissingKeyError);
    expect(await temporaryFiles()).toEqual([]);
  });

  test('is not made of a file behind a link, nor of one outside', async () => {
    await rename(inFolder('old'), inFolder('elsewhere'));
    await symlink(inFolder('elsewhere'), inFolder('old'));
    for (const key of ['old/file', '../backups/elsewhere/file', '.work/tmp/x'])
      await expect(open().copy({ ...from, key }, 'new/file')).rejects.toThrow(MissingKeyError);
  });

  test('goes over no folder of its name', async () => {
    await expect(open().copy(from, 'old')).rejects.toThrow(KeyExistsError);
  });

  test('finds its folders again when they were removed by hand meanwhile', async () => {
    const store = open();
    await store.copy(from, 'new/1');
    await rm(inFolder('new'), { recursive: true });
    await rm(inFolder('.work'), { recursive: true });

    await store.copy(from, 'new/2');

    expect(await keys()).toEqual(['new/2', 'old/file']);
  });

  test('leaves no part of a file that there is no room for', async () => {
    const large = noise(100_000);
    await open().create('old/large', large);
    // The limit stands for a full disk, which only root could make: 8 blocks of 512 or 1,024 bytes.
    const args = [folder.path, 'old/large', String(large.length), sha256(large), 'new/file'];
    const child = startChild('copy-one', args, 'ulimit -f 8');
    const { value: said } = await child.lines.next();
    await child.end();

    expect(said).toMatch(/^StorageError: .*new\/file is larger than this disk or user may store\.$/);
    expect(await keys()).toEqual(['old/file', 'old/large']);
    expect(await temporaryFiles()).toEqual([]);
  });

  test('is whole wherever its process is killed, and there where it said so', async () => {
    const large = noise(50_000);
    await open().create('old/large', large);
    const child = startChild('copy-files', [
      folder.path,
      'old/large',
      String(large.length),
      sha256(large),
      'new',
      '100000',
    ]);
    const done: string[] = [];
    for await (const line of child.lines) {
      done.push(line);
      if (done.length === 300) await child.kill();
    }

    const listed = await collected(open().list('new/'));
    for (const { key } of listed) expect(sha256(await open().read(key))).toBe(sha256(large));
    const names = new Set(listed.map(({ key }) => key));
    expect(done.length).toBeGreaterThanOrEqual(300);
    expect(done.filter((number) => !names.has(`new/${number}`))).toEqual([]);

    await open().copy(from, 'newer/file');
    expect(await temporaryFiles()).toEqual([]);
  });
});

describe('with the setting of hard links', () => {
  test('a copy is the same file under a second name, and private', async () => {
    await open({ copiesAreLinks: true }).copy(from, 'new/file');
    await open({ copiesAreLinks: true }).copy({ ...from, key: 'new/file' }, 'newer/file');

    for (const name of ['new/file', 'newer/file']) {
      expect(await inodeOf(name)).toBe(await inodeOf('old/file'));
      expect(await modeOf(name)).toBe('600');
    }
    expect((await stat(inFolder('old/file'))).nlink).toBe(3);
    expect(await temporaryFiles()).toEqual([]);
  });

  test('a bit that flips flips in all of them, and nobody reads them to notice: that is the price', async () => {
    await flipBit('old/file');
    await open({ copiesAreLinks: true }).copy(from, 'new/file');

    expect(sha256(await open().read('new/file'))).not.toBe(from.sha256);
  });

  test('what has another size is not linked', async () => {
    await writeFile(inFolder('old/file'), 'shorter');
    await expect(open({ copiesAreLinks: true }).copy(from, 'new/file')).rejects.toThrow(ChangedFileError);
    expect(await keys()).toEqual(['old/file']);
  });

  test('what is written is a file of its own', async () => {
    const store = open({ copiesAreLinks: true });
    await store.create('new/read tonight', bytes);
    expect((await stat(inFolder('new/read tonight'))).nlink).toBe(1);
  });

  test('a file outlives the other that it was linked to', async () => {
    await open({ copiesAreLinks: true }).copy(from, 'new/file');
    await rm(inFolder('old'), { recursive: true });
    expect(sha256(await open().read('new/file'))).toBe(from.sha256);
  });

  test('a disk without links copies, and reads what it copies', async () => {
    const store = open({ copiesAreLinks: true, namesByLink: false });
    await store.copy(from, 'new/file');
    expect(await inodeOf('new/file')).not.toBe(await inodeOf('old/file'));

    await flipBit('old/file');
    await expect(store.copy(from, 'new/changed')).rejects.toThrow(ChangedFileError);
  });
});

function childArgs(prefix: string, count: number): string[] {
  return [folder.path, from.key, String(from.bytes), from.sha256, prefix, String(count)];
}
