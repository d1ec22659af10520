/**
 * Does `work` for every item, at most `limit` at a time. When one fails, no further item is started, those under way are
 * awaited, and the first error is thrown: nothing goes on in the background.
 */
export async function sideBySide<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const errors: unknown[] = [];
  const worker = async () => {
    for (let next = queue.next(); !next.done && errors.length === 0; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (errors.length > 0) throw errors[0];
}

/**
 * At most `limit` pieces of work at a time, handed in one by one. An error is thrown to whoever hands in or waits next; what
 * is under way is then awaited first.
 */
export class Slots {
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();
  readonly #errors: unknown[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Starts a piece of work as soon as there is a slot for it. */
  async run(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running);
    if (this.#errors.length > 0) return this.idle();
    const running = work()
      .catch((error: unknown) => {
        this.#errors.push(error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until one piece of work is done; returns at once where nothing is under way. */
  async oneDone(): Promise<void> {
    if (this.#running.size > 0) await Promise.race(this.#running);
    if (this.#errors.length > 0) await this.idle();
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
