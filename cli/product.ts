import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { RestoreChoices, RestoreResult } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import type { Verification } from '../core/verify/verification.ts';
import type { DeployedStack } from '../deployed/deployed-stack.ts';
import type { StackAddress } from '../deployed/stack-clients.ts';
import type { LocalBackupOptions } from '../local/local-backup.ts';
import type { LocalRestoreOptions } from '../local/local-restore.ts';

/** What the commands call. The command line itself only asks, shows, and translates errors into exit codes. */
export interface Product {
  readonly version: string;
  backUp(options: LocalBackupOptions): Promise<BackupResult>;
  openBackups(directory: string): BackupStore;
  openWork(directory: string): WorkStore;
  verify(services: { backups: BackupStore; reporter: Reporter }, name: string): Promise<Verification>;
  /** Fills in every default. Throws WrongInputError, which shows nothing of what stands in the input. */
  parseRestoreInput(input: unknown): RestoreChoices;
  restore(options: LocalRestoreOptions): Promise<RestoreResult>;
  /** Throws StackNotFoundError, AwsRefusedError. */
  openStack(address: StackAddress): Promise<DeployedStack>;
}
