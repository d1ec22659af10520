import type { Clock } from '../core/ports/clock.ts';

interface Sleeper {
  readonly wakesAt: number;
  readonly order: number;
  readonly wake: () => void;
}

export interface VirtualClockOptions {
  /** @default 2026-11-23T02:00:00Z */
  readonly startsAt?: number;
  /** Milliseconds by which each sleep is too long, as timers are. @default none */
  readonly lateness?: () => number;
  /**
   * Time goes on by itself to the next sleeper whenever nothing else is to be done at once. Otherwise only `advance` moves it.
   * Real network requests take no time of such a clock.
   */
  readonly runs?: boolean;
}

/** A clock whose hours pass in a moment. Sleepers wake in the order of their times, then of their going to sleep. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #lateness: () => number;
  readonly #runs: boolean;
  readonly #sleepers = new Set<Sleeper>();

  constructor({ startsAt = Date.UTC(2026, 10, 23, 2), lateness = () => 0, runs = false }: VirtualClockOptions = {}) {
    this.#now = startsAt;
    this.#lateness = lateness;
    this.#runs = runs;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleep at this moment. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        wakesAt: this.#now + Math.max(0, milliseconds) + this.#lateness(),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#sleepers.add(sleeper);
      if (this.#runs) setImmediate(() => this.#wakeNext());
    });
  }

  /** Lets so much time pass; after each waking, what follows from it is done before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (let next = this.#next(); next && next.wakesAt <= end; next = this.#next()) {
      this.#wakeNext();
      await settled();
    }
    this.#now = end;
  }

  /** Lets time pass from sleeper to sleeper until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    await settled();
    while (!isDone) {
      this.#wakeNext();
      await settled();
    }
    return work;
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (!next || sleeper.wakesAt < next.wakesAt || (sleeper.wakesAt === next.wakesAt && sleeper.order < next.order)) {
        next = sleeper;
      }
    }
    return next;
  }

  #wakeNext(): void {
    const next = this.#next();
    if (!next) return;
    this.#sleepers.delete(next);
    this.#now = Math.max(this.#now, next.wakesAt);
    next.wake();
  }
}

/** All promises that can go on have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
