import type { RequestBudget } from './request-budget.ts';
import type { Difference, ItemKind, Loss, LossGroup, RestoreOutcome } from './restore.ts';
import type { Workspace } from './run.ts';
import type { SiteWait } from './site-wait.ts';

export const undoActions = ['delete', 'set-back'] as const;
export type UndoAction = (typeof undoActions)[number];

/** One line of an undo's plan. */
export interface UndoItem {
  readonly kind: ItemKind;
  /** Its id on the site. */
  readonly source: string;
  readonly action: UndoAction;
  readonly where: string;
  /** Of what is set back: names of the attributes. */
  readonly attributes?: readonly string[];
}

/** What a restore has left and an undo leaves too, with why: counted, grouped and shown as losses of a restore are. */
export type Staying = Loss;

/** Things of a kind that go, and attributes of objects that are set back. */
export interface UndoCounts {
  readonly deleted: Readonly<Partial<Record<ItemKind, number>>>;
  readonly setBackObjects: number;
  readonly setBackAttributes: number;
  /** Fields of issues. Missing in what older versions have left. */
  readonly setBackIssues?: number;
  /** Attributes whose restrictions the restore had taken off, and did not put back. */
  readonly restrictions: number;
}

interface UndoTold {
  /** Name of the undo itself, and of the restore that it takes back. */
  readonly restore: string;
  readonly undo: string;
  readonly backup: string;
  readonly hash: string;
  readonly counts: UndoCounts;
  /** The first few of what stays, how many all of them come to, and the files of all. */
  readonly stays: readonly Staying[];
  readonly stayCount: number;
  readonly stayGroups: readonly LossGroup[];
  readonly stayFiles: readonly string[];
}

/** What the plan of an undo comes to. */
export interface UndoPlanSummary extends UndoTold {
  readonly target: string;
  readonly requests: number;
  readonly minutes: number;
  /** Sentences for what a person has to approve. */
  readonly approvals: readonly string[];
  readonly warnings: readonly string[];
  /** What is still so when it is done. */
  readonly notices: readonly string[];
  /** Keys in the work store: what is deleted and set back, a line each. */
  readonly itemFiles: readonly string[];
}

/** The report of an undo; kept in the work store as `report.json`. */
export interface UndoReport extends UndoTold {
  readonly target: Workspace;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly writtenBy: string;
  readonly outcome: RestoreOutcome;
  /** What was read again, and was as it should be. */
  readonly compared: number;
  readonly requests: Readonly<Record<string, number>>;
  /** As of a restore. Older reports have neither. */
  readonly waits?: readonly SiteWait[];
  readonly budget?: RequestBudget;
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly notices: readonly string[];
}
