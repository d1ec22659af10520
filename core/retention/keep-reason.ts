import type { KeepRules } from '../model/keep.ts';

/** Rules by periods, and what a rule calls the period of a backup. */
export const periodRules = ['daily', 'weekly', 'monthly', 'yearly'] as const;
export type PeriodRule = (typeof periodRules)[number];

/** A rule keeps it. */
export interface RuleReason {
  readonly kind: keyof KeepRules;
  /**
   * The day, week, month or year that it is the newest of: `2026-11-20`, `2026-W47`, `2026-11`, `2026`; of `last` and `within` the
   * number that is set.
   */
  readonly period: string;
  /** Keys of the schemas for which it does; null: for all that the backup holds. */
  readonly schemas: readonly string[] | null;
}

/** It is the best that there is of something: no rule deletes that. */
export interface BestReason {
  /**
   * `newest`: of all that counts. `not-suspicious`: the newest one that is not suspicious, where newer ones are. `with-activity`: the newest
   * with history and comments, where newer ones were made without. `nothing-better`: no backup that counts has this.
   */
  readonly kind: 'newest' | 'not-suspicious' | 'with-activity' | 'nothing-better';
  /** Null: among the backups of every schema. */
  readonly schemas: readonly string[] | null;
}

/** A restore that needs it. */
export interface RestoreReason {
  readonly kind: 'restore';
  readonly restore: string;
  readonly need: 'running' | 'stopped' | 'waiting' | 'planned' | 'undoable';
  /** Until when (ISO 8601), of one that can still be undone; null where nobody can say. */
  readonly until: string | null;
}

/** What it is, or what somebody does with it, keeps it. */
export type OtherReason =
  | { readonly kind: 'read'; readonly what: 'restore' | 'copy' }
  | { readonly kind: 'copied' | 'stranger' | 'future' }
  | { readonly kind: 'renamed'; readonly writtenAs: string }
  | { readonly kind: 'locked'; readonly until: string }
  | { readonly kind: 'damaged' | 'unsupported' | 'original-scripts' }
  /** Nothing is deleted now; without that it would go. */
  | { readonly kind: 'held-back' };

export type KeepReason = RuleReason | BestReason | RestoreReason | OtherReason;

/** A reason in plain words: `daily 2026-11-20`, `newest of all schemas`. */
export function reasonWords(reason: KeepReason): string {
  switch (reason.kind) {
    case 'last':
      return `${reason.period === '1' ? 'the last' : `one of the last ${reason.period}`}${ofSchemas(reason)}`;
    case 'within':
      return `within ${reason.period} ${reason.period === '1' ? 'day' : 'days'}${ofSchemas(reason)}`;
    case 'daily':
    case 'weekly':
    case 'monthly':
    case 'yearly':
      return `${reason.kind} ${reason.period}${ofSchemas(reason)}`;
    case 'newest':
      return `newest ${best(reason)}`;
    case 'not-suspicious':
      return `newest ${best(reason)} that is not suspicious`;
    case 'with-activity':
      return `newest ${best(reason)} that has history and comments`;
    case 'nothing-better':
      return `no whole backup has ${reason.schemas?.join(', ') ?? 'all schemas'}`;
    case 'restore':
      return restoreWords(reason);
    case 'read':
      return reason.what === 'restore' ? 'a restore reads it' : 'it is being copied';
    case 'copied':
      return 'copied here from another place';
    case 'stranger':
      return 'no record says that it was made here';
    case 'future':
      return 'its time lies in the future';
    case 'renamed':
      return `renamed by somebody; it was ${reason.writtenAs}`;
    case 'locked':
      return `locked until ${reason.until}`;
    case 'damaged':
      return 'its manifest is damaged';
    case 'unsupported':
      return 'of a newer version of assets-backup';
    case 'original-scripts':
      return 'of the original scripts: none of ours, and never deleted';
    case 'held-back':
      return 'nothing is deleted now';
  }
}

const ofSchemas = ({ schemas }: RuleReason) => (schemas === null ? '' : ` (${schemas.join(', ')})`);
const best = ({ schemas }: BestReason) => (schemas === null ? 'of all schemas' : `with ${schemas.join(', ')}`);

function restoreWords({ restore, need, until }: RestoreReason): string {
  switch (need) {
    case 'running':
      return `the restore ${restore} runs`;
    case 'stopped':
      return `the restore ${restore} was stopped, and can go on`;
    case 'waiting':
      return `the restore ${restore} waits for approval`;
    case 'planned':
      return `the restore ${restore} was planned, and the plan can be approved`;
    case 'undoable':
      return `the restore ${restore} can be undone${until === null ? '' : ` until ${until.slice(0, 10)}`}`;
  }
}

/** The rules as a person has set them: `last 7, daily 14, within 30 days`. */
export function rulesInWords(rules: KeepRules): string {
  const { last, daily, weekly, monthly, yearly, within } = rules;
  const set = Object.entries({ last, daily, weekly, monthly, yearly }).filter(([, count]) => count > 0);
  const words = set.map(([name, count]) => `${name} ${count}`);
  if (within > 0) words.push(`within ${within} ${within === 1 ? 'day' : 'days'}`);
  return words.join(', ');
}
