import type { WorkStore } from '../core/ports/work-store.ts';
import { listRestores, type RestoreList } from '../core/restore/list-restores.ts';
import { folderRuns } from './folder-runs.ts';

/** The restores and undos of a folder. Throws DamagedWorkFileError where a lock is damaged. */
export function localRestores(work: WorkStore): Promise<RestoreList> {
  return listRestores(work, folderRuns(work));
}
