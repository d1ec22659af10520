import type { Manifest } from '../backup-format/manifest.ts';
import type { BackupStore } from '../ports/backup-store.ts';
import type { Reporter } from '../ports/reporter.ts';
import type { DiffFilters, DiffLine, DiffSummary } from './diff-lines.ts';

export interface DiffOptions {
  readonly filters: DiffFilters;
  /** Lines of configuration first, then objects type by type, removed ones last. */
  onLine(line: DiffLine): Promise<void> | void;
}

/**
 * Compares two backups of one site. Throws WrongInputError where they are of two sites or a filter names nothing, DamagedBackupError.
 */
export async function diffBackups(
  _services: { readonly backups: BackupStore; readonly reporter: Reporter },
  _left: Manifest,
  _right: Manifest,
  _options: DiffOptions,
): Promise<DiffSummary> {
  throw new Error('to be written');
}
