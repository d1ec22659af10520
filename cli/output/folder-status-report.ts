import type { LastGoodBackup } from '../../core/operations/last-good-backup.ts';
import { readableMoment } from '../../core/readable.ts';
import type { RunUnderWay } from '../../core/runs/site-lock.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { LoggedRun } from '../../local/run-logs.ts';
import type { PlaceWords } from '../place.ts';
import { paragraphs, section } from './section.ts';
import { executionTable, lastGoodWords, newestFailure } from './status-report.ts';
import { facts } from './table.ts';

/** How a folder stands, besides its restores. What a stack has too has the stack's names. */
export interface FolderStatus {
  readonly programVersion: string;
  readonly lastGoodBackup: LastGoodBackup | null;
  /** Why a person should look twice at it, or at newer ones: a sentence each. */
  readonly remarks: readonly string[];
  readonly running: readonly RunUnderWay[];
  /** Those whose logs are there, newest first. `ABORTED`: it has no end, and does not run. */
  readonly executions: readonly (Omit<LoggedRun, 'executionId' | 'status'> & { readonly status: string })[];
  /** Folders of runs that did not finish, and damaged backups. */
  readonly notWhole: readonly { readonly backup: string; readonly state: string; readonly reason: string }[];
}

const shownNotWhole = 10;

export function folderStatusReport(
  { lastGoodBackup, remarks, running, executions, notWhole }: FolderStatus,
  { place, now }: { readonly place: PlaceWords; readonly now: number },
): string {
  const unfinished = notWhole.map(({ backup, state, reason }) => `${backup}, ${state}: ${reason}`);
  return paragraphs([
    facts([
      ['Folder', place.name],
      ['Last good backup', lastGoodWords(lastGoodBackup, now) ?? 'none'],
      ['Runs now', running.map(runWords).join(', ') || 'nothing'],
    ]),
    section('To look at', remarks, { shown: remarks.length, rest: '' }),
    executionTable(executions),
    newestFailure(executions),
    section('Not whole', unfinished, { shown: shownNotWhole, rest: 'which --json names' }),
    nextLine({ lastGoodBackup, running }, place),
  ]);
}

function runWords({ kind, since, holder: { executionId, process } }: RunUnderWay): string {
  const where = process ? `process ${process.pid} on ${process.host}` : executionId;
  return `a ${kind}, since ${readableMoment(since)} (${where})`;
}

function nextLine(
  { lastGoodBackup, running }: Pick<FolderStatus, 'lastGoodBackup' | 'running'>,
  place: PlaceWords,
): string {
  if (running.length > 0) return 'Wait for its end, then look again.';
  return lastGoodBackup
    ? `Nothing runs now. Look into the last good backup: ${shellCommand('show', lastGoodBackup.backup, ...place.words)}`
    : `There is no good backup yet. Make one: ${place.newBackup}`;
}
