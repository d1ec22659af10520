import { shardCount, shardOf } from '../../backup-format/activity-shards.ts';
import type { TypeToExport } from '../work-files.ts';
import type { ObjectToPlan } from './objects-to-plan.ts';

/** What a batch does as one: the objects of a type that lie in one shard of it. */
export interface UnitToPlan<O extends ObjectToPlan = ObjectToPlan> {
  readonly type: TypeToExport;
  /** From 0. */
  readonly shard: number;
  readonly shards: number;
  readonly objects: readonly O[];
}

/**
 * The units of a type, shard by shard, and in each the objects in the order of their ids: the same on every night, whatever becomes of
 * other objects.
 * @param before how many shards the type has in the base
 */
export function unitsOf<O extends ObjectToPlan>(
  type: TypeToExport,
  objects: readonly O[],
  before?: number,
): UnitToPlan<O>[] {
  const shards = shardCount(objects.length, before);
  const byShard = new Map<number, O[]>();
  for (const object of objects) {
    const shard = shardOf(object.hash, shards);
    const there = byShard.get(shard);
    if (there) there.push(object);
    else byShard.set(shard, [object]);
  }
  return [...byShard]
    .sort(([one], [other]) => one - other)
    .map(([shard, of]) => ({ type, shard, shards, objects: of.sort((a, b) => compareIds(a.id, b.id)) }));
}

/** Ids are numbers, in all that is known: by their size, whatever their length. */
const compareIds = (one: string, other: string) => one.length - other.length || (one < other ? -1 : 1);

/** Objects a batch of which something is read: about a minute and a half at the default budget, far from a function's 15 minutes. */
export const activityBatchSize = 1_000;
/** Objects a batch, when little of it is read: what is copied is much faster. */
export const mostInBatch = 4_000;

/**
 * Batches for so many workers side by side, those first of which something is waiting since the last night. All get alike much to read,
 * and as many as the workers can share out, so that none of them is left with a batch at the end when the others are through.
 * @param isCut whether a unit may be shared out among batches: where each object has files of its own
 */
export function cutActivity<O extends ObjectToPlan>(
  units: readonly UnitToPlan<O>[],
  { slots, isCut }: { readonly slots: number; readonly isCut: boolean },
): UnitToPlan<O>[][] {
  const reads = units.reduce((sum, { objects }) => sum + readsOf(objects), 0);
  const rounds = Math.ceil(reads / (slots * activityBatchSize)) || 1;
  const batches = new Batches<O>(Math.ceil(reads / (slots * rounds)) || 1);
  for (const unit of waitingFirst(units)) {
    let { objects } = unit;
    while (objects.length > 0) {
      const fitting = batches.fitting(objects);
      const whole = fitting === objects.length || batches.isEmpty ? objects.length : 0;
      const taken = isCut ? fitting : whole;
      if (taken > 0) batches.add({ ...unit, objects: objects.slice(0, taken) });
      objects = objects.slice(taken);
      if (objects.length > 0) batches.close();
    }
  }
  batches.close();
  return batches.closed;
}

function waitingFirst<O extends ObjectToPlan>(units: readonly UnitToPlan<O>[]): UnitToPlan<O>[] {
  const isFirst = units.map(({ objects }) => objects.some(({ isWaiting }) => isWaiting));
  return [...units.filter((_, at) => isFirst[at]), ...units.filter((_, at) => !isFirst[at])];
}

const isRead = ({ history, comments }: ObjectToPlan) => history || comments;
const readsOf = (objects: readonly ObjectToPlan[]) => objects.reduce((sum, one) => sum + (isRead(one) ? 1 : 0), 0);

class Batches<O extends ObjectToPlan> {
  readonly closed: UnitToPlan<O>[][] = [];
  /** Reads a batch. */
  readonly #wanted: number;
  #open: UnitToPlan<O>[] = [];
  #reads = 0;
  #objects = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  add(unit: UnitToPlan<O>): void {
    this.#open.push(unit);
    this.#reads += readsOf(unit.objects);
    this.#objects += unit.objects.length;
  }

  /** How many of these, from the first on, still fit. */
  fitting(objects: readonly O[]): number {
    let reads = this.#reads;
    const most = objects.slice(0, mostInBatch - this.#objects);
    const end = most.findIndex((object) => {
      reads += isRead(object) ? 1 : 0;
      return reads > this.#wanted;
    });
    return end === -1 ? most.length : end;
  }

  close(): void {
    if (this.#open.length > 0) this.closed.push(this.#open);
    this.#open = [];
    this.#reads = 0;
    this.#objects = 0;
  }
}
