import { counted } from '../../core/counted.ts';
import { clockTime } from '../../core/readable.ts';
import { relinkedLines, relinkedTitle } from '../../core/restore/issues/relinked-fields.ts';
import type { RelinkReport } from '../../core/restore/issues/report-relink.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { requestsText } from '../../core/work-store/request-counts.ts';
import type { PlaceWords } from '../place.ts';
import { type RunTrace, traceFact } from './output.ts';
import { lossSection, shownNotices } from './restore-words.ts';
import { paragraphs, section } from './section.ts';
import { facts } from './table.ts';

interface RelinkSurroundings {
  readonly place: PlaceWords;
  readonly trace: RunTrace;
  /** Where its page is; null where there is none. */
  readonly page: string | null;
  /** The same command line, without `--dry-run`. */
  readonly next: string;
}

const shownFields = 20;

/** Which issues hold again what was made, and which do not. */
export function relinkReport(report: RelinkReport, { place, trace, page, next }: RelinkSurroundings): string {
  const { restore, issues, lossCount, outcome, lines } = report;
  const keys = restoreKeys(restore);
  const isDone = outcome !== 'planned';
  const at = `in ${place.addressOfWork(lines ?? keys.report)}`;
  const title = relinkedTitle(issues, isDone);
  const but = lossCount > 0 ? `; ${counted(lossCount, 'link')} not brought back` : '';
  const last = !isDone
    ? `Planned: ${title}${but}. Nothing was changed${issues.issues > 0 ? `. Carry it out: ${next}` : ', and nothing is left to do.'}`
    : `Linked again: ${title}${but}. ${lossCount > 0 ? 'Where the causes are gone, the same line goes on' : 'See that nothing is left to do'}: ${next}${lossCount > 0 ? '' : ' --dry-run'}`;
  return paragraphs([
    facts([
      ['Outcome', outcome],
      ['Restore', report.relink],
      ['Backup', report.backup],
      ['Site', report.target],
      ['Took', clockTime(Date.parse(report.finishedAt) - Date.parse(report.startedAt))],
      ['Requests', requestsText(report.requests)],
      ...(lines === null ? [] : [['Every field', place.addressOfWork(lines)] as const]),
      ['Report', page ?? place.addressOfWork(keys.report)],
      traceFact(trace),
    ]),
    section('Issues by field', relinkedLines(issues), { shown: shownFields, rest: at }),
    lossSection('Not brought back', report, at),
    section('Notices', report.notices, { shown: shownNotices, rest: at }),
    last,
  ]);
}
