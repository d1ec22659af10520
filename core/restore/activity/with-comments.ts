import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import type { HeldLock } from '../../runs/held-lock.ts';
import type { SavedObjects } from '../id-map/saved-objects.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import { CommentRun } from './comment-run.ts';

interface Beside {
  readonly services: Services;
  readonly run: RestoreRun;
  readonly stage: ObjectStage;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  /** What the other work goes by as well. */
  readonly lock: HeldLock;
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
