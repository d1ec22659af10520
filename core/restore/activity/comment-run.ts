import { ActivityReader } from '../../reading/stored-activity.ts';
import { Slots } from '../../side-by-side.ts';
import { needJson, readJson, writeJson } from '../../work-store/json-file.ts';
import { CommentJournal } from '../id-map/comment-journal.ts';
import type { SavedObjects } from '../id-map/saved-objects.ts';
import type { ObjectStage, WritingStep } from '../objects/object-stage.ts';
import type { CommentBatch, CommentedObject } from '../plan-files.ts';
import { StepLosses } from '../step-losses.ts';
import { CommentWriter } from './comment-writer.ts';

const inFlight = 32;
/** Objects whose comments are announced with one write of the journal. */
export const announcedAtOnce = 50;

/** How far the comments of a restore are, from one step to the next. */
export interface CommentsReached {
  /** The next object to look at, in this batch. */
  readonly batch: number;
  readonly at: number;
  /** What the site has said, where it has no comments. */
  readonly notOffered: string | null;
  /** They failed beside other work, so that they are the last step's matter. */
  readonly areLeft: boolean;
}

interface CommentRunInput extends Omit<WritingStep, 'stage'> {
  readonly stage: Pick<ObjectStage, 'context' | 'plan' | 'known'>;
}

/**
 * Writes the comments of a restore, batch after batch: whichever step is at work goes on where the last one has stopped. While some
 * are under way the next are announced, so that the budget has no gaps.
 */
export class CommentRun {
  readonly #input: CommentRunInput;
  readonly #losses: StepLosses;
  readonly #writer: CommentWriter;
  readonly #stop = new AbortController();
  /** Journals of what is announced and not through. */
  readonly #underWay = new Set<{ readonly journal: CommentJournal }>();
  #reached: CommentsReached;
  #hasWritten = false;

  private constructor(input: CommentRunInput, losses: StepLosses, reached: CommentsReached) {
    const { services, stage, reader, writer, lock } = input;
    const { manifest, source } = stage.context;
    this.#input = input;
    this.#losses = losses;
    this.#reached = reached;
    this.#writer = new CommentWriter(
      {
        ...{ services, reader, writer, lock, losses },
        sourceWorkspaceId: manifest.site.workspaceId,
        stored: new ActivityReader(source),
        signal: this.#stop.signal,
      },
      reached.notOffered ?? undefined,
    );
  }

  /** @param isBeside whether the step has other work to do */
  static async open(input: CommentRunInput, isBeside: boolean): Promise<CommentRun> {
    const { services, run, stage } = input;
    const losses = await StepLosses.open(services, run.restore, 'comments');
    const reached = await readJson<CommentsReached>(services.work, stage.context.keys.commentsReached);
    services.reporter.planned('comments', reached ? 0 : stage.plan.commentedObjects, isBeside);
    return new CommentRun(input, losses, reached ?? { batch: 0, at: 0, notOffered: null, areLeft: false });
  }

  /** Whether some were written that were not written before. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Whether they failed beside other work. */
  get areLeft(): boolean {
    return this.#reached.areLeft;
  }

  /**
   * Writes them until `mayGoOn` says no. False where that, or the end of what is `saved`, comes before all are written. When it has
   * ended, with an error or not, nothing is under way.
   * @param saved the objects, where some are still being made: comments wait for theirs
   */
  async run(mayGoOn: () => boolean, saved?: SavedObjects): Promise<boolean> {
    const slots = new Slots(inFlight);
    try {
      const position = await this.#write(slots, mayGoOn, saved);
      await slots.idle();
      this.#reached = { ...this.#reached, ...position };
      return position.batch >= this.#input.stage.plan.commentBatches;
    } catch (error) {
      await slots.idle().catch(() => undefined);
      // What was written must not be forgotten; an error of this write must not hide the one that came first.
      const journals = new Set([...this.#underWay].map(({ journal }) => journal));
      for (const journal of journals) await journal.save().catch(() => undefined);
      throw error;
    }
  }

  /** Sends nothing more. What is under way ends, and `run` with the reason. */
  abort(reason: unknown): void {
    this.#stop.abort(reason);
  }

  /** Leaves them, after an error, to the step that has nothing else to do. */
  leave(): void {
    this.#reached = { ...this.#reached, areLeft: true };
  }

  /** Writes down how far they are. */
  async close(): Promise<void> {
    const { services, stage } = this.#input;
    await this.#losses.save();
    await writeJson<CommentsReached>(services.work, stage.context.keys.commentsReached, {
      ...this.#reached,
      notOffered: this.#writer.notOffered ?? null,
    });
  }

  /** Gives where it has stopped. */
  async #write(
    slots: Slots,
    mayGoOn: () => boolean,
    saved: SavedObjects | undefined,
  ): Promise<Pick<CommentsReached, 'batch' | 'at'>> {
    const { services, run, stage, lock } = this.#input;
    const { keys, journals } = stage.context;
    let { batch, at } = this.#reached;
    for (; batch < stage.plan.commentBatches; batch += 1, at = 0) {
      const { objects } = await needJson<CommentBatch>(services.work, keys.commentBatch(batch));
      const journal = await CommentJournal.open(services.work, journals.comments(run.restore, batch));
      // A file of many objects is not read for the first few of them that are made.
      const awaited = objects.some(liesWithOthers) ? objects.map(sourceOf) : undefined;
      for (; at < objects.length; at += announcedAtOnce) {
        const part = objects.slice(at, at + announcedAtOnce);
        if (saved && !(await saved.settled(awaited ?? part.map(sourceOf)))) return { batch, at };
        await lock.check();
        // Only now: meanwhile the work may have ended that this goes on beside.
        if (!mayGoOn()) return { batch, at };
        await this.#writePart(slots, journal, part);
        services.reporter.advanced('comments', part.length);
      }
    }
    return { batch, at };
  }

  /**
   * Announces what is due on some objects, and begins it. What becomes of them is saved when the last of them is through, and together
   * with the next ones where those are announced by then: in the time of a save a site without limits takes dozens of comments.
   */
  async #writePart(slots: Slots, journal: CommentJournal, part: readonly CommentedObject[]): Promise<void> {
    const made = part.flatMap((object) => {
      const target = this.#input.stage.known.get(object.source);
      // One that was there all along has its own.
      return target && !target.isSurvivor ? [{ ...object, target: target.id }] : [];
    });
    const due = await this.#writer.announce(journal, made);
    if (due.length === 0) return;
    this.#hasWritten = true;
    const announced = { journal };
    this.#underWay.add(announced);
    await journal.save();
    let left = due.length;
    for (const comments of due) {
      await slots.run(async () => {
        await this.#writer.write(journal, comments);
        left -= 1;
        if (left > 0) return;
        this.#underWay.delete(announced);
        const isSavedLater = this.#underWay.values().some((other) => other.journal === journal);
        if (!isSavedLater) await journal.save();
      });
    }
  }
}

const sourceOf = ({ source }: CommentedObject) => source;

const liesWithOthers = ({ comments, history }: CommentedObject) =>
  comments?.shardSha256 !== undefined || history?.shardSha256 !== undefined;
