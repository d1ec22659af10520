import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openScriptFolder } from '../../../adapters/disk/script-folder.ts';
import { DamagedBackupError } from '../../../core/errors.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

function written() {
  const folder = join(testDirectory(), '2022-06-16_10-41-30');
  mkdirSync(join(folder, 'FAC', 'objects'), { recursive: true });
  writeFileSync(join(folder, 'FAC', 'objects', 'CPU_%_7.json'), '{ }');
  writeFileSync(join(folder, 'b.json'), '[ ]');
  return folder;
}

describe('a folder of the scripts', () => {
  it('is listed with its names as they stand, in their order', async () => {
    const tree = await openScriptFolder(written());

    expect(tree.name).toBe('2022-06-16_10-41-30');
    expect(tree.files).toEqual([
      { path: 'FAC/objects/CPU_%_7.json', bytes: 3 },
      { path: 'b.json', bytes: 3 },
    ]);
    expect(Buffer.from(await tree.read('FAC/objects/CPU_%_7.json')).toString()).toBe('{ }');
  });

  it('follows no links, also none that came after it was listed', async () => {
    const folder = written();
    symlinkSync('/etc/passwd', join(folder, 'a.json'));
    symlinkSync('/etc', join(folder, 'etc'));

    const tree = await openScriptFolder(folder);

    const links = tree.files.filter(({ problem }) => problem !== undefined);
    expect(links.map(({ path, problem }) => [path, problem])).toEqual([
      ['a.json', 'is a symbolic link, which is not followed'],
      ['etc', 'is a symbolic link, which is not followed'],
    ]);
    await expect(tree.read('a.json')).rejects.toThrow(DamagedBackupError);
    await expect(tree.read('etc/passwd')).rejects.toThrow('lies behind a symbolic link');
    await expect(tree.read('gone.json')).rejects.toThrow('is not there any more');
  });

  it('has another fingerprint when a size or a time is another', async () => {
    const folder = written();
    const before = (await openScriptFolder(folder)).fingerprint;
    const same = (await openScriptFolder(folder)).fingerprint;
    utimesSync(join(folder, 'b.json'), new Date(0), new Date(0));

    expect(same).toBe(before);
    expect((await openScriptFolder(folder)).fingerprint).not.toBe(before);
  });
});
