import { counted, readableCount } from '../../core/counted.ts';
import { itemKinds } from '../../core/model/restore.ts';
import type { UndoCounts, UndoPlanSummary, UndoReport } from '../../core/model/undo.ts';
import { clockTime, objectsAndOthers, roughTime } from '../../core/readable.ts';
import { lossLines } from '../../core/restore/loss-groups.ts';
import { restoreKeys } from '../../core/restore/restore-keys.ts';
import { requestsText } from '../../core/work-store/request-counts.ts';
import type { PlaceWords } from '../place.ts';
import { type RunTrace, traceFact } from './output.ts';
import { shallGoOn } from './plan-in-short.ts';
import { kindWords, shownDifferences, shownNotices } from './restore-words.ts';
import { paragraphs, section } from './section.ts';
import { facts } from './table.ts';

const shownStays = 10;
const shownOfPlan = 50;

interface UndoSurroundings {
  readonly place: PlaceWords;
  readonly trace: RunTrace;
  /** The command line that goes on. */
  readonly next: string;
}

/** What an undo would do, before anything is done, and how to go on. */
export function undoPlanReport(summary: UndoPlanSummary, { place, trace, next }: UndoSurroundings): string {
  const { restore, requests, minutes, itemFiles, warnings, notices, stayCount } = summary;
  const writes = isNothing(summary.counts)
    ? `There is nothing to write: ${counted(stayCount, 'thing')} would stay. Nothing was changed. To have that reported: ${next}`
    : `Planned: ${undoneText(summary.counts)}, ${counted(stayCount, 'thing')} would stay. Nothing was changed. Approve and carry it out: ${next}`;
  return paragraphs([
    facts([
      ...shortFacts(summary),
      ['Requests', `${readableCount(requests)}, ${roughTime(minutes * 60_000)}`],
      ['Plan', place.addressOfWork(restoreKeys(restore).plan)],
      ...itemFiles.slice(0, 1).map((key) => ['Every item', place.addressOfWork(key)] as const),
      traceFact(trace),
    ]),
    staySection('What stays', summary, place, shownOfPlan),
    section('Warnings', [...warnings, ...notices], { shown: shownNotices, rest: 'in the plan' }),
    writes,
  ]);
}

/** The same as far as a person needs to see it who is asked. */
export function undoInShort(summary: UndoPlanSummary, place: PlaceWords): string {
  return paragraphs([
    facts([...shortFacts(summary), ['The plan', place.addressOfWork(restoreKeys(summary.restore).plan)]]),
    staySection('What stays', summary, place, shownStays),
  ]);
}

/** The one question; undefined where there is nothing to write. */
export function undoConfirmation({ target, counts }: UndoPlanSummary): string | undefined {
  if (isNothing(counts)) return undefined;
  const deleted = counts.deleted.object ?? 0;
  const deed = counts.setBackObjects === 0 ? 'deleted' : deleted === 0 ? 'set back' : 'deleted or set back';
  const others = itemKinds.reduce((sum, kind) => sum + (kind === 'object' ? 0 : (counts.deleted[kind] ?? 0)), 0);
  return shallGoOn({
    target,
    objects: deleted + counts.setBackObjects,
    deed,
    others: others + counts.restrictions + (counts.setBackIssues ?? 0),
  });
}

