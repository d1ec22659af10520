import { setImmediate as nextTurn } from 'node:timers/promises';
import { displayedText, type ValueSeen } from '../../core/backup-format/object-values.ts';
import type { BackupContents } from '../../core/contents/backup-contents.ts';
import { type HeldAttribute, type HeldType, heldValues } from '../../core/contents/held-object.ts';
import { type ApiRecord, recordsOf, textOf } from '../../core/model/json.ts';
import { type AttributeKind, defaultKind } from '../../core/reading/attribute-kinds.ts';
import { foldedText, orderedText } from './folded.ts';
import type { IndexedObject, ObjectIndex } from './object-index.ts';
import { objectIn } from './object-lines.ts';

/** `key`, `label`, or the id of an attribute. */
export type ColumnId = string;

/** As many are kept of one backup; each takes disk alone, and goes with the process. */
const mostTables = 16;

/**
 * What a grid is sorted and filtered by: of one column of a type what is shown, and by what it is ordered, made when somebody first asks.
 * They are temporary tables of SQLite, in a file that has no name.
 */
export class ColumnTables {
  readonly #objects: ObjectIndex;
  readonly #made = new Map<string, Promise<string>>();
  #number = 0;

  constructor(objects: ObjectIndex) {
    this.#objects = objects;
  }

  /** The name of a table with `number`, `shown` and `sort`. Throws DamagedBackupError. */
  of(contents: BackupContents, type: HeldType, column: ColumnId): Promise<string> {
    const name = `${type.id} ${column}`;
    const table = this.#made.get(name) ?? this.#make(contents, type, column);
    // The one that was asked for last stands at the end.
    this.#made.delete(name);
    this.#made.set(name, table);
    table.catch(() => this.#made.delete(name));
    if (this.#made.size > mostTables) this.#dropOldest();
    return table;
  }

  async #make(contents: BackupContents, type: HeldType, column: ColumnId): Promise<string> {
    const { database } = this.#objects;
    this.#number += 1;
    const table = `column_${this.#number}`;
    database.exec(`CREATE TEMP TABLE ${table}(number INTEGER PRIMARY KEY, shown TEXT, sort)`);
    const insert = database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?)`);
    for await (const [number, texts, sort] of entriesOf(this.#objects, contents, type, column))
      insert.run(number, foldedText(texts.join('\n')).replaceAll('\0', ' '), sort);
    return table;
  }

  #dropOldest(): void {
    const [[name, oldest] = []] = this.#made;
    if (name === undefined) return;
    this.#made.delete(name);
    oldest?.then((table) => this.#objects.database.exec(`DROP TABLE ${table}`)).catch(() => undefined);
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
    for (const some of objects.ofType(type.id)) {
      for (const object of some) yield [object.number, [object[column]], orderedText(object[column]) || null];
      await nextTurn();
    }
    return;
  }
  const listed = (await contents.attributes(type)).find(({ id }) => id === column);
  const attribute = listed ?? { id: column, name: column, kind: undefined };
  const files = new Map(contents.shards(type).map((file) => [file.key, file]));
  let read: { readonly file: string; readonly bytes: Uint8Array } | undefined;
  for (const some of objects.ofType(type.id)) {
    for (const object of some) {
      const file = files.get(object.file);
      if (read?.file !== object.file) read = { file: object.file, bytes: file ? await contents.bytes(file) : none };
      yield entryOf(object, objectIn(object.file, lineIn(read.bytes, object)), attribute);
    }
    await nextTurn();
  }
}

const none = new Uint8Array();

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
