import { setTimeout as sleep } from 'node:timers/promises';
import { BackupIndex } from '../../browse/index/backup-index.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { BackupContents } from '../../core/contents/backup-contents.ts';
import { Semaphore } from '../../core/semaphore.ts';
import { BrowseFolder } from '../../local/browse-folder.ts';
import { openLocalStores } from '../../local/local-stores.ts';

/** Makes an index, and stands still at a reading of a file, so that it can be killed there. */
const [directory = '', backup = '', stopAt = ''] = process.argv.slice(2);
const { backups } = openLocalStores(directory);
const contents = await BackupContents.open(backups, await openBackup(backups, backup));
let readings = 0;
const read = backups.read.bind(backups);
backups.read = async (key, mostBytes) => {
  if (readings === Number(stopAt)) {
    process.send?.(readings);
    await sleep(600_000);
  }
  readings += 1;
  return read(key, mostBytes);
};
const indexes = await BrowseFolder.beside(directory);
const { signal } = new AbortController();
const index = new BackupIndex(contents, { indexes, withValues: true, builds: new Semaphore(1), signal });
while (!index.ready) await sleep(2);
process.send?.(readings);
await sleep(600_000);
