/** Copies a file again and again to numbers below `prefix`, 64 at once, and says which are done. */
import { DirectoryBackupStore } from '../../../../adapters/disk/directory-backup-store.ts';

const [folder = '', key = '', bytes = '', sha256 = '', prefix = '', count = ''] = process.argv.slice(2);
const store = new DirectoryBackupStore(folder);
let next = 0;

async function copy(): Promise<void> {
  while (next < Number(count)) {
    const number = next;
    next += 1;
    await store.copy({ key, bytes: Number(bytes), sha256 }, `${prefix}/${number}`);
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 64 }, copy));
