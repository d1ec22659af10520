import { createHash } from 'node:crypto';
import { ExpectedObjects } from '../../comparison/expected-objects.ts';
import { objectDigest, valuesAsListed } from '../../comparison/object-values.ts';
import { idOf } from '../../model/ids.ts';
import { type ApiRecord, textOf } from '../../model/json.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { Shard } from '../../reading/stored-objects.ts';
import { needJson, writeJson } from '../../work-store/json-file.ts';
import type { diffKeys } from '../diff-keys.ts';
import type { SideAttribute } from '../side.ts';

/** Objects of some of the backup's shards, one after the other: what each comes to. */
interface LeftPart {
  readonly objects: readonly number[];
  readonly ids: readonly string[];
  readonly digests: readonly string[];
}

/** Objects a part: some 1.2 MB of JSON. */
const objectsAPart = 20_000;

/**
 * What an object comes to: its values, where it stands, and its key, whatever the key of its schema. Its label is a value, and its
 * times are the site's.
 * @param place.schemaKeys how its schema is called on either side
 */
export function sightDigest(
  object: ApiRecord,
  { typeId, schemaKeys }: { readonly typeId: string; readonly schemaKeys: readonly string[] },
  attributes: ReadonlyMap<string, SideAttribute>,
): string {
  const key = textOf(object.objectKey) ?? '';
  const own = schemaKeys.find((schema) => key.startsWith(`${schema}-`));
  const told = [
    own === undefined ? key : key.slice(own.length),
    typeId,
    objectDigest(valuesAsListed(object, attributes)),
  ];
  return createHash('sha256').update(JSON.stringify(told).toWellFormed()).digest('hex').slice(0, 32);
}

interface LeftInput {
  readonly source: BackupSource;
  readonly shards: readonly Shard[];
  digestOf(object: ApiRecord, typeId: string): string;
}

/** Reads the backup's shards from one on, and leaves what their objects come to. Null when all are read, otherwise the next shard. */
export async function readLeft(
  { source, shards, digestOf }: LeftInput,
  { from, mayGoOn, onShard }: { readonly from: number; mayGoOn(): boolean; onShard(objects: number): void },
  leave: (part: LeftPart) => Promise<void>,
): Promise<number | null> {
  let part = { objects: [] as number[], ids: [] as string[], digests: [] as string[] };
  for (const [at, { file, typeId }] of shards.entries()) {
    if (at < from) continue;
    if (!mayGoOn()) {
      if (part.objects.length > 0) await leave(part);
      return at;
    }
    const objects = await source.json<ApiRecord[]>(file);
    part.objects.push(objects.length);
    for (const object of objects) {
      part.ids.push(idOf(object));
      part.digests.push(digestOf(object, typeId));
    }
    onShard(objects.length);
    if (part.ids.length < objectsAPart) continue;
    await leave(part);
    part = { objects: [], ids: [], digests: [] };
  }
  if (part.objects.length > 0) await leave(part);
  return null;
}

/** The backup's objects by number, in the order of its shards: no value is held. */
export class BackupObjects {
  readonly expected: ExpectedObjects;
  readonly #work: WorkStore;
  readonly #keys: ReturnType<typeof diffKeys>;
  /** Number of the first object of each shard, and one more. */
  readonly #starts: number[] = [0];
  /** The part in which each shard stands, and the number of the first object of that part. */
  readonly #partOf: (readonly [part: number, start: number])[] = [];

  private constructor(work: WorkStore, keys: ReturnType<typeof diffKeys>, capacity: number) {
    this.#work = work;
    this.#keys = keys;
    this.expected = new ExpectedObjects(capacity);
  }

  /** @param parts how many `readLeft` has left, and how many objects stand in them at most */
  static async load(
    work: WorkStore,
    keys: ReturnType<typeof diffKeys>,
    { parts, objects: capacity }: { readonly parts: number; readonly objects: number },
  ): Promise<BackupObjects> {
    const left = new BackupObjects(work, keys, capacity);
    for (let part = 1; part <= parts; part += 1) {
      const { objects, ids, digests } = await needJson<LeftPart>(work, keys.expected(part));
      const start = left.#starts.at(-1) ?? 0;
      // An object that became another type's while it was backed up may stand in two; the first is taken.
      for (const [at, id] of ids.entries()) left.expected.expect(start + at, id, digests[at] ?? '');
      for (const count of objects) {
        left.#partOf.push([part, start]);
        left.#starts.push((left.#starts.at(-1) ?? 0) + count);
      }
    }
    return left;
  }

  /** How many there are, those counted twice that stand in two shards. */
  get count(): number {
    return this.#starts.at(-1) ?? 0;
  }

  /** Number of the first object after a shard. */
  endOf(shard: number): number {
    return this.#starts[shard + 1] ?? 0;
  }

  shardOf(number: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= number) low = middle;
      else high = middle;
    }
    // Shards without objects begin with the number of the one after them.
    while ((this.#starts[low + 1] ?? 0) <= number && low < this.#starts.length - 2) low += 1;
    return low;
  }

  /** Ids of the objects of a shard that are taken from there, with their numbers. */
  async ofShard(shard: number): Promise<(readonly [id: string, number: number])[]> {
    const [part = 0, start = 0] = this.#partOf[shard] ?? [];
    const { ids } = await this.#part(part);
    const [from, to] = [this.#starts[shard] ?? 0, this.#starts[shard + 1] ?? 0];
    return ids.slice(from - start, to - start).flatMap((id, at) => {
      const number = from + at;
      return this.expected.numberOf(id) === number ? [[id, number] as const] : [];
    });
  }

  /** Shards come in their order, so one part is enough. */
  #kept: { readonly part: number; readonly read: LeftPart } | undefined;

  async #part(part: number): Promise<LeftPart> {
    if (this.#kept?.part !== part) {
      this.#kept = { part, read: await needJson<LeftPart>(this.#work, this.#keys.expected(part)) };
    }
    return this.#kept.read;
  }
}

export async function leavePart(
  work: WorkStore,
  keys: ReturnType<typeof diffKeys>,
  number: number,
  part: LeftPart,
): Promise<void> {
  await writeJson(work, keys.expected(number), part);
}
