import { counted, readableCount } from '../../counted.ts';
import type { UndoReport } from '../../model/undo.ts';
import { requestsText } from '../../work-store/request-counts.ts';
import { lossLines } from '../loss-groups.ts';
import { textOfLines, titled } from '../report/report-text.ts';
import { countsText } from './undo-outcome.ts';

/** A report for reading, beside the one for programs. */
export function undoReportText(report: UndoReport): string {
  const { restore, undo, target, startedAt, finishedAt, counts, compared, stayCount, stayGroups } = report;
  const lines = [
    `Undo ${restore}: ${report.outcome}`,
    '',
    `Of          ${undo}`,
    `Site        ${target.siteName}`,
    `Time        ${startedAt} to ${finishedAt}`,
    `Undone      ${countsText(counts)}`,
    `Read again  ${counted(compared, 'thing')}: ${counted(report.differenceCount, 'difference')}`,
    `Requests    ${requestsText(report.requests)}`,
    ...titled(
      `What stays (${counted(stayCount, 'thing')})`,
      lossLines(stayGroups).map(({ text }) => text),
    ),
    ...titled(
      `Differences (${readableCount(report.differenceCount)})`,
      report.differences.map(({ where, what }) => `${where}: ${what}`),
    ),
    ...titled('Notices', report.notices),
  ];
  return textOfLines(lines);
}
