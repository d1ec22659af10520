import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/time-left.ts';
import { needJson } from '../../work/json-file.ts';
import { recordRequests } from '../../work/request-counts.ts';
import type { ObjectBatch } from '../plan-files.ts';
import { restoreKeys } from '../restore-keys.ts';
import { ObjectCreator } from './object-creator.ts';
import { ObjectStage } from './object-stage.ts';

/**
 * Creates the objects of the plan, batch after batch from `from` on, each once and with its references where their targets
 * exist. Hands back the batch to go on with, or null when all are done. Running it again creates nothing twice.
 */
export async function createObjects(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const stage = await ObjectStage.open(services, run);
  if (from === 0) reporter.planned('objects', stage.plan.creates);
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const creator = new ObjectCreator({ services, run, stage, reader, writer });
  try {
    for (let number = from; number < stage.plan.batches; number += 1) {
      if (number > from && isTimeShort(services)) return { next: number };
      const batch = await needJson<ObjectBatch>(work, stage.context.keys.batch(number));
      // Objects that exist come in the next step.
      if (batch.pending !== null) continue;
      const isDone = await creator.run(number, batch);
      if (!isDone) return { next: number };
    }
    return { next: null };
  } finally {
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, reader);
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, writer);
  }
}
