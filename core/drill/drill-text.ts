import { counted, readableCount } from '../counted.ts';
import type { DrillReport } from '../model/drill.ts';
import { textOfLines, titled } from '../restore/report/report-text.ts';

/** The report of a drill for reading, beside the one for programs. */
export function drillText(report: DrillReport): string {
  const { drill, outcome, backup, siteName, startedAt, finishedAt, minutes, objects, values, comments } = report;
  return textOfLines([
    `Restore drill ${drill}: ${outcome === 'passed' ? 'passed' : 'differences found'}`,
    '',
    `Backup      ${backup}`,
    `Site        ${siteName}${report.inProduction ? ', which is the one that was backed up' : ''}`,
    `Time        ${startedAt} to ${finishedAt}, ${readableCount(minutes)} minutes`,
    `Compared    ${counted(objects, 'object')} with ${counted(values, 'value')}, ${counted(comments, 'comment')}: ${counted(report.differences, 'difference')}`,
    '',
    ...report.schemas.map(({ from, to, objects: of }) => `${from} -> ${to}: ${counted(of, 'object')}`),
    ...titled('Differences', report.found),
    ...titled(
      'Covered',
      report.covered.map(
        ({ kind, attributes, values: of }) => `${kind}: ${counted(attributes, 'attribute')}, ${counted(of, 'value')}`,
      ),
    ),
    ...titled(
      `Not covered (${readableCount(report.notCovered)})`,
      report.uncovered.map(
        ({ what, count, reason }) => `${what}${count > 1 ? ` (${readableCount(count)})` : ''}: ${reason}`,
      ),
    ),
    ...titled('Notices', report.notices),
  ]);
}
