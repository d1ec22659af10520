import type { StoredObjects } from '../../reading/stored-objects.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { ConfigurationPlan, PlannedSchema } from '../plan-files.ts';

/** An object of the target that an object of the backup may be. */
export interface Candidate {
  readonly id: string;
  readonly key: string;
  /** A restore has made it. */
  readonly isOwn: boolean;
  /** The very object that was backed up. Neither of both: somebody said that it is the same. */
  readonly isItself: boolean;
}

/**
 * Which object of the target each object of the backup may be, before anybody has looked: on the same site the one of its id,
 * what an earlier restore has made of it, and what was said to be it.
 */
export class Correspondence {
  readonly #scan: StoredObjects;
  readonly #sameSite: boolean;
  readonly #earlier: EarlierRestores;
  readonly #schemas: ReadonlyMap<string, PlannedSchema>;
  readonly #types: ReadonlyMap<string, string | undefined>;

  constructor(
    scan: StoredObjects,
    { plan, earlier, sameSite }: { plan: ConfigurationPlan; earlier: EarlierRestores; sameSite: boolean },
  ) {
    this.#scan = scan;
    this.#sameSite = sameSite;
    this.#earlier = earlier;
    this.#schemas = new Map(plan.schemas.map((schema) => [schema.source, schema]));
    this.#types = new Map(plan.types.map(({ source, target }) => [source, target]));
  }

  schemaOf(number: number): PlannedSchema | undefined {
    const shard = this.#scan.shards[this.#scan.shardOf[number] ?? -1];
    return shard && this.#schemas.get(shard.schemaId);
  }

  /** The object type of the target in which it is to be. */
  typeOf(number: number): string | undefined {
    return this.#types.get(this.#scan.shards[this.#scan.shardOf[number] ?? -1]?.typeId ?? '');
  }

  /** In the order in which they count where both are there. */
  candidates(number: number): Candidate[] {
    const schema = this.schemaOf(number);
    if (!schema || schema.action === 'skip' || schema.target === undefined) return [];
    const id = this.#scan.ids[number] ?? '';
    const made = this.#earlier.made(schema.target, id);
    const same = this.#earlier.same(schema.target, id);
    return [
      ...(schema.isInPlace ? [{ id, key: this.#scan.keys[number] ?? '', isOwn: false, isItself: true }] : []),
      ...(made ? [{ id: made.target, key: made.key, isOwn: true, isItself: false }] : []),
      ...(same ? [{ id: same.target, key: same.key, isOwn: false, isItself: false }] : []),
    ];
  }

  /** The object that a value referring to an object of the source most likely refers to on the target. */
  believed(source: string): string | undefined {
    const number = this.#scan.numberOf.get(source);
    const schema = number === undefined ? undefined : this.schemaOf(number);
    // What was made in its stead was made since it was gone.
    if (number !== undefined && schema) return this.candidates(number).at(-1)?.id;
    if (this.#sameSite) return source;
    const [only, ...others] = this.#earlier.allMade(source);
    return others.length === 0 ? only?.target : undefined;
  }
}
