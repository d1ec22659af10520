import type { Loss } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson } from '../../work-store/json-file.ts';
import type { CreatedEntry, ObjectJournalFile } from '../id-map/object-journal.ts';
import type { ObjectStage } from '../objects/object-stage.ts';
import type { ObjectBatch } from '../plan-files.ts';

/** An object that a restore has made, by its journal. */
export interface ObjectMade {
  readonly source: string;
  /** Number of the shard of the backup in which it stands. */
  readonly shard: number;
  readonly entry: CreatedEntry;
}

/** All objects that one restore has made, in the order in which it did, and what nobody can say of others. */
export class ObjectsMade {
  readonly all: readonly ObjectMade[];
  readonly unknown: readonly Loss[];
  readonly #byTarget: ReadonlyMap<string, ObjectMade>;

  private constructor(all: readonly ObjectMade[], unknown: readonly Loss[]) {
    this.all = all;
    this.unknown = unknown;
    this.#byTarget = new Map(all.map((made) => [made.entry.target, made]));
  }

  static async read(work: WorkStore, { plan, context }: ObjectStage, restore: string): Promise<ObjectsMade> {
    const made: ObjectMade[] = [];
    const unknown: Loss[] = [];
    for (let number = 0; number < plan.batches; number += 1) {
      const { entries } = await needJson<ObjectJournalFile>(work, context.journals.objects(restore, number));
      if (Object.keys(entries).length === 0) continue;
      const { groups } = await needJson<ObjectBatch>(work, context.keys.batch(number));
      for (const { shard, objects } of groups) {
        for (const [source] of objects) {
          const entry = entries[source];
          if (entry?.state === 'created') made.push({ source, shard, entry });
          if (entry?.state !== 'ambiguous') continue;
          const reason = `its answer was lost, and it may be any of ${entry.candidates.join(', ')}`;
          unknown.push({ kind: 'object', source, where: `object of ${source}`, values: 1, reason });
        }
      }
    }
    return new ObjectsMade(made, unknown);
  }

  has(target: string): boolean {
    return this.#byTarget.has(target);
  }

  of(target: string): ObjectMade | undefined {
    return this.#byTarget.get(target);
  }
}
