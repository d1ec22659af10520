import { referencesOf } from '../../backup-format/object-values.ts';
import type { ApiRecord } from '../../model/json.ts';
import type { ObjectJournal } from '../id-map/object-journal.ts';
import type { ObjectBatch } from '../plan-files.ts';
import type { ObjectStage } from './object-stage.ts';

/** An object that is still to be made. */
export interface MissingObject {
  readonly id: string;
  readonly level: number;
  readonly shard: number;
  readonly object: ApiRecord;
  /** Ids of the objects that it refers to. */
  readonly needs: readonly string[];
}

/** The objects of a batch that the journal does not know, in their order. */
export async function missingObjects(
  stage: ObjectStage,
  journal: ObjectJournal,
  { groups }: ObjectBatch,
): Promise<MissingObject[]> {
  const missing: MissingObject[] = [];
  for (const { shard, objects } of groups) {
    const left = objects.filter(([id]) => !journal.entries.has(id));
    if (left.length === 0) continue;
    const records = await stage.objects(shard);
    for (const [id, level] of left) {
      const object = records.get(id);
      if (object) missing.push({ id, level, shard, object, needs: referencesOf(object).map(({ to }) => to) });
    }
  }
  return missing;
}

/**
 * The first objects that wait for nothing under way: what they refer to is made, or comes later in a circle with them. Those
 * that are passed over keep their order.
 */
export function takeReady(waiting: readonly MissingObject[], underWay: ReadonlyMap<string, number>, most: number) {
  const ready: MissingObject[] = [];
  const blocked: MissingObject[] = [];
  for (const missing of waiting) {
    const waits = missing.needs.some((id) => (underWay.get(id) ?? missing.level) < missing.level);
    if (waits || ready.length === most) blocked.push(missing);
    else ready.push(missing);
  }
  return { ready, blocked };
}
