/** Copies one file and says how that ended. */
import { DirectoryBackupStore } from '../../../../adapters/disk/directory-backup-store.ts';
import { messageOf, nameOf } from '../../../../core/errors.ts';

const [folder = '', from = '', bytes = '', sha256 = '', key = ''] = process.argv.slice(2);

try {
  await new DirectoryBackupStore(folder).copy({ key: from, bytes: Number(bytes), sha256 }, key);
  process.stdout.write('copied\n');
} catch (error) {
  process.stdout.write(`${nameOf(error)}: ${messageOf(error)}\n`);
}
