import { chmod, link, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DirectoryBackupStore } from '../../../adapters/disk/directory-backup-store.ts';
import { KeyExistsError, MissingKeyError, StorageError } from '../../../core/errors.ts';
import { bytesOf, collected, noise } from '../../contracts/store-place.ts';
import { startChild } from './child.ts';
import { newFolder } from './temporary-place.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let store: DirectoryBackupStore;
const inFolder = (...names: string[]) => join(folder.path, ...names);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const temporaryFiles = () => readdir(inFolder('.work', 'tmp'));

beforeEach(async () => {
  folder = await newFolder();
  store = new DirectoryBackupStore(folder.path, { hidden: ['logs'] });
});
afterEach(async () => {
  await folder.remove();
});

describe('the files of a backup on disk', () => {
  test('lie where their keys say, and leave no temporary file', async () => {
    await store.create('2026-11-23_02-00-00/FAC/objects/Größe_1.json', bytesOf('[]'));

    expect(await readFile(inFolder('2026-11-23_02-00-00/FAC/objects/Größe_1.json'), 'utf8')).toBe('[]');
    expect(await temporaryFiles()).toEqual([]);
  });

  test.each(['000', '022', '077', '777'])('are private under umask %s', async (umask) => {
    const child = startChild('create-files', [inFolder('deeper'), 'b/FAC', '2', '10'], `umask ${umask}`);
    await child.end();

    const folders = [
      inFolder('deeper'),
      inFolder('deeper', 'b'),
      inFolder('deeper', 'b', 'FAC'),
      inFolder('deeper', '.work', 'tmp'),
    ];
    expect(await Promise.all(folders.map(modeOf))).toEqual(['700', '700', '700', '700']);
    expect(await modeOf(inFolder('deeper', 'b', 'FAC', '1'))).toBe('600');
  });

  test('leave the mode of a folder that was there', async () => {
    await mkdir(folder.path);
    await chmod(folder.path, 0o755);

    await store.create('b/file', bytesOf('x'));

    expect(await modeOf(folder.path)).toBe('755');
    expect(await modeOf(inFolder('b'))).toBe('700');
  });

  test.each([
    '../outside',
    'a/../../outside',
    'a/..',
    '..',
    '.',
    './a',
    '/absolute',
    'a//b',
    'a/',
    '/',
    '',
    'C:\\outside',
    'a\\..\\..\\outside',
    'a\u0000b',
    'a\nb\u007f',
    '.work/tmp/x',
    '.work/locks/site',
    'logs/today',
    '%2E%2E/x',
  ])('never lie outside, nor among the work: %j', async (key) => {
    await store.create(key, bytesOf('inside'));

    expect(await collected(store.list(''))).toEqual([{ key, bytes: 6 }]);
    expect(Buffer.from(await store.read(key)).toString()).toBe('inside');
    expect(await readdir(dirname(folder.path))).toEqual(['backups']);
    expect(await readdir(inFolder('.work'))).toEqual(['tmp']);
    expect(await temporaryFiles()).toEqual([]);
    expect(await readdir(folder.path)).not.toContain('logs');
  });

  test('are all that is listed: no work, no hidden folder, nothing that others put there', async () => {
    await store.create('b/file', bytesOf('x'));
    await mkdir(inFolder('logs'));
    await mkdir(inFolder('.git'));
    await mkdir(inFolder('emptied'));
    for (const name of ['logs/today', '.git/HEAD', '.DS_Store', '100%.txt', '.work/lock'])
      await writeFile(inFolder(name), 'x');

    expect(await collected(store.list(''))).toEqual([{ key: 'b/file', bytes: 1 }]);
    expect(await collected(store.list('.'))).toEqual([]);
    expect(await collected(store.list('logs/'))).toEqual([]);
    expect(await collected(store.folders())).toEqual(['b']);
    await expect(store.read('logs/today')).rejects.toThrow(MissingKeyError);
    await expect(store.read('.work/lock')).rejects.toThrow(MissingKeyError);
  });

  test('are not overwritten by a name that the disk takes for the same', async () => {
    // A disk that ignores case finds `Report.json` under `report.json` too, as a second name of the file does here.
    await store.create('b/Report.json', bytesOf('first'));
    await link(inFolder('b/Report.json'), inFolder('b/report.json')).catch(() => undefined);

    for (const namesByLink of [true, false]) {
      const again = new DirectoryBackupStore(folder.path, { namesByLink }).create('b/report.json', bytesOf('second'));
      await expect(again).rejects.toThrow(KeyExistsError);
    }
    expect(Buffer.from(await store.read('b/Report.json')).toString()).toBe('first');
  });

  test('are found again when a folder was removed by hand meanwhile', async () => {
    await store.create('b/FAC/1', bytesOf('x'));
    await folder.remove();

    await store.create('b/FAC/2', bytesOf('y'));

    expect(await collected(store.list(''))).toEqual([{ key: 'b/FAC/2', bytes: 1 }]);
  });

  test('are closed when a reader stops early', async () => {
    await store.create('b/large', noise(1024 * 1024));
    const openFiles = async () => (await readdir('/dev/fd')).length;
    const before = await openFiles();

    for (let round = 0; round < 20; round += 1) {
      for await (const piece of store.stream('b/large')) {
        expect(piece.byteLength).toBeGreaterThanOrEqual(64 * 1024);
        break;
      }
    }

    expect(await openFiles()).toBe(before);
  });
});

