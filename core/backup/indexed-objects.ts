import type { ActivityLine } from '../backup-format/activity-list.ts';
import { DigestColumn } from '../comparison/digest-column.ts';
import { IdRows } from '../comparison/id-rows.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needJson } from '../work-store/json-file.ts';
import { objectsToPlan } from './activity/objects-to-plan.ts';
import type { ShardIndex } from './work-files.ts';

/** A `ShardIndex` file. */
export interface IndexOfShard {
  readonly typeId: string;
  readonly key: string;
}

/** Which objects a backup has stored, and the digests of their values: some 40 bytes an object, since there may be a million. */
export class IndexedObjects {
  /** Ids of those that stand in it more than once, for each time but the first. */
  readonly twice: string[] = [];
  readonly #rows = new IdRows();
  readonly #values = new DigestColumn();
  /** Of those that stand in it more than once, by type and id. */
  readonly #others = new Map<string, string>();

  private constructor() {}

  static async read(work: WorkStore, indexes: readonly IndexOfShard[]): Promise<IndexedObjects> {
    const objects = new IndexedObjects();
    for (const { typeId, key } of indexes) {
      const { ids, values = [] } = await needJson<ShardIndex>(work, key);
      for (const [at, id] of ids.entries()) objects.#add(id, typeId, values[at] ?? '');
    }
    return objects;
  }

  has(id: string): boolean {
    return this.#rows.rowOf(id) !== undefined;
  }

  /** A line of the lists, with what is known of the object's values: nothing where it was stored by an assets-backup of before. */
  withValues(line: ActivityLine): ActivityLine {
    const row = this.#rows.rowOf(line.object);
    const values = this.#others.get(`${line.type} ${line.object}`) ?? (row === undefined ? '' : this.#values.get(row));
    return values === '' || values === noDigest ? line : { ...line, values };
  }

  #add(id: string, typeId: string, values: string): void {
    const row = this.#rows.add(id);
    if (row === undefined) {
      this.twice.push(id);
      this.#others.set(`${typeId} ${id}`, values);
    } else this.#values.set(row, values);
  }
}

/** What stands in the column where there is no digest. */
const noDigest = '0'.repeat(32);

/** The lists of a night whose history and comments nobody asked for: that an object is there, and what it is by its digests. */
export async function* linesWithoutActivity(work: WorkStore, backup: string): AsyncGenerator<ActivityLine> {
  const none = { read: null, records: 0 };
  for (const { type, objects } of await objectsToPlan(work, backup)) {
    for (const { id, digest } of objects) {
      yield { object: id, type: type.id, digest, history: none, comments: none };
    }
  }
}
