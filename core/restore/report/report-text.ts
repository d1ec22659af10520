import { oldestActivityText } from '../../backup-format/oldest-activity.ts';
import { counted, readableCount } from '../../counted.ts';
import { harmless } from '../../harmless.ts';
import type { RestoreReport } from '../../model/restore.ts';
import { requestsText } from '../../work-store/request-counts.ts';
import { relinkedLines, relinkedTitle } from '../issues/relinked-fields.ts';
import { lossLines } from '../loss-groups.ts';
import { changedLines, changedTitle, linkedLines, linkedTitle, overwrittenTitle } from '../survivor-lines.ts';

/** A report for reading, beside the one for programs. */
export function reportText(report: RestoreReport): string {
  const {
    restore,
    backup,
    source,
    target,
    startedAt,
    finishedAt,
    counts,
    schemas,
    linked,
    changed,
    overwritten,
    issues,
  } = report;
  const lines = [
    `Restore ${restore}: ${report.outcome}`,
    '',
    `Backup      ${backup} of ${source.siteName}`,
    `Target      ${target.siteName}`,
    `Time        ${startedAt} to ${finishedAt}`,
    `Objects     ${readableCount(counts.created)} created, ${readableCount(counts.reused)} found, ${readableCount(counts.updated)} completed`,
    `Comments    ${readableCount(counts.comments)}, and ${readableCount(counts.historyComments)} with history`,
    ...oldestLine(report),
    `Compared    ${counted(counts.objectsCompared, 'object')} with ${counted(counts.valuesCompared, 'value')}: ${counted(report.differenceCount, 'difference')}`,
    `Requests    ${requestsText(report.requests)}`,
    '',
    ...schemas.map(
      ({ from, to, created, reused, updated, lost }) =>
        `${from} -> ${to}: ${readableCount(created)} created, ${readableCount(reused)} found, ${readableCount(updated)} completed, ${readableCount(lost)} not restored`,
    ),
    ...(linked.references > 0 ? titled(linkedTitle(linked, true), linkedLines(linked)) : []),
    ...(issues && issues.fields + issues.already + issues.others > 0
      ? titled(relinkedTitle(issues, true), relinkedLines(issues))
      : []),
    ...(overwritten.attributes > 0 ? titled(overwrittenTitle(overwritten, 'were'), changedLines(overwritten)) : []),
    ...(changed.attributes > 0 ? titled(changedTitle(changed), changedLines(changed)) : []),
    ...titled(
      `Not brought back (${counted(report.lossCount, 'value')})`,
      lossLines(report.lossGroups).map(({ text }) => text),
    ),
    ...titled(
      `Differences that nothing announced (${readableCount(report.differenceCount)})`,
      report.differences.map(({ where, what }) => `${where}: ${what}`),
    ),
    ...titled('Notices', report.notices),
    ...titled('What no restore can bring back', report.neverRestored),
  ];
  return textOfLines(lines);
}

/** History and comments may be older than the backup: not every night reads all of them. */
function oldestLine({ oldestActivity }: RestoreReport): string[] {
  const oldest = oldestActivityText(oldestActivity);
  return oldest === '' ? [] : [`Oldest      ${oldest}`];
}

/** Names and words in them come from a site. */
export function textOfLines(lines: readonly string[]): string {
  return lines.map((line) => `${harmless(line)}\n`).join('');
}

export function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `- ${line}`)];
}
