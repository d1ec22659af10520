import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { JournalKeys } from '../restore-keys.ts';
import { OwnConfiguration, type SameObject } from './configuration-journal.ts';
import { LeftObjects } from './left-journal.ts';
import type { CreatedEntry, ObjectJournalFile } from './object-journal.ts';

/** An object that an earlier restore has made. */
export interface MadeObject extends CreatedEntry {
  readonly restore: string;
}

/** An object of the target that an input has said to be one of the source. */
export interface SaidObject extends SameObject {
  readonly source: string;
  readonly restore: string;
}

/** A file of images as a journal names it, with its seal, before anything is written that the images are of. */
export interface BeforeImageFile {
  readonly key: string;
  readonly sha256: string;
  /** In milliseconds: from then on it is kept for `undoDays`. */
  readonly keptAt: number;
}

/** Ids of objects of the target whose second write is done. */
export interface LinksFile {
  readonly restore: string;
  readonly done: readonly string[];
  /** Files of what stood in objects that were there, named before anything was written to them. */
  readonly images?: readonly BeforeImageFile[];
  /** By object and attribute, digests of the values that stand there where some that were sent were refused. */
  readonly left?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Version 0.1.0: what was refused then, by them. */
  readonly losses?: Readonly<Record<string, readonly Loss[]>>;
}

/**
 * What earlier restores from one site to another have made: the id map. It is bound to the two workspaces and, by each
 * entry, to a schema of the target; and no entry is used before somebody has looked whether the object is still there.
 */
export class EarlierRestores {
  readonly left: LeftObjects;
  readonly configuration: OwnConfiguration;
  /** By the target's schema id and the source id. */
  readonly #made = new Map<string, MadeObject>();
  readonly #bySource = new Map<string, { readonly target: string; readonly restore: string }[]>();
  readonly #ambiguous = new Map<string, readonly string[]>();
  readonly #byTarget = new Map<string, MadeObject>();
  readonly #claimed = new Set<string>();
  readonly #sources = new Map<string, string>();
  /** What was said to be the same: by the target's schema id and the source id, and by the target. */
  readonly #same = new Map<string, SaidObject>();
  readonly #saidOf = new Map<string, SaidObject>();

  readonly #restore: string;

  private constructor(restore: string, left: LeftObjects, configuration: OwnConfiguration) {
    this.#restore = restore;
    this.left = left;
    this.configuration = configuration;
  }

  /** @param restore the one that asks: what it has made itself is there too, and it has not come to its end */
  static async read(work: WorkStore, keys: JournalKeys, restore: string): Promise<EarlierRestores> {
    const left = await LeftObjects.read(work, keys, restore);
    const earlier = new EarlierRestores(restore, left, await OwnConfiguration.read(work, keys));
    const refused = new Map<string, readonly Loss[]>();
    for await (const key of work.list(keys.allLinks)) {
      const { losses } = await needJson<LinksFile>(work, key);
      for (const [target, ofTarget] of Object.entries(losses ?? {})) refused.set(target, ofTarget);
    }
    for await (const key of work.list(keys.allObjects)) {
      earlier.#addJournal(await needJson<ObjectJournalFile>(work, key), refused);
    }
    for (const [by, source, same] of earlier.configuration.allSame()) earlier.say({ ...same, source, restore: by });
    return earlier;
  }

  /** What an earlier restore has made of an object in a schema of the target; the newest one where there are several. */
  made(schemaId: string, source: string): MadeObject | undefined {
    return this.#made.get(`${schemaId} ${source}`);
  }

  /** Takes an object of the target for one of the source, because a restore's input says so. */
  say(said: SaidObject): void {
    this.#same.set(`${said.schema} ${said.source}`, said);
    this.#saidOf.set(said.target, said);
    this.#bySource.set(said.source, [...(this.#bySource.get(said.source) ?? []), said]);
  }

  /** Takes back what an earlier input said of an object. */
  unsay(schemaId: string, source: string): void {
    const said = this.#same.get(`${schemaId} ${source}`);
    this.#same.delete(`${schemaId} ${source}`);
    if (!said) return;
    this.#saidOf.delete(said.target);
    this.#bySource.set(
      source,
      this.allMade(source).filter((one) => one !== said),
    );
  }

  /** What was said to be an object of the source, unless one was made of it later. */
  same(schemaId: string, source: string): SaidObject | undefined {
    const said = this.#same.get(`${schemaId} ${source}`);
    const made = this.made(schemaId, source);
    return said && made && made.restore > said.restore ? undefined : said;
  }

  /** The other way round: what an object of the target was said to be. */
  saidOf(targetId: string): SaidObject | undefined {
    const said = this.#saidOf.get(targetId);
    return said && this.same(said.schema, said.source) === said ? said : undefined;
  }

  /** Everything made of an object, or said to be it, in whatever schema. */
  allMade(source: string): readonly { readonly target: string; readonly restore: string }[] {
    return this.#bySource.get(source) ?? [];
  }

  /** Objects of the target any of which may be the one that a stopped run was creating. */
  candidates(schemaId: string, source: string): readonly string[] | undefined {
    return this.#ambiguous.get(`${schemaId} ${source}`);
  }

  get ambiguousCandidates(): ReadonlySet<string> {
    return new Set([...this.#ambiguous.values()].flat());
  }

  /** What has become the object of this id of the target, if a restore has made it. */
  madeAs(targetId: string): MadeObject | undefined {
    return this.#byTarget.get(targetId);
  }

  /** Whether an object of the target is known to be one of the source's. */
  isClaimed(targetId: string): boolean {
    return this.#claimed.has(targetId);
  }

  /** The source id of what a restore has made. */
  sourceOf(targetId: string): string | undefined {
    return this.#sources.get(targetId);
  }

  /**
   * `under way`: not known to have come to its end; so is the one that asks. `ended`: it has noted how it left the objects.
   * `ended without a word`: by version 0.1.0, which noted no such thing.
   */
  standing(restore: string): 'under way' | 'ended' | 'ended without a word' {
    if (restore === this.#restore) return 'under way';
    if (this.left.hasEnded(restore)) return 'ended';
    return this.configuration.hasEndedWithoutAWord(restore) ? 'ended without a word' : 'under way';
  }

  isNow(restore: string): boolean {
    return restore === this.#restore;
  }

  #addJournal({ restore, entries }: ObjectJournalFile, refused: ReadonlyMap<string, readonly Loss[]>): void {
    for (const [source, entry] of Object.entries(entries)) {
      const place = `${entry.schema} ${source}`;
      if (entry.state === 'ambiguous') this.#ambiguous.set(place, entry.candidates);
      if (entry.state === 'created' || entry.state === 'found') this.#claimed.add(entry.target);
      if (entry.state !== 'created') continue;
      const losses = [...(entry.losses ?? []), ...(refused.get(entry.target) ?? [])];
      const made: MadeObject = { ...entry, restore, ...(losses.length > 0 && { losses }) };
      const before = this.#made.get(place);
      // Two restores may have begun in one second; ids rise.
      if (!before || !(Number(before.target) > Number(made.target))) this.#made.set(place, made);
      this.#bySource.set(source, [...(this.#bySource.get(source) ?? []), made]);
      this.#byTarget.set(entry.target, made);
      this.#sources.set(entry.target, source);
    }
  }
}
