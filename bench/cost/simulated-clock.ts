import type { Clock } from '../../core/ports/clock.ts';

/** Deadlines of tasks and machines are longer than any wait for a budget or an answer: they are ended, never reached. */
const shortestDeadline = 15 * 60_000;
/** Turns of the event loop without news, after which nothing else is to be done at this moment. */
const quietTurns = 4;

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * A clock on which only sleeping takes time: it goes on to the next sleeper when nobody does anything else. What happens
 * outside of promises (a request on its way, a file being read) has to be said by `busy`, so that hours of a run with many
 * workers pass in seconds, and always the same.
 */
export class SimulatedClock implements Clock {
  #now = Date.UTC(2026, 10, 23, 2);
  #busy = 0;
  #news = 0;
  #isRunning = false;
  #onBusy: (() => void) | undefined;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  /** So much time passes while nobody sleeps. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** `count` things more, or fewer, are under way that take no time of this clock. */
  busy(count: 1 | -1): void {
    this.#busy += count;
    this.#news += 1;
    this.#onBusy?.();
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.busy(1);
    try {
      return await work;
    } finally {
      this.busy(-1);
    }
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        wakesAt: this.#now + Math.max(0, milliseconds),
        wake: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      signal?.addEventListener('abort', stop, { once: true });
      if (milliseconds >= shortestDeadline) return;
      this.#sleepers.add(sleeper);
      this.#news += 1;
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#sleepers.size > 0) {
      await this.#settled();
      // The earliest; of several the one that went to sleep first.
      let next: Sleeper | undefined;
      for (const sleeper of this.#sleepers) if (!next || sleeper.wakesAt < next.wakesAt) next = sleeper;
      if (!next) break;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.wakesAt);
      next.wake();
    }
    this.#isRunning = false;
  }

  async #settled(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      // Not turn by turn: whoever is busy may need the processor for it.
      if (this.#busy > 0) await this.#lessBusy();
      const before = this.#news;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#busy > 0 || this.#news !== before) quiet = -1;
    }
  }

  #lessBusy(): Promise<void> {
    return new Promise((resolve) => {
      this.#onBusy = () => {
        if (this.#busy > 0) return;
        this.#onBusy = undefined;
        resolve();
      };
    });
  }
}
