import { counted } from '../core/counted.ts';
import type { RestoreResult } from '../core/model/restore.ts';
import type { RelinkReport } from '../core/restore/issues/report-relink.ts';
import { restoreKeys } from '../core/restore/restore-keys.ts';
import { shellCommand } from '../core/shell-word.ts';
import { needJson } from '../core/work-store/json-file.ts';
import type { CommandContext } from './command-context.ts';
import { relinkReport } from './output/relink-report.ts';
import { pageOf } from './page-of.ts';
import type { Place } from './place.ts';
import { restoreExitCode } from './restore-ending.ts';
import type { Ending } from './run-command.ts';

/** What was asked, for the command line that goes on. */
interface AskedRelink {
  readonly restore: string;
  readonly place: Place;
  readonly options: { readonly site?: string; readonly dryRun?: boolean };
}

/** What becomes of the result of a linking of issues. */
export function relinkEnding({ output }: CommandContext, asked: AskedRelink): Ending<RestoreResult> {
  const { restore, place, options } = asked;
  const { dryRun = false, site } = options;
  const next = shellCommand('relink', restore, ...place.words, ...(site === undefined ? [] : ['--site', site]));
  return {
    judge: (result) => ({
      exitCode: restoreExitCode(result, { dryRun }),
      notice: relinkNotice(restore, result, { dryRun }),
      fields: {
        ...{ restore: result.restore, relink: restore, outcome: result.outcome },
        ...{ issues: result.issues ?? 0, losses: result.losses },
      },
    }),
    async show(result, { trace, exitCode }) {
      const report = await needJson<RelinkReport>(place.work, result.report ?? restoreKeys(result.restore).report);
      const keys = restoreKeys(result.restore);
      const page = await pageOf(place, keys.reportPage);
      if (!output.isJson) return output.print(relinkReport(report, { place, trace, page, next }));
      const paths = {
        report: place.addressOfWork(keys.report),
        reportText: place.addressOfWork(keys.reportText),
        page,
        issues: report.lines === null ? null : place.addressOfWork(report.lines),
        [trace.field]: trace.value,
      };
      output.document('relink', { ...result, report, next, paths, exitCode });
    },
  };
}

/** What somebody who is not there should know of it. */
function relinkNotice(
  restore: string,
  result: RestoreResult,
  choices: { readonly dryRun: boolean },
): string | undefined {
  if (restoreExitCode(result, choices) === 0) return undefined;
  return `issues hold again what ${restore} has made, but for ${counted(result.losses, 'thing')}, which its report names`;
}
