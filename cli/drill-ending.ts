import { drillFolder, drillKeys } from '../core/drill/drill-keys.ts';
import type { DrillReport, DrillResult } from '../core/model/drill.ts';
import { shellCommand } from '../core/shell-word.ts';
import { missingFile } from '../core/work-store/json-file.ts';
import type { CommandContext } from './command-context.ts';
import { drillReport } from './output/drill-report.ts';
import { pageOf } from './page-of.ts';
import type { Place } from './place.ts';
import type { Ending } from './run-command.ts';

/** What becomes of a drill's result. */
export function drillEnding(
  { output }: CommandContext,
  { place, options }: { readonly place: Place; readonly options: { readonly site?: string } },
): Ending<DrillResult> {
  const next = shellCommand('drill', ...place.words, ...(options.site === undefined ? [] : ['--site', options.site]));
  return {
    judge: ({ drill, outcome, differences, notCovered, message }) => ({
      exitCode: outcome === 'passed' ? 0 : 14,
      fields: { drill, outcome, differences, notCovered },
      notice: outcome === 'passed' ? undefined : message,
    }),
    async show(result, { trace, exitCode }) {
      const report = await readReport(place, result);
      const page = await pageOf(place, drillFolder(result.drill) + drillKeys.reportPage);
      if (!output.isJson) return output.print(drillReport(report, { place, trace, page, next }));
      const paths = {
        report: place.addressOfWork(result.report),
        reportText: place.addressOfWork(drillFolder(result.drill) + drillKeys.reportText),
        page,
        [trace.field]: trace.value,
      };
      output.document('drill', {
        ...result,
        covered: report.covered,
        uncovered: report.uncovered,
        found: report.found,
        next,
        paths,
        exitCode,
      });
    },
  };
}

async function readReport({ work }: Place, { report }: DrillResult): Promise<DrillReport> {
  const there = await work.read(report);
  if (!there) throw missingFile(work, report);
  return JSON.parse(there.text) as DrillReport;
}
