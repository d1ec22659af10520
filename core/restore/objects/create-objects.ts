import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { HeldLock } from '../../runs/held-lock.ts';
import { needJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { withComments } from '../activity/with-comments.ts';
import { SavedObjects } from '../id-map/saved-objects.ts';
import type { ObjectBatch } from '../plan-files.ts';
import { ObjectCreator } from './object-creator.ts';
import { ObjectStage } from './object-stage.ts';

/**
 * Creates the objects of the plan, batch after batch from `from` on, each once and with its references where their targets
 * exist; comments follow them meanwhile. Hands back the batch to go on with, or null when all are done. Running it again creates
 * nothing twice.
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
  const lock = new HeldLock(services, run);
  const saved = new SavedObjects((source) => stage.known.isSettled(source));
  const creator = new ObjectCreator({ services, run, stage, reader, writer, lock, saved });
  try {
    return await withComments({ services, run, stage, reader, writer, lock, saved }, async () => {
      for (let number = from; number < stage.plan.batches; number += 1) {
        if (number > from && isTimeShort(services)) return { next: number };
        const batch = await needJson<ObjectBatch>(work, stage.context.keys.batch(number));
        // Objects that exist come in the next step.
        if (batch.pending !== null) continue;
        const isDone = await creator.run(number, batch);
        if (!isDone) return { next: number };
      }
      return { next: null };
    });
  } finally {
    await recordRequests(work, stage.context.keys.allRequests, reader);
    await recordRequests(work, stage.context.keys.allRequests, writer);
  }
}
