import type { RestoreRun } from '../../model/restore.ts';
import type { Services } from '../../ports/services.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { isTimeShort } from '../../runs/time-left.ts';
import { needJson } from '../../work/json-file.ts';
import { recordRequests } from '../../work/request-counts.ts';
import { CommentJournal } from '../id-map/comment-journal.ts';
import { KnownObjects } from '../id-map/known-objects.ts';
import type { CommentBatch, ObjectPlan } from '../plan-files.ts';
import { openSource } from '../restore-context.ts';
import { restoreKeys } from '../restore-keys.ts';
import { StepLosses } from '../step-losses.ts';
import { CommentWriter } from './comment-writer.ts';

/** Objects whose comments are announced with one write of the journal. */
export const commentsAnnouncedAtOnce = 50;

/**
 * Writes comments, and histories as comments, of the objects that are made: those of an object in their order, each once.
 * Goes on from the batch `from`; hands back where to go on, or null.
 */
export async function restoreComments(
  services: Services,
  { run, from }: { run: RestoreRun; from: number },
): Promise<{ next: number | null }> {
  const { work, site, budget, reporter } = services;
  const { keys, journals, source, manifest } = await openSource(services, run);
  const plan = await needJson<ObjectPlan>(work, keys.objectPlan);
  const known = await KnownObjects.read(work, plan, keys, { keys: journals, restore: run.restore });
  const reader = site.reader(run.workspace, budget);
  const writer = site.writer(run.workspace, budget);
  const losses = await StepLosses.open(services, run.restore, 'comments');
  const comments = new CommentWriter({
    services,
    sourceWorkspaceId: manifest.site.workspaceId,
    source,
    reader,
    writer,
    losses,
  });
  if (from === 0) reporter.planned('comments', plan.commentedObjects);
  // What is done already does not count: each invocation writes something, however little time it has.
  let hasWritten = false;
  try {
    for (let number = from; number < plan.commentBatches; number += 1) {
      const { objects } = await needJson<CommentBatch>(work, keys.commentBatch(number));
      const journal = await CommentJournal.open(work, journals.comments(run.restore, number), run.restore);
      for (let at = 0; at < objects.length; at += commentsAnnouncedAtOnce) {
        if (hasWritten && isTimeShort(services)) return { next: number };
        await checkSiteLock(services, run.workspace.workspaceId, run.executionId);
        const part = objects.slice(at, at + commentsAnnouncedAtOnce).flatMap((object) => {
          const target = known.get(object.source);
          return target ? [{ ...object, target: target.id }] : [];
        });
        if (await comments.run(journal, part)) hasWritten = true;
        reporter.advanced('comments', Math.min(commentsAnnouncedAtOnce, objects.length - at));
      }
    }
    return { next: null };
  } finally {
    await losses.save();
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, reader);
    await recordRequests(services.work, restoreKeys(run.restore).allRequests, writer);
  }
}
