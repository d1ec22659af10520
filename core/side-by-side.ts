import { Semaphore } from './semaphore.ts';

/**
 * Does `work` for every item, at most `limit` at a time; an item is asked for when there is a slot for it. When one fails, no
 * further item is started, those under way are awaited, and the first error is thrown: nothing goes on in the background.
 */
export async function sideBySide<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const slots = new Slots(limit);
  let isEmpty = false;
  while (!isEmpty) {
    await slots.run(async () => {
      const next = queue.next();
      if (next.done) isEmpty = true;
      else await work(next.value);
    });
  }
  await slots.idle();
}

/**
 * At most `limit` pieces of work at a time, handed in one by one. An error is thrown to whoever hands in or waits next; what
 * is under way is then awaited first.
 */
export class Slots {
  readonly #limit: number;
  readonly #free: Semaphore;
  readonly #running = new Set<Promise<void>>();
  readonly #errors: unknown[] = [];

  constructor(limit: number) {
    this.#limit = limit;
    this.#free = new Semaphore(limit);
  }

  /** Starts a piece of work as soon as there is a slot for it, or so many slots, all of them at most. */
  async run(work: () => Promise<void>, weight = 1): Promise<void> {
    const slots = Math.min(weight, this.#limit);
    await this.#free.acquire(slots);
    if (this.#errors.length > 0) {
      this.#free.release(slots);
      return this.idle();
    }
    const running = work()
      .catch((error: unknown) => {
        this.#errors.push(error);
      })
      .finally(() => {
        this.#running.delete(running);
        this.#free.release(slots);
      });
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
