import { counted } from '../../counted.ts';
import type { RestoreReport } from '../../model/restore.ts';
import { lossLines } from '../loss-groups.ts';
import { changedLines, changedTitle, linkedLines, linkedTitle, overwrittenTitle } from '../survivor-lines.ts';

/** A report for reading, beside the one for programs. */
export function reportText(report: RestoreReport): string {
  const { restore, backup, source, target, startedAt, finishedAt, counts, schemas, linked, changed, overwritten } =
    report;
  const lines = [
    `Restore ${restore}: ${report.outcome}`,
    '',
    `Backup      ${backup} of ${source.siteName}`,
    `Target      ${target.siteName}`,
    `Time        ${startedAt} to ${finishedAt}`,
    `Objects     ${counts.created} created, ${counts.reused} found, ${counts.updated} completed`,
    `Comments    ${counts.comments}, and ${counts.historyComments} that hold histories`,
    `Compared    ${counts.objectsCompared} objects with ${counts.valuesCompared} values: ${report.differenceCount} differences`,
    '',
    ...schemas.map(
      ({ from, to, created, reused, updated, lost }) =>
        `${from} -> ${to}: ${created} created, ${reused} found, ${updated} completed, ${lost} not restored`,
    ),
    ...(linked.references > 0 ? titled(linkedTitle(linked, true), linkedLines(linked)) : []),
    ...(overwritten.attributes > 0 ? titled(overwrittenTitle(overwritten, 'were'), changedLines(overwritten)) : []),
    ...(changed.attributes > 0 ? titled(changedTitle(changed), changedLines(changed)) : []),
    ...titled(
      `Not brought back (${counted(report.lossCount, 'value')})`,
      lossLines(report.lossGroups).map(({ text }) => text),
    ),
    ...titled(
      `Differences that nothing announced (${report.differenceCount})`,
      report.differences.map(({ where, what }) => `${where}: ${what}`),
    ),
    ...titled('Notices', report.notices),
    ...titled('What no restore can bring back', report.neverRestored),
  ];
  return `${lines.join('\n')}\n`;
}

export function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `- ${line}`)];
}
