import { messageOf, NotFoundError, OutcomeUnknownError, RequestRefusedError } from '../../errors.ts';
import type { ObjectId } from '../../model/ids.ts';
import { isRecord, textOf } from '../../model/json.ts';
import type { ActivityReader } from '../../reading/stored-activity.ts';
import { sideBySide } from '../../side-by-side.ts';
import { sayWaiting } from '../../waiting.ts';
import type { CommentJournal } from '../id-map/comment-journal.ts';
import type { WritingStep } from '../objects/object-stage.ts';
import type { CommentedObject } from '../plan-files.ts';
import type { StepLosses } from '../step-losses.ts';
import { hasMark } from './comment-texts.ts';
import { type Remark, restoredRemarks } from './remarks.ts';

const nobodyCanTell = 'it may have been written, but its answer was lost and the target does not list its comments';
const readAtOnce = 32;
const mostTries = 3;
/** So many refusals of the endpoint, with no comment written, say that the site does not have it. */
const mostRefusals = 3;

interface CommentWriterInput extends Pick<WritingStep, 'services' | 'reader' | 'writer' | 'lock'> {
  readonly sourceWorkspaceId: string;
  readonly stored: ActivityReader;
  readonly losses: StepLosses;
  /** After this nothing more is sent. */
  readonly signal: AbortSignal;
}

/** What is to be written on one object, in its order. */
export interface DueComments {
  readonly object: CommentedObject & { readonly target: string };
  readonly remarks: readonly Remark[];
  /** Marks that an earlier worker was about to write: they may be there. */
  readonly doubtful: ReadonlySet<string>;
}

/** Writes the comments of objects, those of one in their order, and each once: its mark tells whether it is there. */
export class CommentWriter {
  readonly #input: CommentWriterInput;
  #refusals = 0;
  #written = 0;
  #notOffered: string | undefined;

  /** @param notOffered what an earlier worker of this restore has heard: that the site has no comments */
  constructor(input: CommentWriterInput, notOffered?: string) {
    this.#input = input;
    this.#notOffered = notOffered;
  }

  /** Undefined while the site takes comments. */
  get notOffered(): string | undefined {
    return this.#notOffered;
  }

  /** Notes in the journal what is about to be written on these, and gives it; of objects on which nothing is, nothing. */
  async announce(journal: CommentJournal, objects: readonly DueComments['object'][]): Promise<DueComments[]> {
    const due: DueComments[] = [];
    await sideBySide(objects, readAtOnce, async (object) => {
      const doubtful = new Set<string>();
      const remarks = (await restoredRemarks(this.#input, object)).filter(({ mark }) => {
        const state = journal.state(object.target, mark) ?? object.known[object.target]?.[mark];
        if (state === 'open') doubtful.add(mark);
        return state === 'open' || state === undefined;
      });
      if (remarks.length > 0) due.push({ object, remarks, doubtful });
    });
    for (const { object, remarks } of due) for (const { mark } of remarks) journal.note(object.target, mark, 'open');
    return due;
  }

  /** Writes what was announced, once the journal is saved; its next write takes along what has become of it. */
  async write(journal: CommentJournal, { object, remarks, doubtful }: DueComments): Promise<void> {
    const { source, key, target } = object;
    const there = doubtful.size > 0 ? await this.#textsOn(target) : [];
    for (const remark of remarks) {
      const isDoubtful = doubtful.has(remark.mark);
      const isThere = isDoubtful && there?.some((text) => hasMark(text, remark.mark));
      const lost = isThere ? undefined : isDoubtful && !there ? nobodyCanTell : await this.#writeOne(target, remark);
      if (lost === undefined) journal.note(target, remark.mark, 'done');
      else {
        journal.note(target, remark.mark, lost === nobodyCanTell ? 'unknown' : 'lost');
        this.#input.losses.add({
          kind: 'comment',
          source: remark.mark,
          where: `${remark.what} of ${key || source}`,
          values: 1,
          reason: lost,
        });
      }
    }
  }

  /** Undefined when it is there; otherwise why it is lost. */
  async #writeOne(target: string, { mark, role, comment }: Remark): Promise<string | undefined> {
    const { writer, services, lock, signal } = this.#input;
    if (this.#notOffered !== undefined) return this.#notOffered;
    for (let tries = 1; ; tries += 1) {
      await lock.held();
      signal.throwIfAborted();
      try {
        const answer = await writer.createComment(target as ObjectId, { role, comment });
        if (answer.offered) {
          this.#written += 1;
          return undefined;
        }
        this.#refusals += 1;
        if (this.#written === 0 && this.#refusals >= mostRefusals) this.#notOffered = answer.reason;
        return answer.reason;
      } catch (error) {
        if (error instanceof RequestRefusedError || error instanceof NotFoundError) return messageOf(error);
        if (!(error instanceof OutcomeUnknownError)) throw error;
        const { searchLagMilliseconds: milliseconds } = services;
        const what = 'for the target to show comments whose answers were lost';
        await sayWaiting(services, { what, milliseconds }, () => services.clock.sleep(milliseconds));
        const there = await this.#textsOn(target);
        if (!there) return nobodyCanTell;
        if (there.some((text) => hasMark(text, mark))) return undefined;
        if (tries === mostTries)
          return 'the target failed to take it several times; start the restore again to try once more';
      }
    }
  }

  /** Undefined where the target does not list comments. */
  async #textsOn(target: string): Promise<string[] | undefined> {
    const answer = await this.#input.reader.comments(target as ObjectId);
    if (!answer.offered) return undefined;
    return answer.value.flatMap((comment) =>
      isRecord(comment) ? [textOf(comment.comment) ?? '', textOf(comment.commentOutput) ?? ''] : [],
    );
  }
}
