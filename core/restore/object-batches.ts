import type { WorkStore } from '../ports/work-store.ts';
import { orderObjects } from './order-objects.ts';
import type { ObjectBatch, ObjectGroup } from './plan-files.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { restoreKeys } from './restore-keys.ts';
import type { ScannedObjects } from './scan-objects.ts';

/** About a minute at the default budget, and a journal of a few hundred KB. */
const batchSize = 1_000;

/**
 * Puts the objects to create in order, whatever refers to another after what it refers to, and cuts them into batches.
 * Only references inside a circle have to wait for a second write. Objects of one level stand in the order of the
 * backup's files, so that a batch reads few of them.
 */
export async function writeBatches(
  work: WorkStore,
  keys: ReturnType<typeof restoreKeys>,
  { scan, decisions }: { scan: ScannedObjects; decisions: readonly (ObjectDecision | undefined)[] },
): Promise<{ count: number; creates: number; links: number }> {
  const { level, links } = levelsOf(scan, decisions);
  const creates = numbersOf(decisions, 'create').sort((a, b) => (level[a] ?? 0) - (level[b] ?? 0) || a - b);
  let count = 0;
  const write = async (numbers: readonly number[], pending: ObjectBatch['pending']) => {
    const batch: ObjectBatch = { groups: groupsOf(numbers, scan, level), pending };
    await work.write(keys.batch(count), JSON.stringify(batch));
    count += 1;
  };
  for (let at = 0; at < creates.length; at += batchSize) await write(creates.slice(at, at + batchSize), null);
  const updates = numbersOf(decisions, 'update');
  for (let at = 0; at < updates.length; at += batchSize) {
    const numbers = updates.slice(at, at + batchSize);
    const pending = numbers.map((number) => [scan.ids[number] ?? '', decisions[number]?.pending ?? []] as const);
    await write(numbers, Object.fromEntries(pending));
  }
  return { count, creates: creates.length, links: links + updates.length };
}

function levelsOf(scan: ScannedObjects, decisions: readonly (ObjectDecision | undefined)[]) {
  const { references, numberOf, ids } = scan;
  const from: number[] = [];
  const to: number[] = [];
  for (const [index, number] of references.from.entries()) {
    const target = numberOf.get(references.to[index] ?? '');
    if (target === undefined || decisions[number]?.action !== 'create' || decisions[target]?.action !== 'create')
      continue;
    from.push(number);
    to.push(target);
  }
  const order = orderObjects(ids.length, { from: Uint32Array.from(from), to: Uint32Array.from(to) });
  const linked = new Set(from.filter((_, edge) => order.isDeferred[edge] === 1));
  return { level: order.level, links: linked.size };
}

function numbersOf(decisions: readonly (ObjectDecision | undefined)[], action: ObjectDecision['action']): number[] {
  return decisions.flatMap((decision, number) => (decision?.action === action ? [number] : []));
}

function groupsOf(numbers: readonly number[], { shardOf, ids }: ScannedObjects, level: Uint32Array): ObjectGroup[] {
  const groups: (ObjectGroup & { readonly ids: string[] })[] = [];
  for (const number of numbers) {
    const shard = shardOf[number] ?? 0;
    const at = level[number] ?? 0;
    const last = groups.at(-1);
    if (last?.shard === shard && last.level === at) last.ids.push(ids[number] ?? '');
    else groups.push({ shard, level: at, ids: [ids[number] ?? ''] });
  }
  return groups;
}
