import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { SwappedFile } from '../../work-store/swapped-file.ts';
import type { PendingAttributes } from '../plan-files.ts';
import type { SavedObjects } from './saved-objects.ts';

/**
 * One line of a journal of objects. `open`: it was about to be created, and nobody knows yet whether it was.
 * `ambiguous`: a run was stopped there, and what is on the target cannot be told apart. `refused`: nothing was created.
 * `found`: no search had shown it, but asked for by id it was there, so nothing was created either.
 */
export type ObjectEntry = OpenEntry | CreatedEntry | FoundEntry | AmbiguousEntry | RefusedEntry;

interface EntryPlace {
  /** Ids on the target. */
  readonly schema: string;
  readonly type: string;
}

export interface OpenEntry extends EntryPlace {
  readonly state: 'open';
  /** Digests of the values that are sent, and of the label: a journal holds no value. */
  readonly digest: string;
  readonly label: string;
  readonly pending?: readonly string[];
  readonly losses?: readonly Loss[];
}

interface ThereEntry extends EntryPlace {
  readonly target: string;
  readonly key: string;
}

export interface CreatedEntry extends ThereEntry {
  readonly state: 'created';
  /** Source ids of attributes that are still to be written, because what they refer to came later. */
  readonly pending?: readonly string[];
  readonly losses?: readonly Loss[];
}

export interface FoundEntry extends ThereEntry {
  readonly state: 'found';
  /** An earlier restore made it. */
  readonly isOwn?: boolean;
  /** What it lacks. */
  readonly pending?: PendingAttributes;
}

export interface AmbiguousEntry extends EntryPlace {
  readonly state: 'ambiguous';
  /** Ids of objects on the target, any of which may be it. */
  readonly candidates: readonly string[];
}

export interface RefusedEntry extends EntryPlace {
  readonly state: 'refused';
  readonly losses: readonly Loss[];
}

/** The journal of one batch as it lies in the work store. */
export interface ObjectJournalFile {
  readonly restore: string;
  readonly entries: Readonly<Record<string, ObjectEntry>>;
}

/**
 * The journal of one batch of creates. What is about to be created is announced before it is sent, many at a time, with a
 * write that succeeds only where nobody else has written: a worker that loses that condition has a rival, and stops.
 */
export class ObjectJournal {
  readonly restore: string;
  readonly #file: SwappedFile;
  readonly #entries: Map<string, ObjectEntry>;
  readonly #saves: SavedObjects | undefined;
  /** What was noted since the last write, as often as it was. */
  #noted: string[] = [];

  private constructor(file: SwappedFile, { restore, entries }: ObjectJournalFile, saves: SavedObjects | undefined) {
    this.restore = restore;
    this.#file = file;
    this.#entries = new Map(Object.entries(entries));
    this.#saves = saves;
  }

  /**
   * One that was begun before. Throws DamagedWorkFileError.
   * @param saves is told of what is noted and saved
   */
  static async open(work: WorkStore, key: string, saves?: SavedObjects): Promise<ObjectJournal> {
    const { file, contents } = await SwappedFile.open<ObjectJournalFile>(work, key);
    return new ObjectJournal(file, contents, saves);
  }

  get entries(): ReadonlyMap<string, ObjectEntry> {
    return this.#entries;
  }

  /** Notes something in memory; the next write takes it along. */
  note(source: string, entry: ObjectEntry): void {
    this.#entries.set(source, entry);
    this.#noted.push(source);
    this.#saves?.noted(source);
  }

  /** Takes back what was found not to have happened. */
  forget(source: string): void {
    this.#entries.delete(source);
  }

  /** Writes everything noted so far. Throws LockLostError. */
  async save(): Promise<void> {
    let written: string[] = [];
    await this.#file.write((): ObjectJournalFile => {
      written = this.#noted;
      this.#noted = [];
      return { restore: this.restore, entries: Object.fromEntries(this.#entries) };
    });
    this.#saves?.saved(written);
  }
}
