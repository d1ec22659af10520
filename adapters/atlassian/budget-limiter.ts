import { type EndpointClass, endpointClasses, type RequestBudget } from '../../core/model/request-budget.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { interrupted } from './interrupted.ts';
import { RateLimiter } from './rate-limiter.ts';
import { UnderWay } from './under-way.ts';

interface Turn {
  readonly number: number;
  readonly begin: (number: number) => void;
  readonly refuse: (error: Error) => void;
}

interface Lane {
  readonly limiter: RateLimiter;
  readonly waiting: Turn[];
}

/**
 * Keeps one worker within its request budget (design, decision 6): every request waits here for its turn, retries included.
 * A request starts at a moment that suits both its class and the total; were it to wait for one after the other, requests that
 * waited for the total together could start too close for their class. Among those that may start, the longest waiting goes first.
 */
export class BudgetLimiter {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #total: RateLimiter;
  readonly #lanes: ReadonlyMap<EndpointClass, Lane>;
  readonly #underWay = new UnderWay();
  #turns = 0;
  #heldUntil = 0;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(budget: RequestBudget, clock: Clock, signal?: AbortSignal) {
    const now = clock.now();
    this.#clock = clock;
    this.#signal = signal;
    this.#total = new RateLimiter(budget.total, now);
    this.#lanes = new Map(
      endpointClasses.map((name) => [name, { limiter: new RateLimiter(budget.byClass[name], now), waiting: [] }]),
    );
  }

  /**
   * Resolves when a request of this class may start, which it then must, and tell of its end. Gives the number of its turn: a retry that
   * says it has waited since then. Throws InterruptedError.
   */
  turn(endpointClass: EndpointClass, number = this.#turns++): Promise<number> {
    return new Promise((begin, refuse) => {
      if (this.#signal?.aborted) return refuse(interrupted(this.#signal));
      const waiting = this.#lanes.get(endpointClass)?.waiting;
      waiting?.splice(waiting.findLastIndex((turn) => turn.number < number) + 1, 0, { number, begin, refuse });
      this.#admit();
    });
  }

  /** A request that had its turn has ended. `isRefused`: the site found that there were too many. */
  ended(isRefused: boolean): void {
    this.#underWay.ended(isRefused);
    if (this.#signal?.aborted) this.#refuseAll(interrupted(this.#signal));
    // Not before whoever was refused has said how long all have to wait.
    else if (isRefused) this.#wakeAt(this.#clock.now(), this.#clock.now());
    else this.#admit();
  }

  /** Holds all requests back until `time`. True where that is a second or more longer than they were held already. */
  holdUntil(time: number): boolean {
    const isLonger = time - this.#heldUntil >= 1000;
    this.#heldUntil = Math.max(this.#heldUntil, time);
    // Every start passes the total, so holding that holds all.
    this.#total.holdUntil(time);
    return isLonger;
  }

  #admit(): void {
    while (this.#underWay.mayBegin) {
      const now = this.#clock.now();
      const lane = this.#nextLane(now);
      if (!lane) return;
      const at = Math.max(lane.limiter.nextStart, this.#total.nextStart);
      if (at > now) {
        this.#wakeAt(at, now);
        return;
      }
      lane.limiter.started(now);
      this.#total.started(now);
      this.#underWay.begun();
      const turn = lane.waiting.shift();
      turn?.begin(turn.number);
    }
  }

  /** The lane that may start first, and of several the one whose first request has waited longest. */
  #nextLane(now: number): Lane | undefined {
    let next: { lane: Lane; at: number; number: number } | undefined;
    for (const lane of this.#lanes.values()) {
      const first = lane.waiting[0];
      if (!first) continue;
      const at = Math.max(lane.limiter.nextStart, this.#total.nextStart, now);
      if (!next || at < next.at || (at === next.at && first.number < next.number)) {
        next = { lane, at, number: first.number };
      }
    }
    return next?.lane;
  }

  /** A wake-up that is early enough may be under way already; one that turns out too early does no harm. */
  #wakeAt(time: number, now: number): void {
    if (time >= this.#wakesAt) return;
    this.#wakesAt = time;
    const woken = () => {
      if (this.#wakesAt === time) this.#wakesAt = Number.POSITIVE_INFINITY;
    };
    this.#clock.sleep(Math.ceil(time - now), this.#signal).then(
      () => {
        woken();
        this.#admit();
      },
      (error: unknown) => {
        woken();
        this.#refuseAll(this.#signal?.aborted ? interrupted(this.#signal) : asError(error));
      },
    );
  }

  #refuseAll(error: Error): void {
    for (const { waiting } of this.#lanes.values()) {
      for (const turn of waiting.splice(0)) turn.refuse(error);
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
