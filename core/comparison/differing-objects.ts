import type { ApiRecord } from '../model/json.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { needLines } from '../work-store/json-file.ts';

type Line = [number: number, object: ApiRecord];

interface DifferingKeys {
  /** Prefix of the files of a shard of the backup. */
  readonly differing: (shard: number) => string;
}

/** A number that no shard has. */
const unplaced = 99_999;
/** Objects held before they are put away. */
const mostHeld = 400;

/**
 * Objects of a site that are not as the backup has them, as the site gives them: put away by the shard of the backup in
 * which they stand, since that is how they are looked at afterwards.
 */
export class DifferingObjects {
  readonly #work: WorkStore;
  readonly #keys: DifferingKeys;
  readonly #invocation: number;
  readonly #held = new Map<number, Line[]>();
  /** Keys of the files of objects without a place, in the order in which this invocation has put them away. */
  readonly unplacedFiles: string[] = [];
  #count = 0;
  #parts = 0;

  /** @param invocation by its number one that is tried again writes over what its first try has put away */
  constructor(work: WorkStore, keys: DifferingKeys, invocation: number) {
    this.#work = work;
    this.#keys = keys;
    this.#invocation = invocation;
  }

  add(shard: number, number: number, object: ApiRecord): void {
    const held = this.#held.get(shard) ?? [];
    held.push([number, object]);
    this.#held.set(shard, held);
    this.#count += 1;
  }

  /** One of which nobody knows yet which object of the backup it is, if any. */
  addUnplaced(object: ApiRecord): void {
    this.add(unplaced, 0, object);
  }

  /** @param placeOf shard and number of the object of the backup that an object of the target has turned out to be */
  async place(placeOf: (id: string) => readonly [shard: number, number: number] | undefined): Promise<void> {
    for await (const key of this.#work.list(this.#keys.differing(unplaced))) {
      for (const [, object] of await needLines<Line>(this.#work, key)) {
        const place = placeOf(String(object.id));
        if (place) this.add(...place, object);
      }
      await this.putAway();
    }
    await this.putAway({ all: true });
  }

  /** The objects of one of those files. */
  async unplacedIn(key: string): Promise<ApiRecord[]> {
    return (await needLines<Line>(this.#work, key)).map(([, object]) => object);
  }

  /** Puts away what is held, where that is much. */
  async putAway({ all = false } = {}): Promise<void> {
    if (this.#count === 0 || (!all && this.#count < mostHeld)) return;
    for (const [shard, held] of this.#held) {
      const name = `${String(this.#invocation).padStart(5, '0')}.${String(this.#parts).padStart(5, '0')}.jsonl`;
      const lines = held.map((line) => `${JSON.stringify(line)}\n`);
      const key = `${this.#keys.differing(shard)}${name}`;
      await this.#work.write(key, lines.join(''));
      if (shard === unplaced) this.unplacedFiles.push(key);
    }
    this.#held.clear();
    this.#count = 0;
    this.#parts += 1;
  }

  /** Those of a shard, by the number of the object of the backup; the last sight counts. */
  async ofShard(shard: number): Promise<ReadonlyMap<number, ApiRecord>> {
    const objects = new Map<number, ApiRecord>();
    for await (const key of this.#work.list(this.#keys.differing(shard))) {
      const lines = await needLines<Line>(this.#work, key);
      for (const [number, object] of lines) objects.set(number, object);
    }
    return objects;
  }
}
