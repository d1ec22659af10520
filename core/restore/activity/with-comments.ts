import { isTimeShort } from '../../runs/deadline.ts';
import type { SavedObjects } from '../id-map/saved-objects.ts';
import type { WritingStep } from '../objects/object-stage.ts';
import { CommentRun } from './comment-run.ts';

interface Beside extends WritingStep {
  /** The objects, where the other work makes them: their comments follow them. */
  readonly saved?: SavedObjects;
}

/**
 * Does a step's own work, and writes comments while it lasts, for they have a budget of their own. What fails of the comments alone
 * costs the work nothing: they stop, and the step of comments, which comes last, meets it again. Where the work fails, nothing more
 * is sent. Nothing is under way when it has ended.
 */
export async function withComments<T>(beside: Beside, work: () => Promise<T>): Promise<T> {
  const { services, stage, saved } = beside;
  if (stage.plan.commentBatches === 0) return work();
  const comments = await CommentRun.open(beside, true);
  if (comments.areLeft) return work();
  let isOver = false;
  const written = comments
    .run(() => !isOver && !isTimeShort(services), saved)
    .then(
      () => undefined,
      () => comments.leave(),
    );
  const end = async () => {
    isOver = true;
    saved?.end();
    await written;
    await comments.close();
  };
  let result: T;
  try {
    result = await work();
  } catch (error) {
    comments.abort(error);
    // The error that ends the run counts more than one of these writes.
    await end().catch(() => undefined);
    throw error;
  }
  await end();
  return result;
}
