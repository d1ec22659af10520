import type { RestoreReport, RestoreResult } from '../../core/model/restore.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { objectsOfTable } from '../end-to-end/restore-run.ts';

/** Target ids by source ids, of a restore that a stack made. */
export async function restoredObjects(work: WorkStore, { restore }: RestoreResult): Promise<Map<string, string>> {
  const { text } = (await work.read(restoreKeys(restore).report)) ?? { text: '{}' };
  const { files } = JSON.parse(text) as RestoreReport;
  return objectsOfTable((await work.read(files.keys ?? ''))?.text ?? '');
}