describe('a writer that is killed', () => {
  test('leaves whole files only, and all that it said were done', async () => {
    const bytes = 50_000;
    const child = startChild('create-files', [folder.path, 'b', '100000', String(bytes)]);
    const done: string[] = [];
    for await (const line of child.lines) {
      done.push(line);
      if (done.length === 300) await child.kill();
    }

    const listed = await collected(store.list('b/'));
    expect(listed.filter((file) => file.bytes !== bytes)).toEqual([]);
    for (const { key } of listed) {
      const number = Number(key.slice('b/'.length));
      expect((await store.read(key)).every((byte) => byte === (number & 0xff))).toBe(true);
    }
    const keys = new Set(listed.map(({ key }) => key));
    expect(done.filter((number) => !keys.has(`b/${number}`))).toEqual([]);
  });

  test('leaves temporary files that the next writer removes', async () => {
    const child = startChild('die-writing', [folder.path]);
    expect(await child.ended).toBe('SIGKILL');
    const leftOver = (await temporaryFiles())[0] ?? '';
    expect(leftOver).toContain(`-${child.pid}-`);

    await store.create('c/file', bytesOf('x'));

    expect(await temporaryFiles()).toEqual([]);
  });

  test('loses only temporary files that are its own: others stay until they are a day old', async () => {
    const running = `write-00000000-${process.pid}-0123456789ab-1`;
    const old = `write-00000000-${process.pid}-0123456789ab-2`;
    await mkdir(inFolder('.work', 'tmp'), { recursive: true });
    for (const name of [running, old, 'stranger', 'lock-1']) await writeFile(inFolder('.work', 'tmp', name), 'x');
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const name of [old, 'stranger', 'lock-1'])
      await utimes(inFolder('.work', 'tmp', name), twoDaysAgo, twoDaysAgo);

    await store.create('b/file', bytesOf('x'));

    expect(await temporaryFiles()).toEqual(['lock-1', 'stranger', running]);
  });
});

describe('a disk that refuses', () => {
  test('says in a sentence that the folder is a file, and does not call its keys missing', async () => {
    await writeFile(folder.path, 'a file');

    for (const act of [
      () => store.create('b/file', bytesOf('x')),
      () => store.read('b/file'),
      () => collected(store.stream('b/file')),
      () => collected(store.list('')),
      () => collected(store.folders()),
    ]) {
      await expect(act()).rejects.toThrow(StorageError);
      await expect(act()).rejects.toThrow(/^A part of the path .* is a file where a folder is needed\.$/);
    }
  });

  test('says that a name is taken by a folder, or by a file above', async () => {
    await store.create('b/file', bytesOf('x'));

    await expect(store.create('b', bytesOf('x'))).rejects.toThrow(/b is a folder/);
    await expect(store.create('b/file/below', bytesOf('x'))).rejects.toThrow(/is a file where a folder is needed/);
    await expect(store.create(`b/${'n'.repeat(300)}`, bytesOf('x'))).rejects.toThrow(/too long for this disk/);
    await expect(store.create('b/\ud800', bytesOf('x'))).rejects.toThrow(StorageError);
  });

  test('leaves no part of a file that it has no room for', async () => {
    // The limit stands for a full disk, which only root could make: 8 blocks of 512 or 1,024 bytes.
    const child = startChild('create-one', [folder.path, 'b/file', '100000'], 'ulimit -f 8');
    const { value: said } = await child.lines.next();
    await child.end();

    expect(said).toMatch(/^StorageError: .*b\/file is larger than this disk or user may store\.$/);
    expect(await collected(store.list(''))).toEqual([]);
    expect(await temporaryFiles()).toEqual([]);
    await store.create('b/file', bytesOf('there is room again'));
  });
});
