import type { StateError } from './state-errors.ts';
import type { Retrier } from './state-schema.ts';

/**
 * Whether an `ErrorEquals` matches. Neither wildcard matches States.DataLimitExceeded, which AWS documents as terminal;
 * States.TaskFailed does not match States.Timeout either.
 */
export function matchesError({ ErrorEquals }: { ErrorEquals: readonly string[] }, { name }: StateError): boolean {
  return ErrorEquals.some((pattern) => {
    if (pattern === name) return true;
    if (name === 'States.DataLimitExceeded') return false;
    return pattern === 'States.ALL' || (pattern === 'States.TaskFailed' && name !== 'States.Timeout');
  });
}

/** The retries of one visit to a state: each retrier counts its own. */
export class RetryPolicy {
  readonly #retriers: readonly Retrier[];
  readonly #random: () => number;
  readonly #attempts = new Map<Retrier, number>();

  constructor(retriers: readonly Retrier[], random: () => number) {
    this.#retriers = retriers;
    this.#random = random;
  }

  /** How long to wait before the next attempt, or nothing when there is none: the first retrier that matches decides. */
  nextDelayMilliseconds(error: StateError): number | undefined {
    const retrier = this.#retriers.find((candidate) => matchesError(candidate, error));
    if (retrier === undefined) return undefined;
    const attempts = this.#attempts.get(retrier) ?? 0;
    if (attempts >= retrier.MaxAttempts) return undefined;
    this.#attempts.set(retrier, attempts + 1);
    const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
    // Without a cap, many attempts would go beyond what a number of milliseconds can say.
    const seconds = Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds, 31_622_400);
    return seconds * 1000 * (JitterStrategy === 'FULL' ? this.#random() : 1);
  }
}
