import { activityHash } from '../../backup-format/activity-shards.ts';
import { IdRows } from '../../comparison/id-rows.ts';
import type { ActivityKind } from '../../model/activity.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { needJson, readJson } from '../../work-store/json-file.ts';
import { plannedTypes } from '../plan-objects.ts';
import { type ObjectsRecord, type ShardIndex, type TypeToExport, workKeys } from '../work-files.ts';
import type { BaseObject } from './base-activity.ts';

/** An object of this night, and by kind whether it is read: there may be a million of them. */
export interface ObjectToPlan extends Record<ActivityKind, boolean> {
  readonly id: string;
  readonly digest: string;
  /** `activityHash` of its id. */
  readonly hash: number;
  /** What the base has of it. */
  base: BaseObject | undefined;
  /** Whether the last night did not get to it: then it comes first. */
  isWaiting: boolean;
}

export function objectToPlan(id: string, digest: string): ObjectToPlan {
  const hash = activityHash(id);
  return { id, digest, hash, base: undefined, history: false, comments: false, isWaiting: false };
}

export interface TypeToPlan {
  readonly type: TypeToExport;
  readonly objects: readonly ObjectToPlan[];
}

/** What is stored of each type. */
export async function objectsToPlan(work: WorkStore, backup: string): Promise<TypeToPlan[]> {
  const types = await plannedTypes(work, backup);
  const toPlan = new Map(types.map((type) => [type, [] as ObjectToPlan[]]));
  for await (const { type, id, digest } of storedObjects(work, backup, types)) {
    toPlan.get(type)?.push(objectToPlan(id, digest));
  }
  return types.map((type) => ({ type, objects: toPlan.get(type) ?? [] }));
}

/**
 * Each object that is stored of these types, by the digest of its record, shard after shard. One that became another type's may stand in
 * the backup twice, and has one history: it is given once.
 */
export async function* storedObjects(
  work: WorkStore,
  backup: string,
  types: readonly TypeToExport[],
): AsyncGenerator<{ readonly type: TypeToExport; readonly id: string; readonly digest: string }> {
  const bySchema = new Map<string, IdRows>();
  for (const type of types) {
    const given = bySchema.get(type.schema.id) ?? new IdRows();
    bySchema.set(type.schema.id, given);
    const record = await readJson<ObjectsRecord>(work, workKeys(backup).objects(type.id));
    for (const key of record?.indexes ?? []) {
      const { ids, digests } = await needJson<ShardIndex>(work, key);
      for (const [at, id] of ids.entries()) {
        if (given.add(id) !== undefined) yield { type, id, digest: digests[at] ?? '' };
      }
    }
  }
}
