import { counted } from '../../counted.ts';
import type { ItemKind, RestoreResult, UndoChoices } from '../../model/restore.ts';
import type { UndoCounts, UndoPlanSummary } from '../../model/undo.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { PlanOutcome } from '../plan/plan-outcome.ts';
import { restoreKeys } from '../restore-keys.ts';

/** Ends an undo after its plan for a dry run, and where it would write anything that nobody has approved. */
export function outcomeOfUndo(work: WorkStore, summary: UndoPlanSummary, choices: UndoChoices): PlanOutcome {
  const { dryRun, approve } = choices;
  const { restore, undo, backup, hash, counts, approvals, stayCount } = summary;
  const waits = approvals.length > 0 && approve === null;
  if (!dryRun && !waits) return { next: null, go: true, result: null };
  const would = `${countsText(counts)} would go or be set back; ${counted(stayCount, 'thing')} would stay`;
  const message = dryRun
    ? `The plan to undo ${undo} is made, and nothing was written: ${would}. To carry it out, start the undo with "approve": "${hash}".`
    : `The undo of ${undo} waits for approval, and nothing was written: ${would}. To go on, start it again with the same input and "approve": "${hash}".`;
  const result: RestoreResult = {
    ...{ restore, backup, undo, hash, message },
    outcome: dryRun ? 'planned' : 'needs-approval',
    plan: restoreKeys(restore).plan,
    report: null,
    where: work.addressOf(restoreKeys(restore).plan),
    ...{ created: 0, reused: 0, updated: 0, deleted: 0, comments: 0, differences: 0 },
    losses: stayCount,
    approve: { hash, because: approvals, input: { undo, dryRun: false, approve: hash } },
  };
  return { next: null, go: false, result };
}

const words: readonly (readonly [ItemKind, string])[] = [
  ['object', 'object'],
  ['object-type', 'object type'],
  ['attribute', 'attribute'],
  ['schema', 'schema'],
  ['status-type', 'status type'],
  ['reference-type', 'reference type'],
  ['icon', 'icon'],
];

/** `3 objects, 1 schema deleted, 2 values of 2 objects set back`, without the verbs. */
export function countsText({
  deleted,
  setBackAttributes,
  setBackObjects,
  setBackIssues = 0,
  restrictions,
}: UndoCounts): string {
  const parts = words.flatMap(([kind, word]) => (deleted[kind] ? [counted(deleted[kind], word)] : []));
  if (setBackAttributes > 0)
    parts.push(
      `${counted(setBackAttributes, 'attribute')} of ${counted(setBackObjects, 'object')} that ${setBackObjects === 1 ? 'was' : 'were'} there`,
    );
  if (setBackIssues > 0) parts.push(counted(setBackIssues, 'field of an issue', 'fields of issues'));
  if (restrictions > 0) parts.push(`restrictions of ${counted(restrictions, 'attribute')}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** Sentences for what somebody has to approve: an undo that writes anything at all. */
export function undoApprovals({
  deleted,
  setBackAttributes,
  setBackObjects,
  setBackIssues = 0,
  restrictions,
}: UndoCounts): string[] {
  const sentences = words.flatMap(([kind, word]) =>
    deleted[kind] ? [`${counted(deleted[kind], word)} that the restore has made will be deleted`] : [],
  );
  if (setBackAttributes > 0) {
    const of = `${counted(setBackAttributes, 'attribute')} of ${counted(setBackObjects, 'object')}`;
    sentences.push(`${of} will be set back to what stood there before`);
  }
  if (setBackIssues > 0)
    sentences.push(
      `${counted(setBackIssues, 'field of an issue', 'fields of issues')} will be set back to what stood there before`,
    );
  if (restrictions > 0) sentences.push(`${counted(restrictions, 'attribute')} will get back what the restore took off`);
  return sentences;
}
