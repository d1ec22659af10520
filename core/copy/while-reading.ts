import { DamagedWorkFileError, StorageError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
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
 * mark is copied all the same: an off-site disk may be read-only, and nothing prunes there then.
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
    return await work();
  } finally {
    for (const place of marked) await endMark(place, backup, executionId);
  }
}

/** A mark that stays counts until it is stale; it hides neither a copy that is there nor the error that ended one. */
async function endMark({ work }: CopyPlace, backup: string, executionId: string): Promise<void> {
  try {
    await endReading(work, backup, executionId);
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof DamagedWorkFileError)) throw error;
  }
}
