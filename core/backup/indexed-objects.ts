import type { ActivityLine } from '../backup-format/activity-list.ts';
import { type LeftOut, leftOutOfNone, leftOutTogether, leftOutUncounted } from '../backup-format/left-out.ts';
import { DigestColumn } from '../comparison/digest-column.ts';
import { IdRows } from '../comparison/id-rows.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson } from '../work-store/json-file.ts';
import { storedObjects } from './activity/objects-to-plan.ts';
import { plannedTypes } from './plan-objects.ts';
import type { ShardIndex } from './work-files.ts';

/** A `ShardIndex` file. */
export interface IndexOfShard {
  readonly typeId: string;
  readonly key: string;
  /** Which file of its type it is of, from 0; undefined for the only one. */
  readonly shard: number | undefined;
}

/** What a line says of an object besides its activity. */
type Told = Pick<ActivityLine, 'values' | 'shard'>;

/** Which objects a backup has stored, where, and the digests of their values: some 40 bytes an object, since there may be a million. */
export class IndexedObjects {
  /** Ids of those that stand in it more than once, for each time but the first. */
  readonly twice: string[] = [];
  readonly #rows = new IdRows();
  readonly #values = new DigestColumn();
  /** By row: the number of the index. */
  readonly #indexOf: number[] = [];
  readonly #indexes: readonly IndexOfShard[];
  /** Of those that stand in it more than once, by type and id. */
  readonly #others = new Map<string, Told>();
  /** By type. */
  readonly #leftOut = new Map<string, LeftOut>();

  private constructor(indexes: readonly IndexOfShard[]) {
    this.#indexes = indexes;
  }

  static async read(work: WorkStore, indexes: readonly IndexOfShard[]): Promise<IndexedObjects> {
    const objects = new IndexedObjects(indexes);
    for (const [number, { typeId, key }] of indexes.entries()) {
      const { ids, values, leftOut = leftOutUncounted } = await needJson<ShardIndex>(work, key);
      objects.#leftOut.set(typeId, leftOutTogether([objects.leftOut(typeId), leftOut]));
      for (const [at, id] of ids.entries()) objects.#add(id, number, values?.[at]);
    }
    return objects;
  }

  has(id: string): boolean {
    return this.#rows.rowOf(id) !== undefined;
  }

  /** What the objects of a type have that is not stored. */
  leftOut(typeId: string): LeftOut {
    return this.#leftOut.get(typeId) ?? leftOutOfNone;
  }

  /** A line of the lists, with what it says of the object besides. */
  told(line: ActivityLine): ActivityLine {
    const { object, type, digest, ...activity } = line;
    const told = this.#others.get(`${type} ${object}`) ?? this.#toldOf(object);
    return { object, type, digest, ...told, ...activity };
  }

  #toldOf(id: string): Told {
    const row = this.#rows.rowOf(id);
    if (row === undefined) return {};
    const values = this.#values.get(row);
    const shard = this.#indexes[this.#indexOf[row] ?? 0]?.shard;
    return { ...(values !== noDigest && { values }), ...(shard !== undefined && { shard }) };
  }

  #add(id: string, number: number, values = noDigest): void {
    const row = this.#rows.add(id);
    if (row === undefined) {
      const { typeId, shard } = this.#indexes[number] ?? {};
      this.twice.push(id);
      this.#others.set(`${typeId} ${id}`, { values, ...(shard !== undefined && { shard }) });
      return;
    }
    this.#values.set(row, values);
    this.#indexOf.push(number);
  }
}

/** Of objects that were stored by an assets-backup which did not make any: it was replaced while the run went on. */
const noDigest = '0'.repeat(32);

/** The lists of a night whose history and comments nobody asked for: that an object is there, and what it is by its digests. */
export async function* linesWithoutActivity(work: WorkStore, backup: string): AsyncGenerator<ActivityLine> {
  const none = { read: null, records: 0 };
  for await (const { type, id, digest } of storedObjects(work, backup, await plannedTypes(work, backup))) {
    yield { object: id, type: type.id, digest, history: none, comments: none };
  }
}
