import type { StoredFile } from '../../backup-format/manifest.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { ActivityBatchFile, ActivityUnit, PlannedActivity } from '../work-files.ts';
import type { UnitToPlan } from './activity-units.ts';
import type { BaseActivity } from './base-activity.ts';
import type { ObjectToPlan } from './objects-to-plan.ts';

/** A batch as it is written, with the files of the bases in which that lies what is carried over. */
export function plannedBatch(
  units: readonly UnitToPlan[],
  bases: ReadonlyMap<string, BaseActivity>,
  isByType: boolean,
): ActivityBatchFile {
  const files: StoredFile[] = [];
  const places = new Map<string, number>();
  const placeOf = (file: StoredFile): number => {
    const place = places.get(file.key) ?? files.push(file) - 1;
    places.set(file.key, place);
    return place;
  };
  const planned = units.map((unit) => plannedUnit(unit, bases.get(unit.type.schema.id), { isByType, placeOf }));
  return { units: planned, files };
}

function plannedUnit(
  unit: UnitToPlan,
  base: BaseActivity | undefined,
  { isByType, placeOf }: { readonly isByType: boolean; readonly placeOf: (file: StoredFile) => number },
): ActivityUnit {
  const {
    type: { schema, id, name },
    shard,
    shards,
  } = unit;
  const isUnchanged = (kind: ActivityKind) => isByType && base !== undefined && isAsInBase(unit, base, kind);
  const activity = (object: ObjectToPlan, kind: ActivityKind): PlannedActivity => {
    const there = object.base?.[kind];
    const files = base && object.base && there && there.records > 0 ? base.filesOf(kind, object.base, object.hash) : [];
    // What no list names any more cannot be carried over.
    const isThere = there !== undefined && (there.records === 0 || files.length > 0);
    return {
      isRead: object[kind],
      base: isThere ? { read: there.read, records: there.records } : null,
      files: files.map(placeOf),
    };
  };
  return {
    schema,
    type: { id, name },
    shard,
    shards,
    isUnchanged: { history: isUnchanged('history'), comments: isUnchanged('comments') },
    objects: unit.objects.map((object) => ({
      id: object.id,
      digest: object.digest,
      history: activity(object, 'history'),
      comments: activity(object, 'comments'),
    })),
  };
}

/** Whether the base has a shard of just these objects, and none of them is read. */
function isAsInBase({ type, shard, shards, objects }: UnitToPlan, base: BaseActivity, kind: ActivityKind): boolean {
  return (
    base.shards(type.id) === shards &&
    base.objectsIn(type.id, shard) === objects.length &&
    objects.every((object) => !object[kind] && object.base?.typeId === type.id)
  );
}
