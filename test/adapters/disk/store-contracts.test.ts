import { DirectoryBackupStore } from '../../../adapters/disk/directory-backup-store.ts';
import { DirectoryWorkStore } from '../../../adapters/disk/directory-work-store.ts';
import { describeBackupStore } from '../../contracts/backup-store-contract.ts';
import { describeWorkStore } from '../../contracts/work-store-contract.ts';
import { placeFor } from './temporary-place.ts';

for (const [disk, namesByLink] of [
  ['directory', true],
  ['directory on a disk without hard links', false],
] as const) {
  describeBackupStore(disk, () => placeFor((folder) => new DirectoryBackupStore(folder, { namesByLink })));
  describeWorkStore(disk, () => placeFor((folder) => new DirectoryWorkStore(folder, { namesByLink })));
}
