import type { DatabaseSync } from 'node:sqlite';
import type { StoredFile } from '../../core/backup-format/manifest.ts';
import { displayedText } from '../../core/backup-format/object-values.ts';
import type { BackupContents, OnDamage } from '../../core/contents/backup-contents.ts';
import { damageIn } from '../../core/contents/damage.ts';
import { type HeldAttribute, type HeldType, heldValues } from '../../core/contents/held-object.ts';
import { giveBackIfWhole } from '../../core/give-back.ts';
import { idOf } from '../../core/model/ids.ts';
import { type ApiRecord, textOf } from '../../core/model/json.ts';
import { kind } from '../../core/reading/attribute-kinds.ts';
import { indexIndexes, indexTables, indexVersion, valueEnd } from './index-schema.ts';
import { type LinePlace, linePlaces, objectIn } from './object-lines.ts';
import { openDatabase } from './open-database.ts';
import { Turns } from './turns.ts';

export interface IndexWish {
  readonly contents: BackupContents;
  /** Where it is to be: a new file, for its owner alone. */
  readonly path: string;
  /** False: of keys and labels alone. */
  readonly withValues: boolean;
  /** The build throws its reason. */
  readonly signal: AbortSignal;
  onObjects(count: number): void;
}

/** Reads a backup's objects once, from the first to the last, and writes their index. What is damaged is named in it, and all else is there. */
export async function buildIndex(wish: IndexWish): Promise<void> {
  const database = openDatabase(wish.path);
  try {
    // Nobody reads the file before it has its name: what is broken off is thrown away, and needs no journal. (OFF is not taken: Node's SQLite
    // is in its defensive mode, and would make a file for it.)
    database.exec('PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000; BEGIN');
    database.exec(indexTables);
    const { manifest, types } = wish.contents;
    const building = new Building(database, wish);
    for (const type of types) await building.add(type);
    database.exec(indexIndexes);
    database
      .prepare('INSERT INTO about VALUES (?, ?, ?)')
      .run(manifest.seal ?? '', building.objects, wish.withValues ? 1 : 0);
    database.exec(`COMMIT; PRAGMA user_version=${indexVersion}`);
  } finally {
    database.close();
  }
}

/** Objects between two looks at the clock. */
const atOnce = 20;

class Building {
  objects = 0;
  readonly #wish: IndexWish;
  readonly #insert: ReturnType<typeof insertsInto>;
  #files = 0;
  #types = 0;
  readonly #turns = new Turns();

  constructor(database: DatabaseSync, wish: IndexWish) {
    this.#wish = wish;
    this.#insert = insertsInto(database);
  }

  async add(type: HeldType): Promise<void> {
    const { contents } = this.#wish;
    const first = this.objects + 1;
    this.#types += 1;
    const damaged = (sentence: string) => this.#insert.damage.run(this.#types, sentence);
    const { listed, damage } = await contents.attributes(type);
    if (damage !== null) damaged(damage);
    for (const file of contents.shards(type, damaged)) await this.#addFile(file, listed, damaged);
    this.#insert.type.run(this.#types, type.id, first, this.objects);
  }

  async #addFile(file: StoredFile, attributes: readonly HeldAttribute[], damaged: OnDamage): Promise<void> {
    try {
      const bytes = await this.#wish.contents.bytes(file);
      const places = linePlaces(file, bytes);
      this.#files += 1;
      this.#insert.file.run(this.#files, file.key);
      for (const [index, place] of places.entries()) {
        if (index % atOnce === 0) await this.#giveWay();
        const object = objectIn(file.key, bytes.subarray(place.at, place.at + place.bytes));
        this.#addObject(object, place, attributes);
      }
      giveBackIfWhole(bytes);
    } catch (error) {
      damaged(damageIn(error));
    }
  }

  #addObject(object: ApiRecord, { at, bytes, sum }: LinePlace, attributes: readonly HeldAttribute[]): void {
    const { object: insert, reference, words } = this.#insert;
    this.objects += 1;
    this.#wish.onObjects(1);
    const [key, label] = [textOf(object.objectKey) ?? '', textOf(object.label) ?? ''];
    insert.run(this.objects, idOf(object), key, label, this.#types, this.#files, at, bytes, sum);
    const shown: string[] = [];
    for (const { attribute, values } of heldValues(object, attributes)) {
      if (attribute.isSystem) continue;
      for (const value of values) {
        if (value.type === kind.reference && value.id !== undefined)
          reference.run(value.id, this.objects, attribute.id);
        if (this.#wish.withValues) shown.push(displayedText(value));
      }
    }
    words.run(this.objects, key, label, shown.join(valueEnd));
  }

  /** Throws what the build was ended with. */
  async #giveWay(): Promise<void> {
    await this.#turns.giveWay();
    this.#wish.signal.throwIfAborted();
  }
}

function insertsInto(database: DatabaseSync) {
  return {
    damage: database.prepare('INSERT INTO damage VALUES (?, ?)'),
    file: database.prepare('INSERT INTO files VALUES (?, ?)'),
    type: database.prepare('INSERT INTO types VALUES (?, ?, ?, ?)'),
    object: database.prepare('INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    reference: database.prepare('INSERT INTO refs VALUES (?, ?, ?)'),
    words: database.prepare('INSERT INTO words(rowid, key, label, shown) VALUES (?, ?, ?, ?)'),
  };
}
