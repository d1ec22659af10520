import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { CommentState } from '../plan-files.ts';
import type { JournalKeys } from '../restore-keys.ts';
import type { CommentsFile } from './comment-journal.ts';

/**
 * Which comments restores from one site to another have written, by their marks. Apart from what they have made: there is a journal for
 * 500 objects, and only who plans comments or takes them back asks for it.
 */
export class KnownComments {
  readonly #onObjects = new Map<string, Map<string, CommentState>>();

  static async read(work: WorkStore, keys: JournalKeys): Promise<KnownComments> {
    const comments = new KnownComments();
    for await (const key of work.list(keys.allComments)) comments.#add(await needJson<CommentsFile>(work, key));
    return comments;
  }

  /** Marks of comments on an object of the target: written, refused, or nobody knows. What was refused may be tried again. */
  on(targetId: string): ReadonlyMap<string, CommentState> {
    return this.#onObjects.get(targetId) ?? new Map();
  }

  #add({ objects }: CommentsFile): void {
    for (const [target, marks] of Object.entries(objects)) {
      const known = this.#onObjects.get(target) ?? new Map<string, CommentState>();
      for (const [mark, state] of Object.entries(marks)) {
        const before = known.get(mark);
        // What may be there has to be looked for first.
        if (state === 'done' || before === undefined || (state !== 'lost' && before !== 'done')) {
          known.set(mark, state === 'unknown' ? 'open' : state);
        }
      }
      this.#onObjects.set(target, known);
    }
  }
}
