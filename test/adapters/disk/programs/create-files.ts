/** Creates files of `bytes` bytes below `prefix`, 64 at once, each filled with the last byte of its number, and says which are done. */
import { DirectoryBackupStore } from '../../../../adapters/disk/directory-backup-store.ts';

const [folder = '', prefix = '', count = '', bytes = ''] = process.argv.slice(2);
const store = new DirectoryBackupStore(folder);
let next = 0;

async function create(): Promise<void> {
  while (next < Number(count)) {
    const number = next;
    next += 1;
    await store.create(`${prefix}/${number}`, new Uint8Array(Number(bytes)).fill(number));
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 64 }, create));
