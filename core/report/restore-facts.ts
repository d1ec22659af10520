import { parseCsv } from '../csv.ts';
import { NoSuchBackupError } from '../errors.ts';
import type { PlanSummary, RestoreReport, RestoreResult } from '../model/restore.ts';
import type { UndoPlanSummary, UndoReport } from '../model/undo.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import type { RelinkReport } from '../restore/issues/report-relink.ts';
import { readPlanSummary, readRestoreReport } from '../restore/report/read-report.ts';
import { restoreKeys } from '../restore/restore-keys.ts';
import { missingFile, needJson, readJson } from '../work-store/json-file.ts';
import { type PageFacts, pageFacts } from './page-facts.ts';

/** All that the report of a restore shows, or that of an undo, or of a linking of issues alone. */
export type RestoreFacts = PageFacts &
  (
    | { readonly kind: 'restore'; readonly plan: PlanSummary; readonly report: RestoreReport; readonly keys: KeyTable }
    | { readonly kind: 'undo'; readonly plan: UndoPlanSummary; readonly report: UndoReport }
    | { readonly kind: 'relink'; readonly report: RelinkReport }
  );

/** Old keys and new ones. */
export interface KeyTable {
  readonly total: number;
  /** The first of them, those before all that have another key now. */
  readonly first: readonly { readonly old: string; readonly now: string; readonly how: string }[];
}

const shownKeys = 100;

/** Gathers them from what the run has left. Throws NoSuchBackupError, DamagedWorkFileError. */
export async function restoreFacts(
  services: Pick<Services, 'work' | 'clock' | 'version'>,
  restore: string,
): Promise<RestoreFacts> {
  const { work } = services;
  const keys = restoreKeys(restore);
  const result = await readJson<RestoreResult>(work, keys.result);
  if (!result)
    throw new NoSuchBackupError(
      `No restore ${restore} has come to its end here, so there is nothing to report. \`assets-backup status\` names those that are there.`,
    );
  const made = pageFacts(services, { report: keys.report, pageKey: keys.reportPage });
  if (result.relink !== undefined)
    return { ...made, kind: 'relink', report: await needJson<RelinkReport>(work, keys.report) };
  if (result.undo !== undefined) {
    const plan = await needJson<UndoPlanSummary>(work, keys.plan);
    return { ...made, kind: 'undo', plan, report: await needJson<UndoReport>(work, keys.report) };
  }
  const report = await readRestoreReport(work, keys.report);
  const plan = await readPlanSummary(work, keys.plan);
  return { ...made, kind: 'restore', plan, report, keys: await keyTable(work, report) };
}

async function keyTable(work: WorkStore, { files, counts }: RestoreReport): Promise<KeyTable> {
  const total = counts.created + counts.reused + counts.updated;
  if (files.keys === null) return { total, first: [] };
  const there = await work.read(files.keys);
  if (!there) throw missingFile(work, files.keys);
  const rows = parseCsv(there.text)
    .slice(1)
    .map(([old = '', , now = '', , how = '']) => ({ old, now, how }));
  const [others, same] = [true, false].map((isOther) => rows.filter(({ old, now }) => (old !== now) === isOther));
  return { total, first: [...(others ?? []), ...(same ?? [])].slice(0, shownKeys) };
}
