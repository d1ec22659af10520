const minute = 60_000;

/** We aim below the rate, so that a closed window that begins and ends with a start, and the slack, still fit in. */
const aim = 0.97;

/** Late timers may be caught up with by 1 % of the rate, at most so many intervals. */
const slackShare = 0.01;
const mostSlack = 3;

/**
 * Says when the next request of one kind may start, so that no more than `rate` start in any closed 60 seconds.
 *
 * Starts follow slots that are one interval I apart, with no burst; a start that comes late moves the slots after it back,
 * but for the slack of S intervals. So n starts of one worker span at least (n - 1 - S) I, and as the first slot is one interval
 * after a worker's birth, a worker has started at most t / I requests t after it. Whoever came before has started its last before
 * that birth, so handing over adds nothing: any window of 60 s holds at most 1 + S + 60,000 / I starts, and that is <= rate.
 * (Below one a minute it is one: a request cannot be divided.)
 */
export class RateLimiter {
  readonly #interval: number;
  readonly #slack: number;
  #slot: number;

  constructor(requestsPerMinute: number, now: number) {
    // The second term matters only for small rates with a fraction: 2.9 a minute are 2, for there is no part of a request.
    const whole = Math.max(1, Math.floor(requestsPerMinute));
    this.#interval = Math.max(minute / (requestsPerMinute * aim), (minute / whole) * 1.0001);
    this.#slack = Math.min(mostSlack, Math.floor(requestsPerMinute * slackShare)) * this.#interval;
    this.#slot = now + this.#interval;
  }

  /** When the next request may start, at the earliest. */
  get nextStart(): number {
    return this.#slot;
  }

  /** A request starts `now`, which is not before `nextStart`. */
  started(now: number): void {
    this.#slot = Math.max(this.#slot, now - this.#slack) + this.#interval;
  }

  /** Nothing starts before `time`. */
  holdUntil(time: number): void {
    this.#slot = Math.max(this.#slot, time);
  }
}
