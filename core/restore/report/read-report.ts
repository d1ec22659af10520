import type { PlanSummary, RestoreReport } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import { LossGroups } from '../loss-groups.ts';

/** The plan of a restore, in the words of today. Throws DamagedWorkFileError. */
export async function readPlanSummary(work: WorkStore, key: string): Promise<PlanSummary> {
  const stored = await needJson<PlanSummary>(work, key);
  return { ...untold(stored), ...untoldLists, ...stored };
}

/** The same of its report. */
export async function readRestoreReport(work: WorkStore, key: string): Promise<RestoreReport> {
  const stored = await needJson<RestoreReport>(work, key);
  return { ...untold(stored), ...stored, files: { ...untoldFiles, ...stored.files } };
}

/** What version 0.1.0 does not tell of a plan or a restore, which may still be looked at. */
function untold({ losses }: Pick<RestoreReport, 'losses'>) {
  const groups = new LossGroups();
  for (const loss of losses) groups.add(loss);
  return {
    lossGroups: groups.grouped,
    linked: { references: 0, objects: 0, schemas: [] },
    changed: { attributes: 0, objects: 0, places: [] },
    overwritten: { attributes: 0, objects: 0, places: [] },
    oldestActivity: { history: null, comments: null },
  };
}

const untoldLists: Partial<PlanSummary> = {
  linkFiles: [],
  changedFiles: [],
  overwrittenFiles: [],
  cameLater: { objects: 0, types: [], files: [] },
};
const untoldFiles: Partial<RestoreReport['files']> = {
  changed: null,
  overwritten: null,
  links: null,
  referencesByHand: null,
};
