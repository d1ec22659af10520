import { harmlessJson } from '../../harmless.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { releaseRun } from '../../runs/release-run.ts';
import { readJson, writeJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { EarlierRestores } from '../id-map/earlier-restores.ts';
import { checkJournals } from '../id-map/journal-files.ts';
import { KnownComments } from '../id-map/known-comments.ts';
import { settleEarlierRestores } from '../objects/settle-journal.ts';
import { openSource } from '../restore-context.ts';
import { restoreKeys } from '../restore-keys.ts';
import { checkClashes, outcomeOf, type PlanOutcome } from './plan-outcome.ts';
import { TargetReading } from './target-reading.ts';
import { writePlan } from './write-plan.ts';

/**
 * Writes the plan: from the backup, the target as it is, and the choices. Changes nothing on the target. It hands back while
 * the target's objects are read; the plan itself is made in one go. Where the run ends here (a dry run, or something that a
 * person has to approve), the target is released. Run again for the same restore it gives what it gave. Throws
 * TargetRefusedError, PlanChangedError, ExistingDiffersError, WrongInputError, DamagedBackupError, DamagedWorkFileError.
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
  const { keys, journals, choices } = context;
  const reader = site.reader(run.workspace, budget);
  const handBack = async (): Promise<PlanOutcome> => {
    await recordRequests(work, keys.allRequests, reader);
    return { next: from + 1, go: false, result: null };
  };
  await checkJournals(work, journals);
  if (from === 0) await settleEarlierRestores(services, reader, { journals, restore: run.restore });

  const reading = await TargetReading.open({ services, reader, keys }, from);
  const summary = await writePlan({
    ...context,
    services,
    reader,
    run,
    reading,
    earlier: await EarlierRestores.read(work, journals, run.restore),
    knownComments: await KnownComments.read(work, journals),
  });
  if (!summary) return handBack();
  await work.write(keys.plan, harmlessJson(summary, 1));
  await recordRequests(work, keys.allRequests, reader);
  reporter.event('info', 'restore.planned', {
    restore: run.restore,
    creates: summary.counts.object.create,
    losses: summary.lossCount,
    approvals: summary.approvals.length,
  });
  if (!choices.dryRun) checkClashes(work, summary, choices);
  const outcome = outcomeOf(work, summary, choices);
  if (!outcome.go) await releaseRun(services, run);
  await writeJson(work, outcomeKey, outcome);
  return outcome;
}
