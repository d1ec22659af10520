import type { RestoreResult } from '../core/model/restore.ts';
import type { UndoPlanSummary, UndoReport } from '../core/model/undo.ts';
import { restoreKeys } from '../core/restore/restore-keys.ts';
import { shellCommand } from '../core/shell-word.ts';
import { needJson } from '../core/work-store/json-file.ts';
import type { PlanQuestion } from './asked-run.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { undoConfirmation, undoInShort, undoPlanReport, undoReport } from './output/undo-report.ts';
import { pageOf } from './page-of.ts';
import type { Place } from './place.ts';
import { restoreExitCode, restoreNotice } from './restore-ending.ts';
import type { Ending } from './run-command.ts';

/** What was asked, for the command lines that go on. */
export interface AskedUndo {
  readonly restore: string;
  readonly place: Place;
  readonly options: { readonly site?: string; readonly dryRun?: boolean };
}

/** What becomes of an undo's result. */
export function undoEnding({ output }: CommandContext, asked: AskedUndo): Ending<RestoreResult> {
  const { place, options } = asked;
  return {
    judge: (result) => ({
      exitCode: restoreExitCode(result, { dryRun: options.dryRun === true }),
      notice: restoreNotice(result, { dryRun: options.dryRun === true }),
      fields: {
        restore: result.restore,
        undo: asked.restore,
        outcome: result.outcome,
        stays: result.losses,
        differences: result.differences,
      },
    }),
    async show(
      result,
      { trace, exitCode }: { trace: Parameters<Ending<RestoreResult>['show']>[1]['trace']; exitCode: ExitCode },
    ) {
      const { work } = place;
      const traced = { [trace.field]: trace.value };
      if (result.report === null) {
        const summary = await needJson<UndoPlanSummary>(work, result.plan);
        const next = lineOf(asked, '--approve', summary.hash);
        if (!output.isJson) return output.print(undoPlanReport(summary, { place, trace, next }));
        const paths = {
          plan: place.addressOfWork(result.plan),
          items: summary.itemFiles.map((key) => place.addressOfWork(key)),
          stays: summary.stayFiles.map((key) => place.addressOfWork(key)),
          ...traced,
        };
        return output.document('undo-plan', { ...result, summary, next, paths, exitCode });
      }
      const report = await needJson<UndoReport>(work, result.report);
      const next = lineOf(asked);
      const page = await pageOf(place, restoreKeys(result.restore).reportPage);
      if (!output.isJson) return output.print(undoReport(report, { place, trace, page, next }));
      const paths = {
        plan: place.addressOfWork(result.plan),
        report: place.addressOfWork(result.report),
        reportText: place.addressOfWork(restoreKeys(result.restore).reportText),
        page,
        stays: report.stayFiles.map((key) => place.addressOfWork(key)),
        ...traced,
      };
      output.document('undo', { ...result, report, next, paths, exitCode });
    },
  };
}

/** What a person is asked before the plan is carried out. */
export async function undoQuestion({ plan }: RestoreResult, asked: AskedUndo): Promise<PlanQuestion> {
  const summary = await needJson<UndoPlanSummary>(asked.place.work, plan);
  return {
    plan: undoInShort(summary, asked.place),
    question: undoConfirmation(summary),
    next: lineOf(asked, '--approve', summary.hash),
  };
}

/** The command line that goes on from here. */
function lineOf({ restore, place, options: { site } }: AskedUndo, ...more: readonly string[]): string {
  return shellCommand('undo', restore, ...place.words, ...(site === undefined ? [] : ['--site', site]), ...more);
}
