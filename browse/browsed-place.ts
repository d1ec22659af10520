import type { Manifest } from '../core/backup-format/manifest.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { WorkStore } from '../core/ports/work-store.ts';

/** What is browsed. */
export interface BrowsedPlace {
  /** `./backups`, `the stack AssetsBackup` */
  readonly name: string;
  /** Options that name it on a command line, and the site where a restore needs one. */
  readonly restoreWords: readonly string[];
  /** False: the index is of keys and labels, and no value is kept on this machine. */
  readonly searchesValues: boolean;
  readonly version: string;
  readonly backups: BackupStore;
  readonly work: WorkStore;
  readonly indexes: IndexFiles;
  /** Of what is a fault of this program. Its message may hold a value. */
  onFault(error: unknown): void;
}

/** Where the indexes of backups lie: private, and made anew where they are missing. */
export interface IndexFiles {
  /** The file of a backup's index: another one for each seal of its manifest. The folder is there. */
  pathOf(manifest: Manifest): Promise<string>;
  /** Whether a file may go as soon as it is open: it is of this process alone. */
  readonly areTemporary: boolean;
}
