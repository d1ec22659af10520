import { DirectoryBackupStore } from '../adapters/disk/directory-backup-store.ts';
import { DirectoryWorkStore } from '../adapters/disk/directory-work-store.ts';

/** The program's folder for logs, beside the backups. */
export const logFolder = 'logs';

/** The two stores of a local directory: backups in `DIR/`, work in `DIR/.work/`. Creates nothing until something is written. */
export function openLocalStores(directory: string): { backups: DirectoryBackupStore; work: DirectoryWorkStore } {
  return {
    backups: new DirectoryBackupStore(directory, { hidden: [logFolder] }),
    work: new DirectoryWorkStore(directory),
  };
}
