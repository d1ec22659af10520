import { createHash } from 'node:crypto';

/** What the choice of a sample goes by of one object of the backup. */
export interface ScannedObject {
  readonly id: string;
  readonly type: string;
  /** Ids of the attributes of which it has a value. */
  readonly filled: readonly string[];
  readonly refersTo: readonly { readonly attribute: string; readonly to: string }[];
}

/** An object that may be chosen. */
export interface SampleCandidate extends ScannedObject {
  /** What decides between two that are as good: another number for each drill. */
  readonly rank: number;
}

/**
 * Sees every object of a backup once, and keeps those few by which a sample can be chosen: of each attribute of a type the object of the
 * lowest rank that fills it, of each type that of the lowest, and of all as many as the sample may have. What it keeps besides is two words
 * an object.
 * @param seed of the drill: another one gives other objects
 */
export class SampleCandidates {
  readonly #seed: string;
  readonly #most: number;
  readonly #typeOf = new Map<string, string>();
  readonly #lowest = new Map<string, SampleCandidate>();
  readonly #filling = new Map<string, Map<string, SampleCandidate>>();
  readonly #counts = new Map<string, Map<string, number>>();
  #spare: SampleCandidate[] = [];

  constructor(seed: string, most: number) {
    this.#seed = seed;
    this.#most = most;
  }

  /** False where an object of this id was seen before: an object that became another type's may stand in two, and the first counts. */
  add(object: ScannedObject): boolean {
    const { id, type, filled } = object;
    if (this.#typeOf.has(id)) return false;
    this.#typeOf.set(id, type);
    const candidate: SampleCandidate = { ...object, rank: rankOf(this.#seed, id) };
    keepLower(this.#lowest, type, candidate);
    const filling = this.#filling.get(type) ?? new Map<string, SampleCandidate>();
    this.#filling.set(type, filling);
    const counts = this.#counts.get(type) ?? new Map<string, number>();
    this.#counts.set(type, counts);
    for (const attribute of new Set(filled)) {
      keepLower(filling, attribute, candidate);
      counts.set(attribute, (counts.get(attribute) ?? 0) + 1);
    }
    this.#spare.push(candidate);
    if (this.#spare.length > 2 * this.#most + 1_000) this.#spare = this.spare;
    return true;
  }

  /** Types that have objects, in the order in which they came. */
  get types(): readonly string[] {
    return [...this.#lowest.keys()];
  }

  get objects(): number {
    return this.#typeOf.size;
  }

  typeOf(id: string): string | undefined {
    return this.#typeOf.get(id);
  }

  lowestOf(type: string): SampleCandidate | undefined {
    return this.#lowest.get(type);
  }

  /** By attribute, the object of the lowest rank that fills it. */
  filling(type: string): ReadonlyMap<string, SampleCandidate> {
    return this.#filling.get(type) ?? new Map();
  }

  /** By attribute, how many objects of a type fill it. */
  filledBy(type: string): ReadonlyMap<string, number> {
    return this.#counts.get(type) ?? new Map();
  }

  /** Those of the lowest rank of all, as many as the sample may have. */
  get spare(): SampleCandidate[] {
    return this.#spare.toSorted((a, b) => a.rank - b.rank).slice(0, this.#most);
  }
}

function keepLower(kept: Map<string, SampleCandidate>, key: string, candidate: SampleCandidate): void {
  const there = kept.get(key);
  if (!there || candidate.rank < there.rank) kept.set(key, candidate);
}

/** 48 bits: more than enough to tell objects apart, and whole in a number. */
function rankOf(seed: string, id: string): number {
  return Number.parseInt(createHash('sha256').update(`${seed} ${id}`).digest('hex').slice(0, 12), 16);
}
