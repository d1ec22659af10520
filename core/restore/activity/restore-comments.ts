import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { HeldLock } from '../../runs/held-lock.ts';
import { needJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { KnownObjects } from '../id-map/known-objects.ts';
import type { ObjectPlan } from '../plan-files.ts';
import { openSource } from '../restore-context.ts';
import { CommentRun } from './comment-run.ts';

/**
 * Writes the comments, and histories as comments, that the steps before it have not come to. Goes on where the last invocation of
 * any step has stopped; hands back a number to be called again with, or null.
 */
export async function restoreComments(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget } = services;
  const context = await openSource(services, run);
  const { keys, journals } = context;
  const plan = await needJson<ObjectPlan>(work, keys.objectPlan);
  const known = await KnownObjects.read(work, plan, keys, { keys: journals, restore: run.restore });
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const lock = new HeldLock(services, run);
  const stage = { context, plan, known };
  const comments = await CommentRun.open({ services, run, stage, reader, writer, lock }, false);
  try {
    // What is done already does not count: each invocation writes something, however little time it has.
    const isThrough = await comments.run(() => !comments.hasWritten || !isTimeShort(services));
    return { next: isThrough ? null : from + 1 };
  } finally {
    await comments.close();
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, writer);
  }
}
