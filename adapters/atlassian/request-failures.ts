import {
  type AssetsBackupError,
  ExcessiveAnswerError,
  OutcomeUnknownError,
  RateLimitedError,
  SiteUnavailableError,
  UnexpectedAnswerError,
} from '../../core/errors.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { ExcessiveAnswer } from './answer-bounds.ts';
import type { NetworkFault } from './network-fault.ts';
import { askedWaitMilliseconds } from './retry-timing.ts';

/** How often each kind of failure is retried. */
export interface RetryLimits {
  readonly network: number;
  readonly status: number;
  readonly answer: number;
  /** An answer beyond all bounds. */
  readonly excess: number;
  readonly rateLimit: number;
}

/** Why an attempt brought nothing, where another one might. */
export interface Failure {
  readonly kind: keyof RetryLimits;
  /** What went wrong, to go after the method and the path. */
  readonly what: string;
  /** True where the site cannot have done what was asked: it never saw the request, or turned it away unread. */
  readonly isSurelyUndone: boolean;
  readonly status?: number;
  readonly cause?: unknown;
  /** How long the site asks to wait, in milliseconds. */
  readonly askedWait?: number | undefined;
}

/** A wait longer than this, in milliseconds, is no wait but a refusal: the step is better tried again later. */
export const longestAskedWait = 120_000;

/** Too Early (RFC 8470) and Too Many Requests are said before anything is done. */
const surelyUndone: readonly number[] = [425, 429];

/** What a status says that may pass; undefined for one that stays. `now` is in milliseconds. */
export function statusFailure({ status, headers }: Answer, now: number): Failure | undefined {
  // 501 says that there is no such function, and will go on saying so.
  const isTransient = status === 408 || surelyUndone.includes(status) || (status >= 500 && status !== 501);
  if (!isTransient) return undefined;
  return {
    kind: status === 429 ? 'rateLimit' : 'status',
    what: `was answered ${status}`,
    isSurelyUndone: surelyUndone.includes(status),
    status,
    askedWait: askedWaitMilliseconds(status, headers, now),
  };
}

/** A status that neither grants nor refuses a create, such as a redirect, behind which it may have been carried out. */
export function unclearStatus({ status }: Answer): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 400 && status < 500) return undefined;
  return { kind: 'status', what: `was answered ${status}`, isSurelyUndone: false, status };
}

export function answerFailure(error: WrongAnswer | ExcessiveAnswer): Failure {
  const kind = error instanceof ExcessiveAnswer ? 'excess' : 'answer';
  const isSurelyUndone = error instanceof WrongAnswer && error.isSurelyUndone;
  return { kind, what: `answered ${error.message}`, isSurelyUndone, cause: error };
}

export function networkFailure(fault: NetworkFault): Failure {
  return {
    kind: 'network',
    what: `failed: ${fault.message} (${fault.code})`,
    isSurelyUndone: fault.neverConnected,
    cause: fault.cause ?? fault,
  };
}

/** The error of a create after which nobody knows. `place` is the method and the path. */
export function outcomeUnknown(place: string, { what, cause }: Failure): OutcomeUnknownError {
  return new OutcomeUnknownError(
    `${place} ${what}: whether it was carried out is not known, and it was not sent again.`,
    { cause },
  );
}

/** The error after the last try. `place` is the method and the path. */
export function finalError(place: string, failure: Failure, attempts: number): AssetsBackupError {
  const { kind, what, cause, askedWait = 0 } = failure;
  const tries = attempts === 1 ? '' : `, after ${attempts} attempts`;
  if (askedWait > longestAskedWait) {
    const sentence = `${place} ${what}, and the site asks to wait ${Math.ceil(askedWait / 1000)} seconds: try again then.`;
    return kind === 'rateLimit' ? new RateLimitedError(sentence) : new SiteUnavailableError(sentence);
  }
  switch (kind) {
    case 'rateLimit':
      return new RateLimitedError(
        `${place} ${what}${tries}: lower the request budget, or try again when the site is less busy.`,
      );
    case 'answer':
      return new UnexpectedAnswerError(
        `${place} ${what}${tries}: a proxy may stand between, or the API may have changed.`,
        { cause },
      );
    case 'excess':
      return new ExcessiveAnswerError(
        `${place} ${what}${tries}: that is more than is ever read at once, so look in Assets what stands there.`,
      );
    case 'status':
    case 'network':
      return new SiteUnavailableError(`${place} ${what}${tries}: try again later; see https://status.atlassian.com.`, {
        cause,
      });
  }
}
