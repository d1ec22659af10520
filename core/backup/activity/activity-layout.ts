import type { StoredFile } from '../../backup-format/manifest.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { ObjectId } from '../../model/ids.ts';
import type { ActivityBatchFile, ActivityUnit, FinishedShard, PlannedObject, UnfinishedFiles } from '../work-files.ts';

/** An object of a batch, whose activity is read or carried over. */
export interface ActivityObject {
  readonly id: ObjectId;
  /** In the batch, from 0. */
  readonly number: number;
  /** In its unit, from 0. */
  readonly place: number;
  readonly unit: ActivityUnit;
  readonly planned: PlannedObject;
}

/** How activity lies in files: one an object (`activity-by-object.ts`), or some for a shard of a type (`activity-by-type.ts`). */
export interface ActivityLayout {
  /** Takes what the site gave of an object: its records as JSON, a text each; none where it has none, or nobody has got them. */
  keep(kind: ActivityKind, object: ActivityObject, records: readonly string[]): Promise<void>;
  /** Takes what the base has of an object. False where the base has it no more as it was written: then nothing is taken. */
  carry(kind: ActivityKind, object: ActivityObject): Promise<boolean>;
  /** Whether objects of this unit would have to wait for others, where an invocation ends before the object `to`. */
  isUnfinished(unit: ActivityUnit, to: number): boolean;
  /** What is stored when all objects up to, not including, `to` are taken. */
  stored(to: number): Promise<StoredActivity>;
}

export interface StoredActivity {
  readonly files: readonly StoredFile[];
  readonly shards: readonly FinishedShard[];
  /** The number of the first object whose files are not finished; `to` where all are. */
  readonly finished: number;
  /** Of the unit in which that object is. */
  readonly unfinished?: Readonly<Record<ActivityKind, UnfinishedFiles>>;
}

/** All objects of a batch, in the order in which they are taken. */
export function objectsOf({ units }: ActivityBatchFile): ActivityObject[] {
  const objects = units.flatMap((unit) =>
    unit.objects.map((planned, place) => ({ id: planned.id as ObjectId, place, unit, planned })),
  );
  return objects.map((object, number) => ({ ...object, number }));
}
