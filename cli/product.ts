import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { Verification } from '../core/verify/verification.ts';
import type { LocalBackupOptions } from '../local/local-backup.ts';

/** What the commands call. The command line itself only asks, shows, and translates errors into exit codes. */
export interface Product {
  readonly version: string;
  backUp(options: LocalBackupOptions): Promise<BackupResult>;
  openBackups(directory: string): BackupStore;
  verify(services: { backups: BackupStore; reporter: Reporter }, name: string): Promise<Verification>;
}
