import type { Clock } from '../../core/ports/clock.ts';
import { interrupted } from './interrupted.ts';

/** Writes to one issue that Jira takes (reference, section 4), and the share that we use: people and automations write as well. */
const windows = [
  { milliseconds: 2000, writes: 20 },
  { milliseconds: 30_000, writes: 100 },
] as const;
const share = 0.7;
const longest = 30_000;

/** Keeps the writes to each issue within its own limit, which is apart from the budget of the endpoint. */
export class IssuePacing {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #starts = new Map<string, number[]>();

  constructor(clock: Clock, signal?: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Resolves when the issue may be written to, which it then must. Throws InterruptedError. */
  async turn(issueId: string): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      this.#forget(now);
      const starts = this.#starts.get(issueId) ?? [];
      const at = Math.max(now, ...windows.map(({ milliseconds, writes }) => free(starts, milliseconds, writes)));
      if (at <= now) {
        this.#starts.set(issueId, [...starts, now]);
        return;
      }
      try {
        await this.#clock.sleep(at - now, this.#signal);
      } catch (error) {
        throw this.#signal?.aborted ? interrupted(this.#signal) : error;
      }
    }
  }

  #forget(now: number): void {
    for (const [issueId, starts] of this.#starts) {
      const kept = starts.filter((start) => start > now - longest);
      if (kept.length > 0) this.#starts.set(issueId, kept);
      else this.#starts.delete(issueId);
    }
  }
}

/** When a window has room for one more start. */
function free(starts: readonly number[], milliseconds: number, writes: number): number {
  const most = Math.floor(writes * share);
  const first = starts.at(-most);
  return first === undefined ? 0 : first + milliseconds + 1;
}
