import type { StateError } from './state-errors.ts';
import { MAX_SECONDS, type Retrier } from './state-schema.ts';

/** Whether an `ErrorEquals` matches. States.ALL does not match States.DataLimitExceeded, which AWS documents as terminal. */
export function matchesError({ ErrorEquals }: { ErrorEquals: readonly string[] }, { name }: StateError): boolean {
  return ErrorEquals.includes(name) || (ErrorEquals.includes('States.ALL') && name !== 'States.DataLimitExceeded');
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
    const { IntervalSeconds, BackoffRate, JitterStrategy } = retrier;
    const seconds = Math.min(IntervalSeconds * BackoffRate ** attempts, MAX_SECONDS);
    return seconds * 1000 * (JitterStrategy === 'FULL' ? this.#random() : 1);
  }
}
