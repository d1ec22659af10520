import type { Loss } from '../../model/restore.ts';
import type { AssetsReader } from '../../ports/assets-reader.ts';
import type { Services } from '../../ports/services.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson, readJson } from '../../work/json-file.ts';
import { settleObjects } from '../objects/settle-objects.ts';
import { journalKeys, restoreKeys } from '../restore-keys.ts';
import { type CreatedEntry, ObjectJournal, type ObjectJournalFile, type OpenEntry } from './object-journal.ts';

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

/** Comments of objects of the target, by mark. */
export interface CommentsFile {
  readonly restore: string;
  readonly objects: Readonly<Record<string, Readonly<Record<string, CommentState>>>>;
}
/** `lost`: the target refused it. `unknown`: its answer was lost, and nobody could look. Neither is tried again in the same restore. */
export type CommentState = 'open' | 'done' | 'lost' | 'unknown';

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

  static async read(work: WorkStore, source: string, target: string): Promise<EarlierRestores> {
    const earlier = new EarlierRestores();
    const keys = journalKeys(source, target);
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

/**
 * Finds out what became of creates that a stopped restore had under way, and writes it into its journals. Nothing is
 * created here; what turns out not to be there is planned anew.
 */
export async function settleEarlierRestores(
  services: Services,
  reader: AssetsReader,
  { source, target }: { source: string; target: string },
): Promise<void> {
  const { work } = services;
  const keys = journalKeys(source, target);
  const journals: ObjectJournal[] = [];
  for await (const key of work.list(keys.allObjects)) {
    const { restore, entries } = await needJson<ObjectJournalFile>(work, key);
    if (Object.values(entries).some(({ state }) => state === 'open'))
      journals.push(await ObjectJournal.open(work, key, restore));
  }
  for (const journal of journals) {
    // Anew for each: what one journal turns out to have made is no candidate for the next.
    const earlier = await EarlierRestores.read(work, source, target);
    const open = openEntries(journal);
    const before = await readBefore(work, journal.restore, new Set(open.values().map(({ type }) => type)));
    const isClaimed = (id: string, typeId: string) => earlier.hasMade(id) || before.get(typeId)?.has(id) === true;
    const settled = await settleObjects(services, reader, { open, isClaimed, newest: newestOf(journal) });
    for (const [id, outcome] of settled) {
      const entry = open.get(id);
      if (!entry) continue;
      const { schema, type, pending, losses } = entry;
      if (outcome.state === 'absent') journal.forget(id);
      else journal.note(id, { schema, type, ...outcome, ...(pending && { pending }), ...(losses && { losses }) });
    }
    await journal.save();
  }
}

export function openEntries(journal: ObjectJournal): Map<string, OpenEntry> {
  const open = new Map<string, OpenEntry>();
  for (const [source, entry] of journal.entries) if (entry.state === 'open') open.set(source, entry);
  return open;
}

/** The newest object that a journal knows to have been created. */
export function newestOf(journal: ObjectJournal): string | undefined {
  let newest: string | undefined;
  for (const entry of journal.entries.values()) {
    if (entry.state !== 'created') continue;
    if (newest === undefined || Number(entry.target) > Number(newest)) newest = entry.target;
  }
  return newest;
}

/** Ids of the objects that were there, by type, when a restore made its plan. */
export async function readBefore(
  work: WorkStore,
  restore: string,
  typeIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const typeId of typeIds) {
    before.set(typeId, new Set(await readJson<string[]>(work, restoreKeys(restore).before(typeId))));
  }
  return before;
}
