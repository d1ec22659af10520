import { hash } from 'node:crypto';

/**
 * Where the activity of a type lies in files of many objects each: a shard is the objects whose ids' hashes begin with the same bits.
 * So an object stays in its shard whatever becomes of others, and those that were read in one night, by the order of their
 * hashes, lie together.
 */
export interface ActivityShards {
  /** How many there are: a power of two. */
  readonly count: number;
  /** By shard, from 0: the keys of its files. None where its objects have no history; several where one would be too large. */
  readonly history: readonly (readonly string[])[];
  readonly comments: readonly (readonly string[])[];
}

/** Objects that a shard is made for, and at most holds by plan. */
const wantedObjects = 500;

/** The first 32 bits of the SHA-256 of an object's id. */
export function activityHash(objectId: string): number {
  return Number.parseInt(hash('sha256', objectId).slice(0, 8), 16);
}

/** The shard, from 0, of an object by its hash. */
export function shardOf(hash: number, count: number): number {
  return Math.floor((hash / 2 ** 32) * count);
}

/**
 * How many shards a type of so many objects gets: as many as it had, while they are neither much too large nor much too small, so that
 * a type that grows and shrinks a little is not written anew each night.
 * @param before how many it had in the base; undefined where it was not there
 */
export function shardCount(objects: number, before?: number): number {
  if (before !== undefined && objects <= before * wantedObjects * 2 && objects >= (before * wantedObjects) / 4)
    return before;
  return 2 ** Math.max(0, Math.ceil(Math.log2(objects / wantedObjects || 1)));
}
