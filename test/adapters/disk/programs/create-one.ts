/** Creates one file of `bytes` bytes and says how that ended. */
import { DirectoryBackupStore } from '../../../../adapters/disk/directory-backup-store.ts';
import { messageOf, nameOf } from '../../../../core/errors.ts';

const [folder = '', key = '', bytes = ''] = process.argv.slice(2);

try {
  await new DirectoryBackupStore(folder).create(key, new Uint8Array(Number(bytes)));
  process.stdout.write('created\n');
} catch (error) {
  process.stdout.write(`${nameOf(error)}: ${messageOf(error)}\n`);
}
