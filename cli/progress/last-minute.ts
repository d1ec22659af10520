const windowSeconds = 60;
/** Less than this says nothing about a rate. */
const fewestSeconds = 5;

/** Counts what happened in the last minute, second by second. */
export class LastMinute {
  readonly #now: () => number;
  readonly #bySecond = new Map<number, number>();
  #startedAt: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(count: number): void {
    this.#startedAt ??= this.#now();
    const second = this.#second();
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + count);
    this.#forget(second);
  }

  /** Per minute; before a minute is over, what it would be at the rate so far. Undefined while that is a guess. */
  perMinute(): number | undefined {
    if (this.#startedAt === undefined) return undefined;
    const second = this.#second();
    this.#forget(second);
    const total = [...this.#bySecond.values()].reduce((sum, count) => sum + count, 0);
    // The oldest second that is kept is whole; of the newest only a part has passed.
    const kept = this.#now() / 1000 - (second - windowSeconds + 1);
    const seconds = Math.min(kept, (this.#now() - this.#startedAt) / 1000);
    return seconds < fewestSeconds ? undefined : (total / seconds) * 60;
  }

  #second(): number {
    return Math.floor(this.#now() / 1000);
  }

  #forget(second: number): void {
    for (const old of this.#bySecond.keys()) if (old <= second - windowSeconds) this.#bySecond.delete(old);
  }
}
