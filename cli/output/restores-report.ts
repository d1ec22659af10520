import { counted, readableCount } from '../../core/counted.ts';
import { readableMoment } from '../../core/readable.ts';
import type { DamagedRestore, ListedRestore } from '../../core/restore/list-restores.ts';
import { paragraphs, section } from './section.ts';

/** A restore, and the command line that goes on from it; null where there is nothing to go on with. */
export interface RestoreLine {
  readonly restore: ListedRestore;
  readonly next: string | null;
}

interface RestoresSurroundings {
  /** The folder. */
  readonly place: string;
  /** The name that stands in the lines for the file with the target's login. */
  readonly siteFile: string;
}

/** How many are shown that leave nothing to be done. */
const shownDone = 10;
const shownRelaxed = 20;

/** Restores and undos of a folder, the newest first: what came of them, what is lost, and how each goes on; then the damaged ones. */
export function restoresReport(
  lines: readonly RestoreLine[],
  damaged: readonly DamagedRestore[],
  { place, siteFile }: RestoresSurroundings,
): string {
  let done = 0;
  const shown = lines.filter(({ restore, next }) => {
    if (next !== null || restore.relaxed.length > 0) return true;
    done += 1;
    return done <= shownDone;
  });
  const hidden = lines.length - shown.length;
  return paragraphs([
    ...shown.map(restoreBlock),
    hidden > 0 ? `and ${readableCount(hidden)} older, which --json names` : '',
    ...damaged.map(({ name, message }) => `${name}\n  damaged: ${message}`),
    lastLine(lines, damaged.length, { place, siteFile }),
  ]);
}

/** A fact a line, and the command line on one of its own, so that what is long is read in a narrow terminal too. */
function restoreBlock({ restore, next }: RestoreLine): string {
  const { name, asked, target, finishedAt, relaxed, goneOnBy, undoneBy } = restore;
  const relaxedTitle = 'Restrictions that are taken off and not put back';
  const lines = [
    ownWords(restore),
    ...(goneOnBy === null ? [] : [`gone on with by ${goneOnBy}`]),
    ...(undoneBy === null ? [] : [`undone by ${undoneBy}`]),
    'undo' in asked ? `undo of ${asked.undo}` : `of ${asked.backup}`,
    ...(target === null ? [] : [`to ${target}`]),
    ...(finishedAt === null ? [] : [`ended ${readableMoment(finishedAt)}`]),
    ...section(relaxedTitle, relaxed, { shown: shownRelaxed, rest: 'which --json names' }).split('\n'),
    ...(next === null ? [] : [`${nextWords(restore)}:`, `  ${next}`]),
  ];
  return [name, ...lines.filter((line) => line !== '').map((line) => `  ${line}`)].join('\n');
}

function ownWords({ state, outcome, asked, lost, differences, hash }: ListedRestore): string {
  const isUndo = 'undo' in asked;
  if (state === 'running') return 'runs now';
  if (state === 'planned') return 'only planned, nothing was written';
  if (state === 'waiting') return 'waits for approval, nothing was written';
  if (state === 'unplanned') return `ended ${hash === null ? 'before it had a' : 'at its'} plan, nothing was written`;
  if (state === 'interrupted') return 'interrupted';
  if (outcome === 'differences-found') return `${counted(differences ?? 0, 'difference')} found`;
  const done = isUndo ? 'undone' : 'restored';
  if (!lost && !isUndo && outcome === 'restored-with-losses') {
    return `${done}, but for writes that were left, since the site was not as it was when the plan was approved`;
  }
  if (!lost) return isUndo ? `${done}, nothing stays` : `${done}, nothing is lost`;
  return `${done}, ${isUndo ? counted(lost, 'thing stays', 'things stay') : `${counted(lost, 'value')} still lost`}`;
}

function nextWords({ state }: ListedRestore): string {
  if (state === 'waiting') return 'Approve and go on';
  return state === 'interrupted' ? 'Go on' : 'Once more, when it is mended';
}

function lastLine(lines: readonly RestoreLine[], damaged: number, { place, siteFile }: RestoresSurroundings): string {
  const open = lines.filter(({ next }) => next !== null);
  const lost = open.reduce((sum, { restore }) => sum + ('undo' in restore.asked ? 0 : (restore.lost ?? 0)), 0);
  const all = `${counted(lines.length + damaged, 'restore')} in ${place}`;
  const are = damaged === 0 ? '' : `${readableCount(damaged)} ${damaged === 1 ? 'is' : 'are'} damaged, `;
  if (open.length === 0) return `${all}: ${are}nothing ${damaged === 0 ? 'is' : 'else is'} left to be done.`;
  const values = lost === 0 ? '' : `, ${counted(lost, 'value')} still lost`;
  const names = open.some(({ next }) => next?.includes(siteFile));
  const file = names ? `\n${siteFile} stands for the file with the target's login.` : '';
  return `${all}: ${are}${readableCount(open.length)} can be gone on with${values}.${file}`;
}
