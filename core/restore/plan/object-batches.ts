import type { WorkStore } from '../../ports/work-store.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import type { ObjectBatch, ObjectGroup } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { NeededOrder } from './in-the-way.ts';
import { orderObjects } from './order-objects.ts';
import type { ObjectDecision } from './plan-objects.ts';

/** About a minute at the default budget, and a journal of a few hundred KB. */
const objectsABatch = 1_000;
/** Passes over the backup's files, there and back, before what is left is taken level by level. */
const mostPasses = 8;

interface Ordered {
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  readonly needed: NeededOrder;
}

/**
 * Puts the objects to create in order, whatever refers to another after what it refers to, and cuts them into batches.
 * Only references inside a circle have to wait for a second write. Gives the numbers of the objects that are made, as they will be one after the other.
 */
export async function writeObjectBatches(
  work: WorkStore,
  keys: RestoreKeys,
  { scan, decisions, needed }: Ordered,
): Promise<{ count: number; creates: readonly number[]; links: number }> {
  const { order, level, links } = orderCreates({ scan, decisions, needed });
  let count = 0;
  const write = async (numbers: readonly number[], pending: ObjectBatch['pending']) => {
    const asks = numbers.flatMap((number) => {
      const ids = decisions[number]?.asks;
      return ids ? [[scan.ids[number] ?? '', ids] as const] : [];
    });
    const batch: ObjectBatch = {
      groups: groupsOf(numbers, scan, level),
      pending,
      ...(asks.length > 0 && { asks: Object.fromEntries(asks) }),
    };
    await writeJson(work, keys.batch(count), batch);
    count += 1;
  };
  const creates: number[] = [];
  for (let at = 0; at < order.length; at += objectsABatch) {
    const numbers = order.slice(at, at + objectsABatch);
    await write(numbers, null);
    // Of a batch it comes first what waits for none of the others.
    creates.push(...numbers.toSorted((a, b) => (level[a] ?? 0) - (level[b] ?? 0)));
  }
  const updates = numbersOf(decisions, 'update');
  for (let at = 0; at < updates.length; at += objectsABatch) {
    const numbers = updates.slice(at, at + objectsABatch);
    const pending = numbers.map((number) => [scan.ids[number] ?? '', decisions[number]?.pending ?? {}] as const);
    await write(numbers, Object.fromEntries(pending));
  }
  return { count, creates, links: links + updates.length };
}

/**
 * A batch should read few of the backup's files. So the objects are taken file by file, each as soon as all that it refers
 * to is taken; what has to wait comes in the next pass, which goes the other way, since chains may lead either way.
 */
function orderCreates({ scan, decisions, needed }: Ordered) {
  const { references, numberOf, ids } = scan;
  const from: number[] = [];
  const to: number[] = [];
  /** Of an edge that an object cannot be made without. */
  const isNeeded: boolean[] = [];
  const roundOf = (number: number) => needed.rounds.get(number) ?? 0;
  for (const [index, number] of references.from.entries()) {
    const target = numberOf.get(references.to[index] ?? '');
    if (target === undefined || decisions[number]?.action !== 'create' || decisions[target]?.action !== 'create')
      continue;
    from.push(number);
    to.push(target);
    const isOfNeeded = needed.attributes.has(references.attribute[index] ?? '');
    isNeeded.push(isOfNeeded && roundOf(target) < roundOf(number));
  }
  const all = orderObjects(ids.length, { from: Uint32Array.from(from), to: Uint32Array.from(to) });
  // Inside a circle those references come first without which an object cannot be made: by their rounds they are in no circle.
  const kept = from.flatMap((_, edge) => (all.isDeferred[edge] === 0 || isNeeded[edge] ? [edge] : []));
  const { level } =
    kept.length === from.length || !isNeeded.includes(true)
      ? all
      : orderObjects(ids.length, {
          from: Uint32Array.from(kept, (edge) => from[edge] ?? 0),
          to: Uint32Array.from(kept, (edge) => to[edge] ?? 0),
        });
  const comesLater = (edge: number) => (level[to[edge] ?? 0] ?? 0) >= (level[from[edge] ?? 0] ?? 0);
  const linked = new Set(from.filter((_, edge) => comesLater(edge)));
  const needs = new Map<number, number[]>();
  for (const [edge, number] of from.entries()) {
    if (comesLater(edge)) continue;
    const known = needs.get(number);
    if (known) known.push(to[edge] ?? 0);
    else needs.set(number, [to[edge] ?? 0]);
  }

  const isTaken = new Uint8Array(ids.length);
  const order: number[] = [];
  let left = numbersOf(decisions, 'create');
  for (let pass = 0; pass < mostPasses && left.length > 0; pass += 1) {
    left = left.filter((number) => {
      const isReady = needs.get(number)?.every((target) => isTaken[target] === 1) ?? true;
      if (isReady) {
        isTaken[number] = 1;
        order.push(number);
      }
      return !isReady;
    });
    left.reverse();
  }
  left.sort((a, b) => (level[a] ?? 0) - (level[b] ?? 0) || a - b);
  return { order: [...order, ...left], level, links: linked.size };
}

function numbersOf(decisions: readonly (ObjectDecision | undefined)[], action: ObjectDecision['action']): number[] {
  return decisions.flatMap((decision, number) => (decision?.action === action ? [number] : []));
}

function groupsOf(numbers: readonly number[], { shardOf, ids }: StoredObjects, level: Uint32Array): ObjectGroup[] {
  const groups: { shard: number; objects: [string, number][] }[] = [];
  for (const number of numbers) {
    const shard = shardOf[number] ?? 0;
    const object: [string, number] = [ids[number] ?? '', level[number] ?? 0];
    const last = groups.at(-1);
    if (last?.shard === shard) last.objects.push(object);
    else groups.push({ shard, objects: [object] });
  }
  return groups;
}
