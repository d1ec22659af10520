import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { ListedBackup } from '../core/backup-format/open-backup.ts';
import type { DiffFilters } from '../core/diff/diff-lines.ts';
import type { LiveDiff } from '../core/diff/site-diff.ts';
import type { DrillResult } from '../core/model/drill.ts';
import type { RelinkChoices, RestoreChoices, RestoreResult, UndoChoices } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { RunRegistry } from '../core/ports/run-registry.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import type { PruneReport } from '../core/retention/prune-backups.ts';
import type { RestoreOptions } from './restore-options.ts';
import type { RestoreRequest } from './restore-request.ts';
import type { PlacedRun } from './run-command.ts';
import type { WatchedSurroundings } from './watched-work.ts';

/**
 * Where backups lie and runs take place: a folder with this machine, or a stack in AWS. A command asks it, and does not care
 * which it is.
 */
export interface Place extends PlaceWords {
  /** What names it in a JSON document. */
  readonly fields: Readonly<Record<string, string>>;
  readonly backups: BackupStore;
  readonly work: WorkStore;
  /** What is known here of runs, also of this very command. */
  readonly runs: RunRegistry;
  /** Shows others that this process works here, until what it gives is called. Throws StorageError. */
  beginRun(executionId: string): Promise<() => Promise<void>>;
  /** Who works here, as others may find out who it was. */
  person(): Promise<string>;
  /** Reads what a run needs besides, such as a login, and gives a run that only has to be started. */
  backUp(wanted: WantedBackup): Promise<PlacedRun<BackupResult>>;
  restore(wanted: WantedRestore): Promise<RunOf<RestoreChoices>>;
  undo(wanted: WantedUndo): Promise<RunOf<UndoChoices>>;
  /** Makes issues hold what a restore has made. */
  relink(wanted: WantedUndo): Promise<RunOf<RelinkChoices>>;
  /** Restores some of the newest backup into scratch schemas, and removes them. */
  drill(wanted: WantedDrill): Promise<PlacedRun<DrillResult>>;
  /** Deletes the backups that no rule and no reason keeps. Throws WrongInputError where no rules are set. */
  prune(wanted: WantedPruning): Promise<PruneReport>;
  /** What is kept of these backups, and why; null where no rules are set. Throws what `prune` does. */
  whatIsKept(backups: readonly ListedBackup[]): Promise<WhatIsKept | null>;
  /** The same of a comparison of a backup with its site as it is, which leaves its lines in the work store. */
  diffLive(wanted: WantedDiff): Promise<(surroundings: WatchedSurroundings) => Promise<LiveDiff>>;
  /** Keeps a page where this machine can open it, and gives the path: in the work store, or in a private folder where that may not be written. */
  keepPage(key: string, page: string): Promise<string>;
  /** Removes what comparisons have left there and nobody needs any more. */
  clearOldDiffs(now: number): Promise<void>;
}

/** How texts speak of a place. */
export interface PlaceWords {
  /** `./backups`, `the stack AssetsBackup`. */
  readonly name: string;
  /** The options that name it: `--local ./backups`. */
  readonly words: readonly string[];
  /** The command line that makes another backup. */
  readonly newBackup: string;
  /** Where a backup lies: a folder, or its prefix in a bucket. */
  addressOfBackup(name: string): string;
  /** Where a key of the work store lies. */
  addressOfWork(key: string): string;
}

export interface WantedBackup {
  /** Undefined: as the site's settings say, else all. */
  readonly schemas: readonly string[] | undefined;
  readonly activity: boolean;
  /** Whether history and comments are read of every object, whatever the last backup has. */
  readonly full: boolean;
  readonly site: string | undefined;
  readonly keepLogs: number;
}

/** What a restore needs besides is read once, however often it is started. */
export type RunOf<Choices> = (choices: Choices) => PlacedRun<RestoreResult>;

export interface WantedPruning {
  /** Says what would be deleted, and changes nothing. */
  readonly dryRun: boolean;
}

export interface WhatIsKept {
  /** Reasons in words by the names of backups; of one that pruning would delete there are none. */
  readonly reasons: ReadonlyMap<string, readonly string[]>;
  readonly heldBack: PruneReport['heldBack'];
}

export interface WantedDiff {
  /** What it is to be called. */
  readonly diff: string;
  readonly backup: string;
  readonly filters: DiffFilters;
  readonly site: string | undefined;
}

/** `site` is one that may be written to. */
export interface WantedDrill {
  readonly site: string | undefined;
  readonly keepLogs: number;
}

export interface WantedUndo {
  readonly site: string | undefined;
  readonly keepLogs: number;
}

export interface WantedRestore {
  readonly request: RestoreRequest;
  readonly options: RestoreOptions;
}
