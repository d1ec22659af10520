import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { LinePlace } from './object-lines.ts';
import { searchQuery } from './search-query.ts';

/** An object as the index knows it. */
export interface IndexedObject extends LinePlace {
  readonly number: number;
  readonly id: string;
  readonly key: string;
  readonly label: string;
  /** Id of its type. */
  readonly type: string;
  /** Key of the file that it stands in. */
  readonly file: string;
}

export interface Numbers {
  readonly total: number;
  readonly numbers: readonly number[];
}

/** Of many, those from one on. */
export interface RowsWanted {
  readonly from: number;
  readonly count: number;
}

/** Which of a type's objects are wanted, in which order: by tables of columns (`ColumnTables`). */
export interface Selection {
  readonly type: string;
  /** Words anywhere in an object. */
  readonly words?: string | undefined;
  /** A text in one column. */
  readonly inColumn?: { readonly table: string; readonly text: string } | undefined;
  readonly sort?: { readonly table: string; readonly order: 'up' | 'down' } | undefined;
}

/** The finished index of a backup. Every method takes milliseconds. */
export class ObjectIndex {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Sentences about files whose objects are not in it. */
  get damage(): string[] {
    return this.#all<{ sentence: string }>('SELECT sentence FROM damage').map(({ sentence }) => sentence);
  }

  /** The same about the files of one type. */
  damageOf(type: string): string[] {
    const sql = 'SELECT sentence FROM damage JOIN types ON types.number = damage.type WHERE types.id = ?';
    return this.#all<{ sentence: string }>(sql, type).map(({ sentence }) => sentence);
  }

  /** Whether the backup holds an object; of one that may stand in a damaged file it does. */
  mayHold(id: string): boolean {
    const sql = 'SELECT 1 WHERE EXISTS (SELECT 1 FROM objects WHERE id = ?) OR EXISTS (SELECT 1 FROM damage)';
    return this.#all(sql, id).length > 0;
  }

  /** In the order of the numbers that are given. */
  objects(numbers: readonly number[]): IndexedObject[] {
    return numbers.flatMap((number) => this.#all<IndexedObject>(`${objectSql} WHERE objects.number = ?`, number));
  }

  /** All of a type, some at a time. */
  *ofType(type: string): Generator<readonly IndexedObject[]> {
    const { first, last } = this.#range(type);
    for (let from = first; from <= last; from += atOnce)
      yield this.#all<IndexedObject>(
        `${objectSql} WHERE objects.number BETWEEN ? AND ?`,
        from,
        Math.min(last, from + atOnce - 1),
      );
  }

  select({ type, words, inColumn, sort }: Selection, { from, count }: RowsWanted): Numbers {
    const { first, last } = this.#range(type);
    const conditions = ['number BETWEEN ? AND ?'];
    const given: SQLInputValue[] = [first, last];
    if (words !== undefined) {
      conditions.push('number IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?)');
      given.push(searchQuery(words) ?? nothing, first, last);
    }
    if (inColumn) {
      conditions.push(`number IN (SELECT number FROM ${inColumn.table} WHERE instr(shown, ?) > 0)`);
      given.push(inColumn.text);
    }
    const of = `FROM ${sort?.table ?? 'objects'} WHERE ${conditions.join(' AND ')}`;
    // What has no value stands at the end either way.
    const order = sort ? `sort IS NULL, sort ${sort.order === 'down' ? 'DESC' : 'ASC'}, number` : 'number';
    return {
      total: this.#count(of, given),
      numbers: this.#numbers(`SELECT number ${of} ORDER BY ${order} LIMIT ? OFFSET ?`, [...given, count, from]),
    };
  }

  /** Objects that refer to one, and by which attribute. */
  referrers(id: string, most: number): { total: number; shown: readonly { number: number; attribute: string }[] } {
    const of = 'FROM refs WHERE target = ?';
    const shown = this.#all<{ number: number; attribute: string }>(
      `SELECT DISTINCT source AS number, attribute ${of} ORDER BY source LIMIT ?`,
      id,
      most,
    );
    const [counted] = this.#all<{ total: number }>(
      `SELECT count(*) AS total FROM (SELECT DISTINCT source, attribute ${of})`,
      id,
    );
    return { total: counted?.total ?? 0, shown };
  }

  /** The object of that key or id first, then all in which each word begins a word, in the order of the backup. */
  search(text: string, { from, count }: RowsWanted): Numbers {
    const query = searchQuery(text);
    if (query === undefined) return { total: 0, numbers: [] };
    const word = text.trim();
    const exact = this.#numbers('SELECT number FROM objects WHERE key = ? COLLATE NOCASE OR id = ? ORDER BY number', [
      word,
      word,
    ]);
    const of = `FROM words WHERE words MATCH ? AND rowid NOT IN (${exact.map(() => '?').join(', ')})`;
    const given = [query, ...exact];
    const first = exact.slice(from, from + count);
    const rest = `SELECT rowid AS number ${of} ORDER BY rowid LIMIT ? OFFSET ?`;
    return {
      total: exact.length + this.#count(of, given),
      numbers: [...first, ...this.#numbers(rest, [...given, count - first.length, Math.max(0, from - exact.length)])],
    };
  }

  close(): void {
    this.database.close();
  }

  #range(type: string): { first: number; last: number } {
    const [range] = this.#all<{ first: number; last: number }>('SELECT first, last FROM types WHERE id = ?', type);
    return range ?? { first: 1, last: 0 };
  }

  #count(of: string, given: readonly SQLInputValue[]): number {
    return this.#all<{ total: number }>(`SELECT count(*) AS total ${of}`, ...given)[0]?.total ?? 0;
  }

  #numbers(sql: string, given: readonly SQLInputValue[]): number[] {
    return this.#all<{ number: number }>(sql, ...given).map(({ number }) => number);
  }

  #all<Row>(sql: string, ...given: readonly SQLInputValue[]): Row[] {
    const statement = this.#statements.get(sql) ?? this.database.prepare(sql);
    // Those of tables that may go are not kept.
    if (!sql.includes('column_')) this.#statements.set(sql, statement);
    return statement.all(...given) as Row[];
  }
}

const objectSql = `SELECT objects.number, objects.id, objects.key, label, types.id AS type, files.key AS file, at, bytes, sum
  FROM objects JOIN types ON types.number = objects.type JOIN files ON files.number = objects.file`;

/** As many rows are held at once. */
const atOnce = 500;
/** A query that finds nothing. */
const nothing = '""';
