import type { WorkStore } from '../../ports/work-store.ts';
import { SwappedFile } from '../../work-store/swapped-file.ts';
import type { CommentState } from '../plan-files.ts';

/** Comments of objects of the target, by mark. */
export interface CommentsFile {
  readonly restore: string;
  readonly objects: Readonly<Record<string, Readonly<Record<string, CommentState>>>>;
}

/** The journal of one batch of comments: which marks are about to be written on which object of the target, and which are. */
export class CommentJournal {
  readonly #restore: string;
  readonly #file: SwappedFile;
  readonly #objects: Map<string, Map<string, CommentState>>;

  private constructor(file: SwappedFile, { restore, objects }: CommentsFile) {
    this.#restore = restore;
    this.#file = file;
    this.#objects = new Map(Object.entries(objects).map(([target, marks]) => [target, new Map(Object.entries(marks))]));
  }

  /** One that was begun before. Throws DamagedWorkFileError. */
  static async open(work: WorkStore, key: string): Promise<CommentJournal> {
    const { file, contents } = await SwappedFile.open<CommentsFile>(work, key);
    return new CommentJournal(file, contents);
  }

  state(target: string, mark: string): CommentState | undefined {
    return this.#objects.get(target)?.get(mark);
  }

  note(target: string, mark: string, state: CommentState): void {
    const marks = this.#objects.get(target) ?? new Map<string, CommentState>();
    marks.set(mark, state);
    this.#objects.set(target, marks);
  }

  /** Writes everything noted so far. Throws LockLostError. */
  save(): Promise<void> {
    return this.#file.write(
      (): CommentsFile => ({
        restore: this.#restore,
        objects: Object.fromEntries([...this.#objects].map(([target, marks]) => [target, Object.fromEntries(marks)])),
      }),
    );
  }
}
