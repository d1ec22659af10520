import { messageOf, NotFoundError, OutcomeUnknownError, RequestRefusedError } from '../../errors.ts';
import type { ObjectId } from '../../model/ids.ts';
import { isRecord, textOf } from '../../model/json.ts';
import type { RestoreRun } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { AssetsWriter } from '../../ports/assets-writer.ts';
import type { Services } from '../../ports/services.ts';
import { ActivityReader } from '../../reading/stored-activity.ts';
import { isTimeShort } from '../../runs/deadline.ts';
import { checkSiteLock } from '../../runs/site-lock.ts';
import { sideBySide } from '../../side-by-side.ts';
import { sayWaiting } from '../../waiting.ts';
import { needJson } from '../../work-store/json-file.ts';
import { recordRequests } from '../../work-store/request-counts.ts';
import { CommentJournal } from '../id-map/comment-journal.ts';
import { KnownObjects } from '../id-map/known-objects.ts';
import type { CommentBatch, CommentedObject, ObjectPlan } from '../plan-files.ts';
import { openSource } from '../restore-context.ts';
import { StepLosses } from '../step-losses.ts';
import { hasMark } from './comment-texts.ts';
import { type Remark, restoredRemarks } from './remarks.ts';

const nobodyCanTell = 'it may have been written, but its answer was lost and the target does not list its comments';
const inFlight = 32;
const mostTries = 3;
/** So many refusals of the endpoint, with no comment written, say that the site does not have it. */
const mostRefusals = 3;
/** Objects whose comments are announced with one write of the journal. */
const announcedAtOnce = 50;

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
    stored: new ActivityReader(source),
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
      const journal = await CommentJournal.open(work, journals.comments(run.restore, number));
      for (let at = 0; at < objects.length; at += announcedAtOnce) {
        if (hasWritten && isTimeShort(services)) return { next: number };
        await checkSiteLock(services, run);
        const part = objects.slice(at, at + announcedAtOnce).flatMap((object) => {
          const target = known.get(object.source);
          // One that was there all along has its own.
          return target && !target.isSurvivor ? [{ ...object, target: target.id }] : [];
        });
        if (await comments.run(journal, part)) hasWritten = true;
        reporter.advanced('comments', Math.min(announcedAtOnce, objects.length - at));
      }
    }
    return { next: null };
  } finally {
    await losses.save();
    await recordRequests(work, keys.allRequests, reader);
    await recordRequests(work, keys.allRequests, writer);
  }
}

interface CommentWriterInput {
  readonly services: Services;
  readonly sourceWorkspaceId: string;
  readonly stored: ActivityReader;
  readonly reader: AssetsReader;
  readonly writer: AssetsWriter;
  readonly losses: StepLosses;
}

/** Writes the comments of objects, those of one in their order, and each once: its mark tells whether it is there. */
class CommentWriter {
  readonly #input: CommentWriterInput;
  #refusals = 0;
  #written = 0;
  #notOffered: string | undefined;

  constructor(input: CommentWriterInput) {
    this.#input = input;
  }

  /** False where nothing was left to write. */
  async run(
    journal: CommentJournal,
    objects: readonly (CommentedObject & { readonly target: string })[],
  ): Promise<boolean> {
    const work: { object: CommentedObject & { readonly target: string }; remarks: Remark[]; doubtful: Set<string> }[] =
      [];
    await sideBySide(objects, inFlight, async (object) => {
      const doubtful = new Set<string>();
      const remarks = (await restoredRemarks(this.#input, object)).filter(({ mark }) => {
        const state = journal.state(object.target, mark) ?? object.known[object.target]?.[mark];
        if (state === 'open') doubtful.add(mark);
        return state === 'open' || state === undefined;
      });
      if (remarks.length > 0) work.push({ object, remarks, doubtful });
    });
    if (work.length === 0) return false;
    for (const { object, remarks } of work) for (const { mark } of remarks) journal.note(object.target, mark, 'open');
    await journal.save();
    try {
      await sideBySide(work, inFlight, ({ object, remarks, doubtful }) =>
        this.#write(journal, object, remarks, doubtful),
      );
    } catch (error) {
      // What was written must not be forgotten; an error of this write must not hide the one that ends the run.
      await journal.save().catch(() => undefined);
      throw error;
    }
    await journal.save();
    return true;
  }

  /** @param doubtful marks that an earlier worker was about to write: they may be there */
  async #write(
    journal: CommentJournal,
    { source, key, target }: CommentedObject & { readonly target: string },
    remarks: readonly Remark[],
    doubtful: ReadonlySet<string>,
  ): Promise<void> {
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
    const { writer, services } = this.#input;
    if (this.#notOffered !== undefined) return this.#notOffered;
    for (let tries = 1; ; tries += 1) {
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
