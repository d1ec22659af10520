import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
