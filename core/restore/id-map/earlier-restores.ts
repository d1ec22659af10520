import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { CommentState } from '../plan-files.ts';
import type { JournalKeys } from '../restore-keys.ts';
import type { CommentsFile } from './comment-journal.ts';
import type { CreatedEntry, ObjectJournalFile } from './object-journal.ts';

/** An object that an earlier restore has made. */
export interface MadeObject extends CreatedEntry {
  readonly restore: string;
}

/** Ids of objects of the target whose second write is done, and by them what was refused then. */
export interface LinksFile {
  readonly restore: string;
  readonly done: readonly string[];
  readonly losses: Readonly<Record<string, readonly Loss[]>>;
}

/**
 * What earlier restores from one site to another have made: the id map. It is bound to the two workspaces and, by each
 * entry, to a schema of the target; and no entry is used before somebody has looked whether the object is still there.
 */
export class EarlierRestores {
  /** By the target's schema id and the source id. */
  readonly #made = new Map<string, MadeObject>();
  readonly #bySource = new Map<string, MadeObject[]>();
  readonly #ambiguous = new Map<string, readonly string[]>();
  readonly #targets = new Set<string>();
  readonly #comments = new Map<string, Map<string, CommentState>>();

  static async read(work: WorkStore, keys: JournalKeys): Promise<EarlierRestores> {
    const earlier = new EarlierRestores();
    const linked = new Map<string, readonly Loss[]>();
    for await (const key of work.list(keys.allLinks)) {
      const { done, losses } = await needJson<LinksFile>(work, key);
      for (const id of done) linked.set(id, losses[id] ?? []);
    }
    for await (const key of work.list(keys.allObjects)) {
      earlier.#addJournal(await needJson<ObjectJournalFile>(work, key), linked);
    }
    for await (const key of work.list(keys.allComments)) {
      earlier.#addComments(await needJson<CommentsFile>(work, key));
    }
    return earlier;
  }

  /** What an earlier restore has made of an object in a schema of the target; the newest one where there are several. */
  made(schemaId: string, source: string): MadeObject | undefined {
    return this.#made.get(`${schemaId} ${source}`);
  }

  /** Everything made of an object, in whatever schema. */
  allMade(source: string): readonly MadeObject[] {
    return this.#bySource.get(source) ?? [];
  }

  /** Objects of the target any of which may be the one that a stopped run was creating. */
  candidates(schemaId: string, source: string): readonly string[] | undefined {
    return this.#ambiguous.get(`${schemaId} ${source}`);
  }

  hasMade(targetId: string): boolean {
    return this.#targets.has(targetId);
  }

  /** Marks of comments that were written, or were about to be, on an object of the target. */
  commentsOn(targetId: string): ReadonlyMap<string, CommentState> {
    return this.#comments.get(targetId) ?? new Map();
  }

  #addJournal({ restore, entries }: ObjectJournalFile, linked: ReadonlyMap<string, readonly Loss[]>): void {
    for (const [source, entry] of Object.entries(entries)) {
      const place = `${entry.schema} ${source}`;
      if (entry.state === 'ambiguous') this.#ambiguous.set(place, entry.candidates);
      if (entry.state !== 'created') continue;
      const { pending, ...rest } = entry;
      const losses = [...(entry.losses ?? []), ...(linked.get(entry.target) ?? [])];
      const isPending = pending !== undefined && !linked.has(entry.target);
      const made: MadeObject = {
        ...rest,
        restore,
        ...(isPending && { pending }),
        ...(losses.length > 0 && { losses }),
      };
      this.#made.set(place, made);
      this.#bySource.set(source, [...(this.#bySource.get(source) ?? []), made]);
      this.#targets.add(entry.target);
    }
  }

  #addComments({ objects }: CommentsFile): void {
    for (const [target, marks] of Object.entries(objects)) {
      const known = this.#comments.get(target) ?? new Map<string, CommentState>();
      for (const [mark, state] of Object.entries(marks)) {
        // What was refused may be tried again; what may be there has to be looked for first.
        if (state === 'done' || (state !== 'lost' && known.get(mark) !== 'done')) {
          known.set(mark, state === 'done' ? 'done' : 'open');
        }
      }
      this.#comments.set(target, known);
    }
  }
}
