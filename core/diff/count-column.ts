const notKnown = 0xffff;
const large = 0xfffe;

/** Counts by row, most of which are small: 2 bytes each. */
export class CountColumn {
  readonly #counts: Uint16Array;
  readonly #large = new Map<number, number>();

  constructor(capacity: number) {
    this.#counts = new Uint16Array(capacity).fill(notKnown);
  }

  /** @param count undefined where nobody knows */
  set(row: number, count: number | undefined): void {
    if (count !== undefined && count >= large) this.#large.set(row, count);
    this.#counts[row] = count === undefined ? notKnown : Math.min(count, large);
  }

  get(row: number): number | undefined {
    const count = this.#counts[row];
    if (count === large) return this.#large.get(row);
    return count === notKnown ? undefined : count;
  }
}
