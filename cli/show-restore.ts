import { MissingKeyError } from '../core/errors.ts';
import type { PlanSummary, RestoreChoices, RestoreReport, RestoreResult } from '../core/model/restore.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import { restoreKeys } from '../core/restore/restore-keys.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output/output.ts';
import { planReport } from './output/plan-report.ts';
import { restoreReport } from './output/restore-report.ts';
import { workPath } from './output/restore-words.ts';
import { type RestoreOptions, sameCommand } from './restore-options.ts';

/** A restore that has ended, and what it was asked. */
export interface EndedRestore {
  readonly result: RestoreResult;
  readonly choices: RestoreChoices;
  /** As the command line names it. */
  readonly backup: string | undefined;
  readonly options: RestoreOptions;
  /** The input file itself asks for no more than a plan. */
  readonly isPlanByFile: boolean;
  readonly directory: string;
  readonly work: WorkStore;
  readonly log: string;
  readonly exitCode: ExitCode;
}

/** Shows the plan where there is no more than that, else the report. */
export async function showRestore(output: Output, ended: EndedRestore): Promise<void> {
  const { report } = ended.result;
  if (report === null) await showPlan(output, ended);
  else await showReport(output, ended, report);
}

async function showPlan(output: Output, ended: EndedRestore): Promise<void> {
  const { result, choices, backup, options, isPlanByFile, directory, work, log, exitCode } = ended;
  const summary = await storedDocument<PlanSummary>(work, result.plan);
  const next = sameCommand('restore', backup, options, '--approve', summary.hash);
  if (output.isJson) {
    const paths = {
      plan: workPath(directory, result.plan),
      items: summary.itemFiles.map((key) => workPath(directory, key)),
      usersTemplate: pathOrNull(directory, summary.usersTemplate),
      log,
    };
    output.document('plan', { ...result, summary, next, paths, exitCode });
    return;
  }
  const isWaiting = result.outcome === 'needs-approval' && !choices.dryRun;
  const planOnlyBy = isPlanByFile ? options.input : undefined;
  output.print(planReport(summary, { directory, log, next, planOnlyBy, isWaiting }));
}

async function showReport(output: Output, ended: EndedRestore, key: string): Promise<void> {
  const { result, backup, options, directory, work, log, exitCode } = ended;
  const report = await storedDocument<RestoreReport>(work, key);
  const planAgain = sameCommand('plan', backup, options);
  if (output.isJson) {
    const { losses, differences, keys } = report.files;
    const paths = {
      plan: workPath(directory, result.plan),
      report: workPath(directory, key),
      reportText: workPath(directory, restoreKeys(result.restore).reportText),
      losses: pathOrNull(directory, losses),
      differences: pathOrNull(directory, differences),
      keys: pathOrNull(directory, keys),
      log,
    };
    output.document('restore', { ...result, report, next: planAgain, paths, exitCode });
    return;
  }
  output.print(restoreReport(report, { directory, log, planAgain }));
}

function pathOrNull(directory: string, key: string | null): string | null {
  return key === null ? null : workPath(directory, key);
}

/** What a step of this very version has just written. */
async function storedDocument<Document>(work: WorkStore, key: string): Promise<Document> {
  const stored = await work.read(key);
  if (!stored) throw new MissingKeyError(`The work store has no ${key}.`);
  return JSON.parse(stored.text) as Document;
}
