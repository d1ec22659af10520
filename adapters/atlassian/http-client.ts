import { UnexpectedAnswerError } from '../../core/errors.ts';
import { type EndpointClass, endpointClasses } from '../../core/model/request-budget.ts';
import { longestWaits, type SiteWait } from '../../core/model/site-wait.ts';
import type { RequestCounts } from '../../core/ports/assets-reader.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import { boundsOf, ExcessiveAnswer } from './answer-bounds.ts';
import { type AnswerPlace, AnswerRoom } from './answer-room.ts';
import type { BudgetLimiter } from './budget-limiter.ts';
import { exchange } from './http-exchange.ts';
import { interrupted } from './interrupted.ts';
import { NetworkFault } from './network-fault.ts';
import { notRefused, redirectTarget } from './redirects.ts';
import { deleteRefusalOf, type Refusal, refusalOf, writeRefusalOf } from './refusals.ts';
import {
  answerFailure,
  type Failure,
  finalError,
  longestAskedWait,
  networkFailure,
  outcomeUnknown,
  type RetryLimits,
  statusFailure,
  unclearStatus,
} from './request-failures.ts';
import { backoffMilliseconds } from './retry-timing.ts';
import { placeOf, type SiteRequest } from './site-request.ts';

/**
 * At most 4 retries are Atlassian's advice; a 429 gets more, because every wait makes its success likelier, and an answer beyond all
 * bounds fewer, because it is likely to come again.
 */
export const readRetries: RetryLimits = { network: 4, status: 4, answer: 4, excess: 1, rateLimit: 8 };

