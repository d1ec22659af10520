import type { ManifestObjectType } from '../backup-format/manifest.ts';
import { DamagedBackupError } from '../errors.ts';
import { idOf } from '../model/ids.ts';
import type { ApiRecord } from '../model/json.ts';
import { sideBySide } from '../side-by-side.ts';
import type { TypePlace } from './night.ts';
import { type Attributes, type ListedObject, listedAs, type NightObjects } from './night-objects.ts';
import { type ObjectRows, verdict } from './object-rows.ts';

/** Files of objects that are read at once; each is held whole for a moment. */
const filesAtOnce = 4;

/** Whoever looks for something through all nights. */
interface Search {
  readonly rows: ObjectRows;
  /** Notes that an object stands in a night. Gives its row, and whether somebody has to look whether the words are in it. */
  see(line: ListedObject, night: number, type: number): { readonly row: number; readonly isOpen: boolean };
  isOpen(row: number, night: number): boolean;
  look(row: number, object: ApiRecord, of: { attributes: Attributes; schema: string; type: string }): void;
}

interface TypeInNight {
  /** Of the night. */
  readonly number: number;
  readonly objects: NightObjects;
  readonly schema: { readonly id: string; readonly key: string };
  readonly type: ManifestObjectType;
  readonly typeNumber: number;
  /** Whether its objects are looked for. */
  readonly isAsked: boolean;
}

/** One type in one night: which of its files have to be read. */
export class TypeLook {
  readonly type: ManifestObjectType;
  readonly place: TypePlace;
  readonly #search: Search;
  readonly #in: TypeInNight;
  #listed = 0;
  /** Objects that somebody has to look at, and the files that are known to hold some of them. */
  #open = 0;
  readonly #shards = new Set<number>();

  constructor(search: Search, of: TypeInNight) {
    this.#search = search;
    this.#in = of;
    this.type = of.type;
    this.place = { schemaId: of.schema.id, typeId: of.type.id };
  }

  /** Whether the lists name all its objects. */
  get isListed(): boolean {
    return this.#listed >= this.type.stored;
  }

  list(line: ListedObject): void {
    this.#listed += 1;
    if (!this.#see(line).isOpen) return;
    this.#open += 1;
    const shard = line.shard ?? (this.type.objectsMeta.length === 1 ? 0 : undefined);
    if (shard !== undefined) this.#shards.add(shard);
  }

  /** Reads what has to be read. Throws DamagedBackupError where something cannot, once the rest is. */
  async judge(): Promise<void> {
    const all = [...this.type.objectsMeta.keys()];
    const isWhole = !this.isListed;
    let damage: unknown;
    const read = async (shard: number) => {
      try {
        await this.#read(shard);
      } catch (error) {
        if (!(error instanceof DamagedBackupError)) throw error;
        damage ??= error;
      }
    };
    await sideBySide(isWhole ? all : this.#shards, filesAtOnce, read);
    // Of earlier nights nobody knows which file holds what.
    for (const shard of all) if (!isWhole && this.#open > 0 && !this.#shards.has(shard)) await read(shard);
    if (damage !== undefined) throw damage;
  }

  async #read(shard: number): Promise<void> {
    const { schema, type } = this.#in;
    const { objects, attributes } = await this.#in.objects.read(type, shard);
    const { rows } = this.#search;
    for (const object of objects) {
      const row = this.isListed ? rows.rowOf(idOf(object)) : this.#see(listedAs(object, type.id, attributes)).row;
      if (row === undefined || !this.#isOpen(row)) continue;
      this.#open -= 1;
      this.#search.look(row, object, { attributes, schema: schema.key, type: type.name });
    }
  }

  #see(line: ListedObject): { readonly row: number; readonly isOpen: boolean } {
    const seen = this.#search.see(line, this.#in.number, this.#in.typeNumber);
    if (!seen.isOpen || this.#in.isAsked) return seen;
    this.#search.rows.verdict[seen.row] = verdict.no;
    return { row: seen.row, isOpen: false };
  }

  #isOpen(row: number): boolean {
    const { rows } = this.#search;
    return rows.oldestSeen[row] === this.#in.number && this.#search.isOpen(row, this.#in.number);
  }
}
