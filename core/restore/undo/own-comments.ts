import { isRecord, type Json, type JsonRecord, textOf } from '../../model/json.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { ActivityReader } from '../../reading/stored-activity.ts';
import { needJson } from '../../work-store/json-file.ts';
import { plainText } from '../activity/comment-texts.ts';
import { restoredRemarks } from '../activity/remarks.ts';
import { KnownComments } from '../id-map/known-comments.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { CommentBatch, CommentedObject } from '../plan-files.ts';
import type { ObjectMade } from './made-objects.ts';

/** In the order in which the restore wrote them: what lies in the same files of the backup stands together. */
type Planned = ReadonlyMap<string, Pick<CommentedObject, 'comments' | 'history'>>;

/** Knows the comments that restores have written on what they made from those of people. */
export class OwnComments {
  readonly #stage: ObjectStage;
  readonly #known: KnownComments;
  /** By the ids of the backup. */
  readonly #planned: Planned;
  readonly #places: ReadonlyMap<string, number>;
  readonly #stored: ActivityReader;

  private constructor(stage: ObjectStage, known: KnownComments, planned: Planned) {
    this.#stage = stage;
    this.#known = known;
    this.#planned = planned;
    this.#places = new Map([...planned.keys()].map((source, place) => [source, place]));
    this.#stored = new ActivityReader(stage.context.source);
  }

  static async read(work: WorkStore, stage: ObjectStage): Promise<OwnComments> {
    const planned = new Map<string, Pick<CommentedObject, 'comments' | 'history'>>();
    for (let number = 0; number < stage.plan.commentBatches; number += 1) {
      const { objects } = await needJson<CommentBatch>(work, stage.context.keys.commentBatch(number));
      for (const { source, comments, history } of objects) {
        planned.set(source, { ...(comments && { comments }), ...(history && { history }) });
      }
    }
    return new OwnComments(stage, await KnownComments.read(work, stage.context.journals), planned);
  }

  /** The same objects in the order in which no file of the backup is read for each anew. Those without comments of ours come first. */
  together<Of extends { readonly source: string }>(objects: readonly Of[]): Of[] {
    const placeOf = ({ source }: Of) => this.#places.get(source) ?? -1;
    return objects.toSorted((a, b) => placeOf(a) - placeOf(b));
  }

  /** Whether each is one that a restore has noted, once, and says what the restore has written, nothing else. */
  async areAll({ source, entry }: ObjectMade, comments: readonly Json[]): Promise<boolean> {
    if (comments.length === 0) return true;
    const { manifest } = this.#stage.context;
    const input = { stored: this.#stored, sourceWorkspaceId: manifest.site.workspaceId };
    const remarks = await restoredRemarks(input, { source, ...this.#planned.get(source) });
    const texts = new Map(remarks.map(({ mark, comment }) => [mark, comment]));
    const open = new Set(this.#known.on(entry.target).keys());
    return comments.every((comment) => {
      if (!isRecord(comment)) return false;
      const mark = [...open].find((one) => isOf(comment, one, texts.get(one)));
      return mark !== undefined && open.delete(mark);
    });
  }
}

/** @param written what this restore has written with this mark; another may have written with those that it does not know */
function isOf(comment: JsonRecord, mark: string, written: string | undefined): boolean {
  const texts = [textOf(comment.comment) ?? '', textOf(comment.commentOutput) ?? ''].filter((text) => text !== '');
  const [created, updated] = [textOf(comment.created), textOf(comment.updated)];
  if (written === undefined) {
    const end = plainText(mark);
    return updated !== undefined && updated === created && texts.some((text) => plainText(text).endsWith(end));
  }
  if (texts.includes(written)) return true;
  const isEdited = updated !== undefined && updated !== created;
  const said = plainText(written);
  return !isEdited && texts.length > 0 && texts.every((text) => plainText(text) === said);
}
