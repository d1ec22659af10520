import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readFolderSettings } from '../../adapters/disk/folder-settings.ts';
import { sha256 } from '../../core/backup-format/manifest.ts';
import { listBackups } from '../../core/backup-format/open-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { testDirectory } from '../end-to-end/local-run.ts';

it('nobody looks into the folders that a system keeps for itself at the top of a disk', async () => {
  const directory = testDirectory();
  for (const folder of ['lost+found', 'System Volume Information', '$RECYCLE.BIN', 'logs', '.Trashes']) {
    mkdirSync(join(directory, folder), { mode: 0 });
    writeFileSync(join(directory, folder, 'manifest.json'), '"format": "assets-backup"');
  }
  const { backups } = openLocalStores(directory);
  expect(await Array.fromAsync(backups.folders())).toEqual([]);
  expect(await Array.fromAsync(backups.list(''))).toEqual([]);
  expect(await Array.fromAsync(listBackups(backups))).toEqual([]);
});

it.each([
  [undefined, 1],
  ['{}', 1],
  ['{ "hardLinks": false }', 1],
  ['{ "hardLinks": true }', 2],
])('a copy is another name of the file only where the folder is so set: %s', async (settings, names) => {
  const directory = testDirectory();
  mkdirSync(directory, { recursive: true });
  if (settings !== undefined) writeFileSync(join(directory, 'settings.json'), settings);
  const { backups } = openLocalStores(directory, await readFolderSettings(directory));
  const bytes = new TextEncoder().encode('what was read last night');
  await backups.create('old/file', bytes);

  await backups.copy({ key: 'old/file', bytes: bytes.length, sha256: sha256(bytes) }, 'new/file');

  expect(statSync(join(directory, 'new/file')).nlink).toBe(names);
});

it.each(['"true"', '1', 'null'])('a setting of hard links that is %s is refused', async (value) => {
  const directory = testDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'settings.json'), `{ "hardLinks": ${value} }`);
  await expect(readFolderSettings(directory)).rejects.toThrow(
    /settings\.json is wrong: hardLinks must be true or false\.$/,
  );
});
