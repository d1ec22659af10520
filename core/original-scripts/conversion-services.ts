import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { WorkStore } from '../ports/work-store.ts';

/** Where a backup of the scripts is made into one of ours: stores of its own, and none of a place. */
export interface ConversionServices {
  readonly backups: BackupStore;
  readonly work: WorkStore;
  readonly reporter: Reporter;
  /** Of this program. */
  readonly version: string;
}
