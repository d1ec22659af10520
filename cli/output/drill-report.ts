import { counted, readableCount } from '../../core/counted.ts';
import { drillFolder, drillKeys } from '../../core/drill/drill-keys.ts';
import type { DrillReport } from '../../core/model/drill.ts';
import type { PlaceWords } from '../place.ts';
import { type RunTrace, traceFact } from './output.ts';
import { paragraphs, section } from './section.ts';
import { facts } from './table.ts';

const shownFound = 20;
const shownUncovered = 15;

/** What a drill has found, and what to do next. */
export function drillReport(
  report: DrillReport,
  {
    place,
    trace,
    page,
    next,
  }: {
    readonly place: PlaceWords;
    readonly trace: RunTrace;
    /** Where its page is; null where there is none. */
    readonly page: string | null;
    readonly next: string;
  },
): string {
  const { drill, backup, siteName, minutes, objects, values, comments, differences, covered, uncovered, found } =
    report;
  const tried = uncovered.filter(({ count }) => count > 0);
  const empty = uncovered.length - tried.length;
  return paragraphs([
    facts([
      ['Drill', drill],
      ['Backup', backup],
      ['Site', `${siteName}${report.inProduction ? ', which is the one that was backed up' : ''}`],
      ['Time', `${readableCount(minutes)} minutes`],
      ['Compared', `${counted(objects, 'object')}, ${counted(values, 'value')}, ${counted(comments, 'comment')}`],
      ['Covered', covered.map(({ kind, attributes }) => `${kind} (${readableCount(attributes)})`).join(', ')],
      ['Report', page ?? place.addressOfWork(drillFolder(drill) + drillKeys.reportText)],
      traceFact(trace),
    ]),
    section('Differences', found, { shown: shownFound, rest: 'in the report' }),
    section(
      'Not covered',
      [
        ...tried.map(({ what, count, reason }) => `${what}${count > 1 ? ` (${readableCount(count)})` : ''}: ${reason}`),
        ...(empty > 0 ? [`${counted(empty, 'attribute')} of which no object of the backup has a value`] : []),
      ],
      { shown: shownUncovered, rest: 'in the report' },
    ),
    section('Notices', report.notices, { shown: shownFound, rest: 'in the report' }),
    report.outcome === 'passed'
      ? `The drill passed: what was tried of ${backup} comes back as it is stored, and nothing of it is left on the site. Next time: ${next}`
      : `The drill failed: ${counted(differences, 'difference')} between the backup ${backup} and what came of it, named above and in the report. Nothing of it is left on the site. Once it is mended: ${next}`,
  ]);
}
