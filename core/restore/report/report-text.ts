import type { RestoreReport } from '../../model/restore.ts';

const shownLosses = 50;

/** A report for reading, beside the one for programs. */
export function reportText(report: RestoreReport): string {
  const { restore, backup, source, target, startedAt, finishedAt, counts, schemas, losses, lossCount } = report;
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
    ...titled(
      `Not brought back (${lossCount})`,
      losses.slice(0, shownLosses).map(({ where, attribute, values, reason }) => {
        const what =
          attribute === undefined ? where : `${where}, ${attribute} (${values} ${values === 1 ? 'value' : 'values'})`;
        return `${what}: ${reason}`;
      }),
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

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `- ${line}`)];
}
