import { IdRows } from '../comparison/id-rows.ts';

/** Ids of objects in the order in which they were first seen, each with the last sweep that saw it: in columns, since a type may have half a million. */
export class SeenObjects {
  readonly #rows = new IdRows();
  #sweeps = new Uint8Array(1_024);
  /** By their rows, ids that are no whole numbers. */
  readonly #texts = new Map<number, string>();

  constructor(seen: Iterable<readonly [id: string, sweep: number]> = []) {
    for (const [id, sweep] of seen) this.set(id, sweep);
  }

  /** Undefined where no sweep saw it. */
  sweepOf(id: string): number | undefined {
    const row = this.#rows.rowOf(id);
    return row === undefined ? undefined : this.#sweeps[row];
  }

  set(id: string, sweep: number): void {
    const row = this.#rows.rowOf(id) ?? this.#add(id);
    this.#sweeps[row] = sweep;
  }

  *ids(): Generator<string> {
    for (let row = 0; row < this.#rows.count; row += 1) yield this.#texts.get(row) ?? String(this.#rows.numberAt(row));
  }

  *[Symbol.iterator](): Generator<[id: string, sweep: number]> {
    let row = 0;
    for (const id of this.ids()) {
      yield [id, this.#sweeps[row] ?? 0];
      row += 1;
    }
  }

  /** How many this sweep was the last to see. */
  countOf(sweep: number): number {
    let count = 0;
    for (let row = 0; row < this.#rows.count; row += 1) if (this.#sweeps[row] === sweep) count += 1;
    return count;
  }

  #add(id: string): number {
    const row = this.#rows.count;
    this.#rows.add(id);
    if (this.#rows.numberAt(row) === undefined) this.#texts.set(row, id);
    if (row === this.#sweeps.length) {
      const grown = new Uint8Array(2 * row);
      grown.set(this.#sweeps);
      this.#sweeps = grown;
    }
    return row;
  }
}
