import { counted, readableCount } from '../../counted.ts';
import { ExistingDiffersError } from '../../errors.ts';
import type { JsonRecord } from '../../model/json.ts';
import { type PlanSummary, type RestoreChoices, type RestoreResult, restoreInputOf } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { restoreKeys } from '../restore-keys.ts';
import { changedTitle, linkedTitle, overwrittenTitle } from '../survivor-lines.ts';

/** Whether to go on, and where not, what the execution gives; or, while there is no plan yet, where planning goes on. */
export interface PlanOutcome {
  readonly next: number | null;
  readonly go: boolean;
  readonly result: RestoreResult | null;
}

/** Ends the run after its plan for a dry run, and where a person has to approve. */
export function outcomeOf(work: WorkStore, summary: PlanSummary, choices: RestoreChoices): PlanOutcome {
  const { dryRun, approve } = choices;
  const { restore, backup, hash, counts, approvals, lossCount, linked, changed, overwritten } = summary;
  const waits = approvals.length > 0 && approve === null;
  if (!dryRun && !waits) return { next: null, go: true, result: null };
  const would = [
    `${counted(counts.object.create, 'object')} would be created, ${readableCount(counts.object.reuse)} there already, ${readableCount(counts.object.conflict)} in conflict`,
    ...(linked.references > 0 ? [linkedTitle(linked, false)] : []),
    ...(overwritten.attributes > 0 ? [overwrittenTitle(overwritten, 'would')] : []),
    ...(changed.attributes > 0 ? [changedTitle(changed)] : []),
    `${counted(lossCount, 'value')} will be lost as far as is known`,
  ].join('; ');
  const message = dryRun
    ? `The plan of ${restore} is made, and nothing was written: ${would}. To carry it out, start the restore with "approve": "${hash}".`
    : `The restore ${restore} waits for approval, and nothing was written: it would change what exists (${counted(approvals.length, 'change')}). ${would}. To go on, start it again with the same input and "approve": "${hash}".`;
  const result: RestoreResult = {
    restore,
    backup,
    outcome: dryRun ? 'planned' : 'needs-approval',
    hash,
    plan: restoreKeys(restore).plan,
    report: null,
    where: work.addressOf(restoreKeys(restore).plan),
    created: 0,
    reused: 0,
    updated: 0,
    comments: 0,
    losses: lossCount,
    differences: 0,
    message,
    approve: { hash, because: approvals.slice(0, shownApprovals), input: inputToApprove(choices, hash) },
  };
  return { next: null, go: false, result };
}

/** Throws ExistingDiffersError where a run that is to change nothing in what is there finds it otherwise than the backup has it. */
export function checkClashes(
  work: WorkStore,
  { restore, backup, clashes: { attributes, objects } }: PlanSummary,
  { onExisting }: RestoreChoices,
): void {
  if (onExisting !== 'fail' || attributes === 0) return;
  const verb = attributes === 1 ? 'differs' : 'differ';
  throw new ExistingDiffersError(
    `${counted(attributes, 'value')} of ${counted(objects, 'object')} that ${objects === 1 ? 'is' : 'are'} there ${verb} from the backup ${backup}, and "onExisting" is "fail". Nothing was written. Every one of them stands beside the plan, ${work.addressOf(restoreKeys(restore).plan)}. Choose "update" to set them back, or "skip" to leave them.`,
  );
}

const shownApprovals = 20;
/** Characters. What a state hands on may have 256 KiB, and a person must be able to paste it. */
const longestInput = 100_000;

function inputToApprove(choices: RestoreChoices, hash: string): JsonRecord | null {
  const text = JSON.stringify(restoreInputOf({ ...choices, dryRun: false, approve: hash }));
  return text.length > longestInput ? null : (JSON.parse(text) as JsonRecord);
}
