import { counted, readableCount } from '../../core/counted.ts';
import type { Difference, RestoreReport } from '../../core/model/restore.ts';
import { clockTime } from '../../core/readable.ts';
import { outcomeWords } from '../../core/report/status-words.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { requestsText } from '../../core/work-store/request-counts.ts';
import type { PlaceWords } from '../place.ts';
import { oldestFact } from './oldest-fact.ts';
import { type RunTrace, traceFact } from './output.ts';
import {
  changedSection,
  linkedSection,
  lossSection,
  overwrittenSection,
  relinkedSection,
  schemaMove,
  shownDifferences,
  shownNotices,
} from './restore-words.ts';
import { paragraphs, section } from './section.ts';
import { facts, table } from './table.ts';

export interface RestoreSurroundings {
  readonly place: PlaceWords;
  readonly trace: RunTrace;
  /** Where its page is; null where there is none. */
  readonly page: string | null;
  /** The command line that plans the same restore once more. */
  readonly planAgain: string;
}

/** What a restore has written, what it could not, and where the target differs from the backup. */
export function restoreReport(report: RestoreReport, surroundings: RestoreSurroundings): string {
  const { place } = surroundings;
  const keys = restoreKeys(report.restore);
  const at = (key: string | null, otherwise: string) => `in ${place.addressOfWork(key ?? otherwise)}`;
  return paragraphs([
    schemaTable(report),
    restoreFacts(report, surroundings),
    linkedSection(report.linked, true, at(report.files.links, keys.report)),
    relinkedSection(report.issues, at(report.files.issues ?? null, keys.report)),
    overwrittenSection(report.overwritten, 'were', at(report.files.overwritten, keys.report)),
    changedSection(report.changed, at(report.files.changed, keys.report)),
    lossSection('Losses', report, at(report.files.losses, keys.report)),
    section('Differences', report.differences.map(differenceLine), {
      shown: shownDifferences,
      total: report.differenceCount,
      rest: at(report.files.differences, keys.report),
    }),
    section('Notices', report.notices, { shown: shownNotices, rest: at(keys.report, keys.report) }),
    section('What no restore can bring back', report.neverRestored, { shown: Number.POSITIVE_INFINITY, rest: '' }),
    lastLine(report, surroundings),
  ]);
}

function differenceLine({ where, what }: Difference): string {
  return `${where}: ${what}`;
}

function schemaTable({ schemas }: RestoreReport): string {
  const counts = ['created', 'reused', 'updated', 'lost'] as const;
  const rows = schemas.map((schema) => [schemaMove(schema), ...counts.map((name) => readableCount(schema[name]))]);
  const sum = (name: (typeof counts)[number]) => schemas.reduce((total, schema) => total + schema[name], 0);
  const total = ['Total', ...counts.map((name) => readableCount(sum(name)))];
  const columns = [
    { title: 'Objects of' },
    ...['Created', 'Reused', 'Updated', 'Lost'].map((title) => ({ title, isNumber: true })),
  ];
  return table(columns, schemas.length > 1 ? [...rows, total] : rows);
}

function restoreFacts(report: RestoreReport, { place, trace, page }: RestoreSurroundings): string {
  const { counts, files } = report;
  const keys = restoreKeys(report.restore);
  const path = (label: string, key: string | null) =>
    key === null ? [] : [[label, place.addressOfWork(key)] as const];
  return facts([
    ['Outcome', outcomeWords[report.outcome]],
    ['Backup', report.backup],
    ['Target', report.target.siteName],
    ['Took', clockTime(Date.parse(report.finishedAt) - Date.parse(report.startedAt))],
    ['Comments', `${readableCount(counts.comments)}, and ${readableCount(counts.historyComments)} with history`],
    ...oldestFact(report.oldestActivity),
    ['Compared', `${counted(counts.objectsCompared, 'object')}, ${counted(counts.valuesCompared, 'value')}`],
    ['Requests', requestsText(report.requests)],
    ...path('New keys', files.keys),
    ...path('All losses', files.losses),
    ...path('Every issue', files.issues ?? null),
    ...path('To link by hand', files.referencesByHand),
    ...path('All differences', files.differences),
    ['Report', page ?? place.addressOfWork(keys.report)],
    traceFact(trace),
  ]);
}

function lastLine(report: RestoreReport, { planAgain }: RestoreSurroundings): string {
  const { counts, lossCount, differenceCount, schemas, files } = report;
  const done = `Restored ${counted(schemas.length, 'schema')}: ${counted(counts.created, 'object')} created, ${readableCount(counts.reused)} there before${counts.updated > 0 ? `, ${readableCount(counts.updated)} updated` : ''}${report.issues ? `, ${counted(report.issues.issues, 'issue')} linked again` : ''}`;
  const lost = `${counted(lossCount, 'value')} lost`;
  if (differenceCount > 0) {
    const losses = lossCount > 0 ? ` and ${lost}` : '';
    return `${done}, but with ${counted(differenceCount, 'difference')}${losses}. Look at them, then see what another restore would do: ${planAgain}`;
  }
  if (lossCount > 0) {
    const byHand = files.referencesByHand === null ? '' : ', or link by hand what references-by-hand.csv names';
    return `${done}, with ${lost}. Mend the causes and give the same line again${byHand}. What is left to do: ${planAgain}`;
  }
  const left = (report.droppedOut?.count ?? 0) + (report.notApproved?.count ?? 0);
  if (left > 0) {
    return `${done}; ${counted(left, 'write')} ${left === 1 ? 'was' : 'were'} left, since the site is not as it was when the plan was approved. What is left to do: ${planAgain}`;
  }
  return `${done}; nothing is lost. See that nothing is left to do: ${planAgain}`;
}
