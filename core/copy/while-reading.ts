import { CopyRefusedError, DamagedWorkFileError, StorageError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { isBeingPruned } from '../retention/pruning-mark.ts';
import { beginReading, endReading } from '../runs/backup-readers.ts';
import type { CopyPlace } from './copy-place.ts';

export interface CopyReader {
  readonly backup: string;
  readonly executionId: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Told that the source takes no mark, as a disk that is mounted read-only. */
  readonly unmarked: (refusal: StorageError) => void;
}

/**
 * Marks a backup as being read at both ends while `work` goes on, so that neither is deleted under it. A source that takes no
 * mark is copied all the same: an off-site disk may be read-only, and nothing prunes there then. Throws CopyRefusedError where it is
 * being deleted at either end.
 */
export async function whileReading<T>(
  { source, destination }: { readonly source: CopyPlace; readonly destination: CopyPlace },
  { backup, executionId, clock, unmarked }: CopyReader,
  work: () => Promise<T>,
): Promise<T> {
  const mark = (place: CopyPlace) => beginReading({ ...place, clock }, backup, { executionId, what: 'copy' });
  const marked = [destination, source];
  await mark(destination);
  try {
    await mark(source);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    marked.pop();
    unmarked(error);
  }
  try {
    for (const place of marked) await checkNotPruned({ ...place, clock }, backup);
    return await work();
  } finally {
    for (const place of marked) await endMark(place, backup, executionId);
  }
}

/** Whoever comes second gives way: a deletion that was announced before looks for readers no more. */
async function checkNotPruned(place: CopyPlace & Pick<CopyReader, 'clock'>, backup: string): Promise<void> {
  if (!(await isBeingPruned(place, backup))) return;
  throw new CopyRefusedError(
    `${place.backups.addressOf(backup)} is being deleted, because no rule of "keep" keeps it there. Nothing was copied.`,
  );
}

/** A mark that stays counts until it is stale; it hides neither a copy that is there nor the error that ended one. */
async function endMark({ work }: CopyPlace, backup: string, executionId: string): Promise<void> {
  try {
    await endReading(work, backup, executionId);
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof DamagedWorkFileError)) throw error;
  }
}
