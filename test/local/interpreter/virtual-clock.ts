import type { HostClock } from '../../../local/interpreter/machine-host.ts';

type Sleeper = { until: number; wake: () => void };

/** A clock that stands still while anything else can run, and then leaps to the next sleeper's time. */
export class VirtualClock implements HostClock {
  #now = Date.parse('2026-11-23T02:00:00.000Z');
  #sleepers: Sleeper[] = [];
  /** The sleeps that nobody cut short, in milliseconds, in the order in which they ended. */
  readonly slept: number[] = [];

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        until: this.#now + milliseconds,
        wake: () => {
          this.slept.push(milliseconds);
          resolve();
        },
      };
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
      this.#sleepers.push(sleeper);
      setImmediate(() => this.#leap());
    });
  }

  #leap(): void {
    const next = this.#sleepers.toSorted((one, other) => one.until - other.until)[0];
    if (next === undefined) return;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
    this.#now = Math.max(this.#now, next.until);
    next.wake();
  }
}
