import { ObjectStore } from './object-store.ts';
import type { StoredObject } from './records.ts';

interface Change {
  readonly atMs: number;
  readonly id: number;
  /** As it is from then on; undefined where it was deleted. */
  readonly object: StoredObject | undefined;
}

/** The objects as a search shows them: each change comes in so many milliseconds late. Without a lag it is the objects. */
export class SearchIndex {
  readonly #live: ObjectStore;
  readonly #now: () => number;
  readonly #lagMs: () => number;
  readonly #late: Change[] = [];
  /** Only while changes are late. */
  #indexed: ObjectStore | undefined;

  constructor(live: ObjectStore, { now, lagMs }: { now: () => number; lagMs: () => number }) {
    this.#live = live;
    this.#now = now;
    this.#lagMs = lagMs;
    live.watch({ before: () => this.#beforeChange(), after: (id) => this.#afterChange(id) });
  }

  /** What a search made now looks through. Not to be changed. */
  get objects(): ObjectStore {
    const newestMs = this.#now() - this.#lagMs();
    while (this.#indexed && this.#late[0] && this.#late[0].atMs <= newestMs) {
      const { id, object } = this.#late.shift() as Change;
      const indexed = this.#indexed.get(id);
      if (indexed) this.#indexed.delete(indexed);
      if (object) this.#indexed.add(object);
    }
    if (this.#late.length === 0) this.#indexed = undefined;
    return this.#indexed ?? this.#live;
  }

  #beforeChange(): void {
    if (this.#lagMs() === 0 || this.#indexed) return;
    this.#indexed = new ObjectStore();
    for (const object of this.#live.all()) this.#indexed.add({ ...object });
  }

  #afterChange(id: number): void {
    if (!this.#indexed) return;
    const object = this.#live.get(id);
    this.#late.push({ atMs: this.#now(), id, object: object && { ...object } });
  }
}
