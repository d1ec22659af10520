import type { Origin } from '../backup/finish-records.ts';
import type { BackupStatus } from '../model/outcome.ts';
import type { BackupReader } from '../runs/backup-readers.ts';
import type { RestoreReason } from './keep-reason.ts';

/** What decides about a backup whose manifest can be read. */
export interface KnownBackup {
  readonly name: string;
  /** The name that it was written with, where its folder was renamed; otherwise null. */
  readonly writtenAs: string | null;
  /** ISO 8601, both. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Its workspace, by which sites are told apart, and its address, for people. */
  readonly site: string;
  readonly siteName: string;
  readonly status: BackupStatus;
  /** What it was asked for; null: every schema. */
  readonly objectSchemaKeys: readonly string[] | null;
  /** What it has; `isWhole` says that no configuration and no object of it is missing. */
  readonly schemas: readonly { readonly id: string; readonly key: string; readonly isWhole: boolean }[];
  readonly origin: Origin;
  /** Whether something is suspicious about it that nobody has accepted. */
  readonly isSuspicious: boolean;
  /** Whether it was made with history and comments. */
  readonly hasActivity: boolean;
  /** Until when it may not be deleted: ISO 8601, or `for good`; null where nothing keeps it. */
  readonly lockedUntil: string | null;
  readonly readers: readonly BackupReader['what'][];
  readonly restores: readonly RestoreReason[];
}

/** One whose manifest is there and cannot be believed, or not be read by this version. Of which site it is, nobody knows. */
export interface UnreadableBackup {
  readonly name: string;
  readonly state: 'damaged' | 'unsupported';
}

/** A backup of the original scripts: no run of ours has made it, and none deletes it. */
export interface BackupOfScripts {
  readonly name: string;
}
