import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openScriptZip } from '../../../adapters/disk/script-zip.ts';
import { DamagedBackupError, WrongInputError } from '../../../core/errors.ts';
import { type ZipEntry, zipOf } from '../../core/original-scripts/zip-writer.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const list: ZipEntry = { name: '2022-06-16_10-41-30/config/objectschemas.json', bytes: Buffer.from('[ { "id": 1 } ]') };
const types: ZipEntry = { name: '2022-06-16_10-41-30/FAC/config/objecttypes.json', bytes: Buffer.from('[]') };

function written(entries: readonly ZipEntry[], change = (zip: Buffer) => zip) {
  const folder = testDirectory();
  const file = join(folder, 'backup.zip');
  writeFileSync(file, change(zipOf(entries)));
  return { folder, file };
}

async function pathsOf(entries: readonly ZipEntry[]) {
  const tree = await openScriptZip(written(entries).file);
  try {
    return { name: tree.name, paths: tree.files.map(({ path }) => path) };
  } finally {
    await tree.close();
  }
}

const known = ['FAC/config/objecttypes.json', 'config/objectschemas.json'];

describe('a zip of a backup of the scripts', () => {
  it('is read with its folder, without it, with entries for folders, from Windows and from a Mac', async () => {
    const name = '2022-06-16_10-41-30';
    const bare = (entry: ZipEntry) => ({ ...entry, name: entry.name.slice(name.length + 1) });
    const windows = (entry: ZipEntry) => ({ ...entry, name: entry.name.replaceAll('/', '\\'), flags: 0 });

    expect(await pathsOf([list, types])).toEqual({ name, paths: known });
    expect(await pathsOf([bare(list), bare(types)])).toEqual({ name: 'backup', paths: known });
    expect(await pathsOf([{ name: `${name}/` }, list, { name: `${name}/FAC/` }, types])).toEqual({
      name,
      paths: known,
    });
    expect(await pathsOf([windows(list), windows(types)])).toEqual({ name, paths: known });
    const ofMac = [list, types, { name: `__MACOSX/${name}/._FAC`, bytes: Buffer.from('x') }];
    expect((await pathsOf(ofMac)).name).toBe(name);
    expect(await pathsOf([{ ...list, method: 0 }, types])).toEqual({ name, paths: known });
    const deep = [list, types].map((entry) => ({ ...entry, name: `backups/${entry.name}` }));
    expect(await pathsOf(deep)).toEqual({ name, paths: known });
  });

  it('gives the bytes of its files', async () => {
    const tree = await openScriptZip(written([list, types]).file);

    expect(Buffer.from(await tree.read('config/objectschemas.json')).toString()).toBe('[ { "id": 1 } ]');

    await tree.close();
  });

  const bomb = Buffer.alloc(70 * 1024 * 1024, ' ');
  it.each<[what: string, entries: () => readonly ZipEntry[], says: RegExp]>([
    ['a path that leads out of it', () => [list, { name: '../evil.json' }], /leads out of it/],
    ['one that does so further down', () => [list, { name: 'a/../../evil.json' }], /leads out of it/],
    ['an absolute path', () => [list, { name: '/etc/evil.json' }], /leads out of it/],
    ['a drive of Windows', () => [list, { name: 'C:\\evil.json', flags: 0 }], /leads out of it/],
    ['a symbolic link', () => [list, { ...types, mode: 0o120777 }], /is a symbolic link/],
    ['a device', () => [list, { ...types, mode: 0o020666 }], /neither a file nor a folder/],
    ['an encrypted file', () => [list, { ...types, flags: 0x801 }], /is encrypted/],
    ['a path that stands twice', () => [list, types, types], /stands in it twice/],
    [
      'two that differ only in case',
      () => [list, types, { ...types, name: types.name.toLowerCase() }],
      /differs from another one only in case/,
    ],
    ['a bomb', () => [list, { ...types, bytes: bomb }], /200 times as large/],
    ['a file larger than any text', () => [list, { ...types, size: 0x20000000 }], /more than any text can have/],
    ['entries upon each other', () => [list, { ...types, offset: 0 }], /lie upon each other/],
    ['a way of packing that nobody reads', () => [list, { ...types, method: 12 }], /in a way \(12\)/],
    ['two backups', () => [list, { ...list, name: 'other/config/objectschemas.json' }], /more than one folder with/],
    ['a file beside the folder', () => [list, types, { name: 'evil.json' }], /beside the folder of the backup/],
    ['no list of schemas', () => [types], /has no config\/objectschemas\.json/],
  ])('is refused with %s, in one sentence, and nothing is written', async (_, entries, says) => {
    const { folder, file } = written(entries());

    const refusal = openScriptZip(file);

    await expect(refusal).rejects.toThrow(WrongInputError);
    await expect(openScriptZip(file)).rejects.toThrow(says);
    expect(readdirSync(folder)).toEqual(['backup.zip']);
  });

  it.each<[what: string, entry: ZipEntry, says: RegExp]>([
    ['another checksum', { ...types, crc: 7 }, /has not the checksum that its zip says/],
    ['more bytes than it says', { ...types, size: 1 }, /cannot be unpacked/],
    ['fewer bytes than it says', { ...types, size: 10 }, /cannot be unpacked/],
    ['bytes that are not packed', { ...types, packed: Buffer.from('never packed') }, /cannot be unpacked/],
  ])('names a file with %s, and reads the others', async (_, entry, says) => {
    const tree = await openScriptZip(written([list, entry]).file);

    await expect(tree.read('FAC/config/objecttypes.json')).rejects.toThrow(says);
    await expect(tree.read('FAC/config/objecttypes.json')).rejects.toThrow(DamagedBackupError);
    expect(await tree.read('config/objectschemas.json')).toHaveLength(15);
    await tree.close();
  });

  it('is damaged where it is cut', async () => {
    const { file } = written([list, types], (zip) => zip.subarray(0, zip.length - 30));

    await expect(openScriptZip(file)).rejects.toThrow(/is damaged: it is no whole zip/);
  });

  it('has another fingerprint when anything in it is another', async () => {
    const fingerprintOf = async (entries: readonly ZipEntry[]) => {
      const tree = await openScriptZip(written(entries).file);
      await tree.close();
      return tree.fingerprint;
    };

    const [one, other] = [await fingerprintOf([list, types]), await fingerprintOf([list, { ...types, crc: 9 }])];

    expect(one).not.toBe(other);
  });
});