/** What was undone, and what stays. */
export function undoReport(
  report: UndoReport,
  {
    place,
    trace,
    page,
    next,
  }: UndoSurroundings & {
    /** Where its page is; null where there is none. */
    readonly page: string | null;
  },
): string {
  const keys = restoreKeys(report.restore);
  const { stayCount, differenceCount, counts } = report;
  const done = `${isNothing(counts) ? 'Nothing was left to undo' : `Undone: ${undoneText(counts)}`}`;
  const stays = stayCount > 0 ? `, ${counted(stayCount, 'thing')} ${stayCount === 1 ? 'stays' : 'stay'}` : '';
  const last =
    differenceCount > 0
      ? `${done}, but ${counted(differenceCount, 'difference')} when it was read again${stays}. Look at them, then start it again: ${next}`
      : stayCount > 0
        ? `${done}${stays}. Where the causes are gone, the same line goes on: ${next}`
        : `${done}; nothing of the restore is left.`;
  return paragraphs([
    facts([
      ['Outcome', outcomeOf(report)],
      ['Restore', report.undo],
      ['Site', report.target.siteName],
      ['Took', clockTime(Date.parse(report.finishedAt) - Date.parse(report.startedAt))],
      ['Read again', counted(report.compared, 'thing')],
      ['Requests', requestsText(report.requests)],
      ...report.stayFiles.map((key) => ['All that stays', place.addressOfWork(key)] as const),
      ['Report', page ?? place.addressOfWork(keys.report)],
      traceFact(trace),
    ]),
    staySection('What stays', report, place, shownStays),
    section(
      'Differences',
      report.differences.map(({ where, what }) => `${where}: ${what}`),
      { shown: shownDifferences, total: differenceCount, rest: `in ${place.addressOfWork(keys.report)}` },
    ),
    section('Notices', report.notices, { shown: shownNotices, rest: `in ${place.addressOfWork(keys.report)}` }),
    last,
  ]);
}

function outcomeOf({ outcome }: UndoReport): string {
  if (outcome === 'differences-found') return 'differences-found: not all is as it was before the restore';
  return outcome === 'restored' ? 'undone: nothing of the restore is left' : 'undone in part: some of it stays';
}

function shortFacts({ undo, target, counts, stayCount }: UndoPlanSummary): (readonly [string, string])[] {
  const deleted = itemKinds.flatMap((kind) => {
    const count = counts.deleted[kind] ?? 0;
    return count > 0 ? [counted(count, ...kindWords[kind])] : [];
  });
  return [
    ['Restore', undo],
    ['Site', target],
    ['To delete', deleted.join(', ') || 'nothing'],
    ['To set back', `${counted(counts.setBackAttributes, 'attribute')} of ${counted(counts.setBackObjects, 'object')}`],
    ...(counts.setBackIssues ? [['In issues', `${counted(counts.setBackIssues, 'field')} to set back`] as const] : []),
    ...(counts.restrictions > 0
      ? [['To put back', `restrictions of ${counted(counts.restrictions, 'attribute')}`] as const]
      : []),
    ['Stays', readableCount(stayCount)],
  ];
}

function isNothing({ deleted, setBackObjects, setBackIssues = 0, restrictions }: UndoCounts): boolean {
  return setBackObjects + setBackIssues + restrictions === 0 && Object.values(deleted).every((count) => count === 0);
}

function undoneText({ deleted, setBackObjects, setBackIssues = 0, restrictions }: UndoCounts): string {
  const objects = deleted.object ?? 0;
  const others = itemKinds.reduce((sum, kind) => sum + (kind === 'object' ? 0 : (deleted[kind] ?? 0)), 0);
  return [
    `${objectsAndOthers(objects, others)} deleted`,
    `${counted(setBackObjects, 'object')} set back`,
    ...(setBackIssues > 0 ? [`${counted(setBackIssues, 'field of an issue', 'fields of issues')} set back`] : []),
    ...(restrictions > 0 ? [`restrictions of ${counted(restrictions, 'attribute')} put back`] : []),
  ].join(', ');
}

function staySection(
  title: string,
  { stayGroups, stayCount, stayFiles }: Pick<UndoReport, 'stayGroups' | 'stayCount' | 'stayFiles'>,
  place: PlaceWords,
  shown: number,
): string {
  const lines = lossLines(stayGroups);
  const told = lines.slice(0, shown).reduce((sum, { values }) => sum + values, 0);
  const [first] = stayFiles;
  return section(
    title,
    lines.map(({ text }) => text),
    {
      shown,
      total: stayCount,
      hidden: stayCount - told,
      unit: ['thing', 'things'],
      rest: first === undefined ? '' : `in ${place.addressOfWork(first)}`,
    },
  );
}
