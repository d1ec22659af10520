import { manifestKey } from '../../backup-format/keys.ts';
import { sha256 } from '../../backup-format/manifest.ts';
import { PlanChangedError } from '../../errors.ts';
import type { JsonRecord } from '../../model/json.ts';
import {
  type PlanSummary,
  type RestoreChoices,
  type RestoreResult,
  type RestoreRun,
  restoreInputOf,
} from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { releaseSiteLock } from '../../runs/site-lock.ts';
import { readJson, writeJson } from '../../work/json-file.ts';
import { recordRequests } from '../../work/request-counts.ts';
import { EarlierRestores, settleEarlierRestores } from '../id-map/earlier-restores.ts';
import { openSource } from '../restore-context.ts';
import { restoreKeys } from '../restore-keys.ts';
import { PlanItems } from './plan-items.ts';
import { RestorePlanner } from './restore-planner.ts';
import { TargetReading } from './target-reading.ts';

/** Whether to go on, and where not, what the execution gives; or, while there is no plan yet, where planning goes on. */
export interface PlanOutcome {
  readonly next: number | null;
  readonly go: boolean;
  readonly result: RestoreResult | null;
}

/**
 * Writes the plan: from the backup, the target as it is, and the choices. Changes nothing on the target. It hands back while
 * the target's objects are read; the plan itself is made in one go. Where the run ends here (a dry run, or something that a
 * person has to approve), the target is released. Run again for the same restore it gives what it gave. Throws
 * TargetRefusedError, PlanChangedError, WrongInputError, DamagedBackupError.
 */
export async function planRestore(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<PlanOutcome> {
  const { work, site, budget, reporter } = services;
  const outcomeKey = restoreKeys(run.restore).outcome;
  const earlier = await readJson<PlanOutcome>(work, outcomeKey);
  if (earlier) return earlier;

  const context = await openSource(services, run);
  const sourceWorkspaceId = context.manifest.site.workspaceId;
  const pair = { source: sourceWorkspaceId, target: run.workspace.workspaceId };
  const reader = site.reader(run.workspace, budget);
  const handBack = async (): Promise<PlanOutcome> => {
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, reader);
    return { next: from + 1, go: false, result: null };
  };
  if (from === 0) await settleEarlierRestores(services, reader, pair);
  const reading = await TargetReading.open({ services, reader, keys: context.keys }, from);
  if (from > 0 && !(await reading.goOn())) return handBack();
  const items = new PlanItems(
    work,
    context.keys.items,
    context.choices,
    sha256(await services.backups.read(manifestKey(run.backup))),
  );
  const planner = new RestorePlanner({
    ...context,
    services,
    reader,
    run,
    items,
    reading,
    earlier: await EarlierRestores.read(work, pair.source, pair.target),
  });
  const summary = await planner.run();
  if (!summary) return handBack();
  await work.write(context.keys.plan, JSON.stringify(summary, null, 1));
  await recordRequests(services.work, restoreKeys(run.restore).allRequests, reader);
  reporter.event('info', 'restore.planned', {
    restore: run.restore,
    creates: summary.counts.object.create,
    losses: summary.lossCount,
    approvals: summary.approvals.length,
  });
  const outcome = outcomeOf(work, summary, context.choices);
  if (!outcome.go) await releaseSiteLock(services, run.workspace.workspaceId, run.executionId);
  await writeJson(work, outcomeKey, outcome);
  return outcome;
}

function outcomeOf(work: WorkStore, summary: PlanSummary, choices: RestoreChoices): PlanOutcome {
  const { dryRun, approve } = choices;
  const { restore, backup, hash, counts, approvals, lossCount } = summary;
  if (approve !== null && approve !== hash) {
    throw new PlanChangedError(
      `What was approved is not what would be done now: the target, the choices or the backup have changed since. Nothing was written. Look at the new plan (${restoreKeys(restore).plan}) and approve ${hash}.`,
    );
  }
  const waits = approvals.length > 0 && approve === null;
  if (!dryRun && !waits) return { next: null, go: true, result: null };
  const would = `${counts.object.create} objects would be created, ${counts.object.reuse} are there already, ${counts.object.conflict} are in conflict; ${lossCount} losses are known`;
  const message = dryRun
    ? `The plan of ${restore} is made, and nothing was written: ${would}. To carry it out, start the restore with "approve": "${hash}".`
    : `The restore ${restore} waits for approval, and nothing was written: it would change what exists (${approvals.length} changes). ${would}. To go on, start it again with the same input and "approve": "${hash}".`;
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

const shownApprovals = 20;
/** Characters. What a state hands on may have 256 KiB, and a person must be able to paste it. */
const longestInput = 100_000;

function inputToApprove(choices: RestoreChoices, hash: string): JsonRecord | null {
  const text = JSON.stringify(restoreInputOf({ ...choices, dryRun: false, approve: hash }));
  return text.length > longestInput ? null : (JSON.parse(text) as JsonRecord);
}
