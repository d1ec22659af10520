/** Writes a file, and dies as by `kill -9` once its temporary file is there. */
import { globSync } from 'node:fs';
import { DirectoryBackupStore } from '../../../../adapters/disk/directory-backup-store.ts';

const [folder = ''] = process.argv.slice(2);
void new DirectoryBackupStore(folder).create('b/large', new Uint8Array(5_000_000));
look();

// So large a file waits for the disk, which it does while this looks, and gets its name only when this has looked.
function look(): void {
  if (globSync('.work/tmp/write-*', { cwd: folder }).length > 0) process.kill(process.pid, 'SIGKILL');
  setImmediate(look);
}
