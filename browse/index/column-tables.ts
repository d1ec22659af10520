import { setTimeout as sleep } from 'node:timers/promises';
import { displayedText, type ValueSeen } from '../../core/backup-format/object-values.ts';
import type { BackupContents } from '../../core/contents/backup-contents.ts';
import { type HeldAttribute, type HeldType, heldValues } from '../../core/contents/held-object.ts';
import { type ApiRecord, recordsOf, textOf } from '../../core/model/json.ts';
import { type AttributeKind, defaultKind } from '../../core/reading/attribute-kinds.ts';
import type { Indexing } from '../../pages/answers.ts';
import { foldedText, orderedText } from './folded.ts';
import type { IndexedObject, ObjectIndex } from './object-index.ts';
import { objectIn } from './object-lines.ts';
import { Turns } from './turns.ts';

/** `key`, `label`, or the id of an attribute. */
export type ColumnId = string;

/** As many are kept of one backup; each takes disk alone, and goes with the process. */
const mostTables = 16;
/** Milliseconds for which a person waits without a sign. */
const aMoment = 250;
/** Objects between two looks at the clock. */
const atOnce = 20;

interface ColumnTable {
  /** Its name. */
  readonly made: Promise<string>;
  /** Objects in it so far. */
  done: number;
}

/**
 * What a grid is sorted and filtered by: of one column of a type what is shown, and by what it is ordered, made when somebody first asks.
 * They are temporary tables of SQLite, in a file that has no name.
 */
export class ColumnTables {
  readonly #objects: ObjectIndex;
  readonly #tables = new Map<string, ColumnTable>();
  #number = 0;

  constructor(objects: ObjectIndex) {
    this.#objects = objects;
  }

  /**
   * The name of a table with `number`, `shown` and `sort`; where it is not made within a moment, how far it is. Throws DamagedBackupError,
   * once: then it is tried again.
   */
  async of(contents: BackupContents, type: HeldType, column: ColumnId): Promise<string | Indexing> {
    const name = `${type.id} ${column}`;
    const table = this.#tables.get(name) ?? this.#begin(contents, type, column);
    // The one that was asked for last stands at the end.
    this.#tables.delete(name);
    this.#tables.set(name, table);
    if (this.#tables.size > mostTables) this.#dropOldest();
    try {
      const made = await Promise.race([table.made, sleep(aMoment, undefined, { ref: false })]);
      return made ?? { state: 'indexing', what: 'column', done: table.done, total: type.objects };
    } catch (error) {
      if (this.#tables.get(name) === table) this.#tables.delete(name);
      throw error;
    }
  }

  #begin(contents: BackupContents, type: HeldType, column: ColumnId): ColumnTable {
    const table = { made: Promise.resolve(''), done: 0 };
    table.made = this.#make(entriesOf(this.#objects, contents, type, column), table);
    // It may fail while nobody waits: whoever asks next is told.
    table.made.catch(() => undefined);
    return table;
  }

  async #make(entries: AsyncIterable<Entry>, table: { done: number }): Promise<string> {
    const { database } = this.#objects;
    this.#number += 1;
    const name = `column_${this.#number}`;
    database.exec(`CREATE TEMP TABLE ${name}(number INTEGER PRIMARY KEY, shown TEXT, sort)`);
    const insert = database.prepare(`INSERT INTO ${name} VALUES (?, ?, ?)`);
    const turns = new Turns();
    for await (const [number, texts, sort] of entries) {
      insert.run(number, foldedText(texts.join('\n')).replaceAll('\0', ' '), sort);
      table.done += 1;
      if (table.done % atOnce === 0) await turns.giveWay();
    }
    return name;
  }

  #dropOldest(): void {
    const [[name, oldest] = []] = this.#tables;
    if (name === undefined) return;
    this.#tables.delete(name);
    oldest?.made.then((made) => this.#objects.database.exec(`DROP TABLE ${made}`)).catch(() => undefined);
  }
}

type Entry = readonly [number: number, texts: readonly string[], sort: string | number | null];

async function* entriesOf(
  objects: ObjectIndex,
  contents: BackupContents,
  type: HeldType,
  column: ColumnId,
): AsyncGenerator<Entry> {
  if (column === 'key' || column === 'label') {
    for (const some of objects.ofType(type.id))
      for (const object of some) yield [object.number, [object[column]], orderedText(object[column]) || null];
    return;
  }
  const listed = (await contents.attributes(type)).listed.find(({ id }) => id === column);
  const attribute = listed ?? { id: column, name: column, kind: undefined };
  const files = new Map(contents.shards(type, told).map((file) => [file.key, file]));
  let read: { readonly file: string; readonly bytes: Uint8Array } | undefined;
  for (const some of objects.ofType(type.id)) {
    for (const object of some) {
      const file = files.get(object.file);
      if (read?.file !== object.file) read = { file: object.file, bytes: file ? await contents.bytes(file) : none };
      yield entryOf(object, objectIn(object.file, lineIn(read.bytes, object)), attribute);
    }
  }
}

const none = new Uint8Array();
/** The index names what is damaged. */
const told = () => {};

const lineIn = (bytes: Uint8Array, { at, bytes: length }: IndexedObject) => bytes.subarray(at, at + length);

function entryOf({ number }: IndexedObject, object: ApiRecord, attribute: HeldAttribute): Entry {
  const of = recordsOf(object.attributes).filter((entry) => textOf(entry.objectTypeAttributeId) === attribute.id);
  const [{ values } = { values: [] }] = heldValues({ ...object, attributes: of }, [attribute]);
  const [first] = values;
  return [number, values.map(displayedText), first ? sortOf(first, attribute.kind) : null];
}

/** Numbers and times by value, all else as it is shown; null where there is nothing. */
function sortOf(value: ValueSeen, of: AttributeKind | undefined): string | number | null {
  if (of?.type === 0 && value.id !== undefined) {
    const { defaultTypeId } = of;
    const isNumber = defaultTypeId === defaultKind.integer || defaultTypeId === defaultKind.double;
    const isTime = defaultTypeId === defaultKind.date || defaultTypeId === defaultKind.dateTime;
    const number = isNumber ? Number(value.id) : isTime ? Date.parse(value.id) : Number.NaN;
    if (Number.isFinite(number)) return number;
  }
  return orderedText(displayedText(value)) || null;
}