export interface HttpClientOptions {
  /** The value of the Authorization header. */
  readonly authorization: string;
  readonly limiter: BudgetLimiter;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly retries?: RetryLimits | undefined;
  readonly timeoutMilliseconds?: number | undefined;
  readonly random?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What kind of request it is to the site. */
interface Manner {
  /** A create must not be sent again once it may have arrived: there would be two. */
  readonly isSentOnce: boolean;
  /** The error for an answer that no retry would change. */
  readonly refusal: Refusal;
}

const reading: Manner = { isSentOnce: false, refusal: refusalOf };
const updating: Manner = { isSentOnce: false, refusal: writeRefusalOf };
const deleting: Manner = { isSentOnce: false, refusal: deleteRefusalOf };
const creating: Manner = { isSentOnce: true, refusal: writeRefusalOf };

const defaultTimeout = 60_000;
/** A failing request is not retried any more when it has taken so long: its worker has others to do. */
const longestRetrying = 180_000;
const mostRedirects = 3;

/** Sends requests within a request budget and retries what may pass. Its fields are private, so that nothing prints the login. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #counts = Object.fromEntries([...endpointClasses, 'retries', 'throttled'].map((name) => [name, 0])) as {
    -readonly [Name in keyof RequestCounts]: number;
  };

  readonly #room = new AnswerRoom();
  #waits: readonly SiteWait[] = [];
  #clockDifference: number | undefined;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** Requests started so far. */
  counts(): RequestCounts {
    return { ...this.#counts };
  }

  /** The longest times for which the site held this one back so far. */
  waits(): readonly SiteWait[] {
    return this.#waits;
  }

  /** By how many milliseconds the site's clock was ahead of ours at its last answer, give or take a second; undefined where none said. */
  clockDifference(): number | undefined {
    return this.#clockDifference;
  }

  /**
   * Sends a request that changes nothing, so that it may be sent again whatever became of it.
   * Throws LoginRefusedError (401), PermissionRefusedError (403), NotFoundError (404), RequestRefusedError (other 4xx), and after
   * retries RateLimitedError, SiteUnavailableError, UnexpectedAnswerError or ExcessiveAnswerError. Throws InterruptedError when the signal says so.
   */
  read<T>(request: SiteRequest<T>): Promise<T> {
    return this.#send(request, reading);
  }

  /** Sends a write that may be carried out twice without harm. Throws what `read` throws, with the refused fields. */
  update<T>(request: SiteRequest<T>): Promise<T> {
    return this.#send(request, updating);
  }

  /** Sends a delete, which is carried out once however often it arrives. Throws what `update` throws. */
  delete<T>(request: SiteRequest<T>): Promise<T> {
    return this.#send(request, deleting);
  }

  /**
   * Sends a write that must not be carried out twice. It is sent again only where the site cannot have done it: after a 429, and
   * where no connection was made. Throws OutcomeUnknownError where it may have been done: after a 5xx, 408 or redirect, a cut or
   * late connection, and a 2xx without the answer that belongs to it. Otherwise throws what `update` throws; after each of those
   * errors it is not done. InterruptedError alone leaves open whether it is.
   */
  create<T>(request: SiteRequest<T>): Promise<T> {
    return this.#send(request, creating);
  }

  async #send<T>(request: SiteRequest<T>, manner: Manner): Promise<T> {
    const { clock, signal, retries = readRetries } = this.#options;
    const place = placeOf(request);
    const failures: Record<keyof RetryLimits, number> = { network: 0, status: 0, answer: 0, excess: 0, rateLimit: 0 };
    let startedAt: number | undefined;
    let turn: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      turn = await this.#begin(request, turn);
      startedAt ??= clock.now();
      if (attempt > 1) this.#counts.retries += 1;

      const outcome = await this.#attempt(request, manner, attempt);
      if ('value' in outcome) return outcome.value;
      if (signal?.aborted) throw interrupted(signal);

      const { failure } = outcome;
      failures[failure.kind] += 1;
      if (failure.kind === 'rateLimit') this.#counts.throttled += 1;
      const { status, askedWait = 0 } = failure;
      this.#reportFailure(place, attempt, status === undefined ? { error: failure.what } : { status });
      if (manner.isSentOnce && !failure.isSurelyUndone) {
        // The others have to wait, although this one is not sent again.
        if (askedWait > 0 && askedWait <= longestAskedWait) this.#hold(askedWait, request.endpointClass);
        throw outcomeUnknown(place, failure);
      }
      const isLastTry = failures[failure.kind] > retries[failure.kind] || clock.now() - startedAt >= longestRetrying;
      if (isLastTry || askedWait > longestAskedWait) throw finalError(place, failure, attempt);
      await this.#waitAfter(failure, failures[failure.kind], request.endpointClass);
    }
  }

  /** Waits for the budget; a retry has waited since its first turn. */
  async #begin({ endpointClass }: SiteRequest<unknown>, since?: number): Promise<number> {
    const turn = await this.#options.limiter.turn(endpointClass, since);
    this.#counts[endpointClass] += 1;
    this.#options.reporter.requested(endpointClass);
    return turn;
  }

  async #attempt<T>(
    request: SiteRequest<T>,
    manner: Manner,
    attempt: number,
  ): Promise<{ value: T } | { failure: Failure }> {
    const place = this.#room.place();
    try {
      const answer = await this.#exchange(request, manner, place);
      if (!request.alsoRead?.includes(answer.status)) {
        const failure = this.#failureOf(answer, manner);
        if (failure) return { failure };
        if (answer.status < 200 || answer.status > 299) {
          this.#reportFailure(placeOf(request), attempt, { status: answer.status });
          throw manner.refusal(answer, placeOf(request));
        }
      }
      return { value: request.read(answer) };
    } catch (error) {
      if (error instanceof WrongAnswer || error instanceof ExcessiveAnswer) return { failure: answerFailure(error) };
      if (error instanceof NetworkFault) return { failure: networkFailure(error) };
      throw error;
    } finally {
      place.leave();
    }
  }

  /** The first request has had its turn; those that a redirect adds wait for theirs. */
  async #exchange(request: SiteRequest<unknown>, { isSentOnce }: Manner, place: AnswerPlace): Promise<Answer> {
    const { timeoutMilliseconds = defaultTimeout, signal, limiter } = this.#options;
    const { method, body, image, accept = 'application/json', authorization = this.#options.authorization } = request;
    let url = new URL(request.url);
    let hasLeft = false;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await exchange(
        { method, url, accept, authorization: hasLeft || request.isAnonymous ? undefined : authorization, body, image },
        { timeoutMilliseconds, signal, place, bounds: boundsOf(request.endpointClass) },
      ).catch((error: unknown) => {
        limiter.ended(false);
        throw error;
      });
      limiter.ended(answer.status === 429 && !hasLeft);
      const saidAt = Date.parse(answer.headers.date ?? '');
      if (!Number.isNaN(saidAt)) this.#clockDifference = saidAt - this.#options.clock.now();
      const isRedirect = answer.status >= 300 && answer.status <= 399;
      if (!isRedirect || isSentOnce) return hasLeft ? notRefused(answer, url) : answer;
      if (redirects === mostRedirects)
        throw new UnexpectedAnswerError(`${placeOf(request)} is redirected without end.`);
      const target = redirectTarget(answer, method, url, placeOf(request));
      // Once the login was held back it stays so, even where another site sends us back to this one.
      hasLeft ||= target.origin !== url.origin;
      url = target;
      await this.#begin(request);
    }
  }

  #failureOf(answer: Answer, { isSentOnce }: Manner): Failure | undefined {
    return statusFailure(answer, this.#options.clock.now()) ?? (isSentOnce ? unclearStatus(answer) : undefined);
  }

  /** What the site asks for, and every 429, concerns all requests of this worker; another failure only the one that failed. */
  async #waitAfter(failure: Failure, failuresOfKind: number, endpoint: EndpointClass): Promise<void> {
    const { clock, signal, random = Math.random } = this.#options;
    const wait = Math.max(backoffMilliseconds(failuresOfKind, random), failure.askedWait ?? 0);
    if (failure.kind === 'rateLimit' || failure.askedWait !== undefined) {
      this.#hold(wait, endpoint);
      return;
    }
    try {
      await clock.sleep(wait, signal);
    } catch (error) {
      throw signal?.aborted ? interrupted(signal) : error;
    }
  }

  /** Holds all requests of this worker back for so many milliseconds. */
  #hold(milliseconds: number, endpoint: EndpointClass): void {
    const { clock, limiter, reporter } = this.#options;
    const isLonger = limiter.holdUntil(clock.now() + milliseconds);
    if (!isLonger) return;
    const seconds = Math.round(milliseconds / 1000);
    reporter.event('info', 'rate-limit.waited', { seconds });
    const at = new Date(clock.now()).toISOString();
    this.#waits = longestWaits([...this.#waits, { at, seconds, endpoint }]);
  }

  #reportFailure(endpoint: string, attempt: number, failure: { status: number } | { error: string }): void {
    this.#options.reporter.event('debug', 'request.failed', { endpoint, ...failure, attempt });
  }
}
