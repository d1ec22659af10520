import { activityBatchSize, mostInBatch } from '../../core/backup/activity/activity-units.ts';
import { activityHash, shardCount, shardOf } from '../../core/backup-format/activity-shards.ts';
import { defaultActivity } from '../../core/model/activity.ts';
import { defaultConcurrency } from '../../core/model/concurrency.ts';
import { activityOf, type RunKind } from './counts.ts';
import { objectsOf, type SiteShape } from './site-shape.ts';

/** What of a site's history and comments a night deals with: all of it, or what one batch has. */
export interface ActivityThings {
  readonly objects: number;
  readonly comments: number;
  /** Objects of which the site is asked. */
  readonly reads: number;
  /** Files that are carried over as they are, of one object each. */
  readonly carried: number;
  /** Files of many objects each, copied or merged. */
  readonly activityFiles: number;
}

/** By batch, as "Plan activity" cuts them; none for a run without activity. */
export function activityBatches(shape: SiteShape, kind: RunKind): readonly ActivityThings[] {
  const activity = activityOf[kind];
  const all = objectsOf(shape);
  if (!activity || all === 0) return [];
  const read = activity.isFirst ? 1 : Math.min(1, readsANight(shape) / all);
  const commented = shape.comments / all;
  const isByType = activity.files === 'type';
  return cut(isByType ? unitSizes(shape) : [all], { read, isCut: !isByType }).map((units) => {
    const objects = units.reduce((sum, unit) => sum + unit, 0);
    const comments = objects * commented;
    return {
      objects,
      comments,
      reads: objects * read,
      carried: isByType ? 0 : (objects + comments) * (1 - read),
      // Of a unit in which nobody has commented on anything there is no file of comments.
      activityFiles: isByType ? units.reduce((sum, unit) => sum + 2 - (1 - commented) ** unit, 0) : 0,
    };
  });
}

/** Objects of which a night after the first asks the site: those that have changed, and the share of the rest that is due by age. */
export function readsANight(shape: SiteShape): number {
  const all = objectsOf(shape);
  return Math.min(all, shape.changed + Math.ceil((all - shape.changed) / defaultActivity.activityMaxAgeDays));
}

/** Objects of each unit. */
function unitSizes({ schemas }: SiteShape): number[] {
  return schemas.flat().flatMap((objects) => {
    const known = shardSizes.get(objects) ?? shardsOf(objects);
    shardSizes.set(objects, known);
    return known;
  });
}

const shardSizes = new Map<number, readonly number[]>();
/** Beyond these it takes too long, and tells nothing any more. */
const mostHashed = 20_000;

/** As the hashes of ids fall: two shards that would just fill a batch do not always fit into one. */
function shardsOf(objects: number): readonly number[] {
  const shards = shardCount(objects);
  if (objects > mostHashed) return new Array<number>(shards).fill(objects / shards);
  const sizes = new Array<number>(shards).fill(0);
  for (let id = 1; id <= objects; id += 1) {
    const shard = shardOf(activityHash(String(id)), shards);
    sizes[shard] = (sizes[shard] ?? 0) + 1;
  }
  return sizes.filter((size) => size > 0);
}

/** As `cutActivity` of core/backup does it, of objects of which the same share is read everywhere. */
function cut(
  units: readonly number[],
  { read, isCut }: { readonly read: number; readonly isCut: boolean },
): number[][] {
  const reads = read * units.reduce((sum, unit) => sum + unit, 0);
  const rounds = Math.ceil(reads / (defaultConcurrency.activity * activityBatchSize)) || 1;
  const wanted = Math.ceil(reads / (defaultConcurrency.activity * rounds)) || 1;
  const most = Math.min(mostInBatch, wanted / read);
  const batches: number[][] = [[]];
  let inBatch = 0;
  for (const unit of units) {
    for (let rest = unit; rest > 0; ) {
      const room = isCut ? most - inBatch : 0;
      const fits = rest <= most - inBatch + 1e-6 || (!isCut && inBatch === 0);
      const part = fits ? rest : room;
      if (part > 0) batches.at(-1)?.push(part);
      inBatch += part;
      rest -= part;
      if (fits) continue;
      batches.push([]);
      inBatch = 0;
    }
  }
  return batches.filter((batch) => batch.length > 0);
}
