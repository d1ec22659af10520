import {
  type AssetsBackupError,
  RateLimitedError,
  SiteUnavailableError,
  UnexpectedAnswerError,
} from '../../core/errors.ts';
import type { JsonRecord } from '../../core/model/json.ts';
import { type EndpointClass, endpointClasses } from '../../core/model/request-budget.ts';
import type { RequestCounts } from '../../core/ports/assets-site.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import { type Answer, WrongAnswer } from './answer.ts';
import type { BudgetPacer } from './budget-pacer.ts';
import { exchange, NetworkFault } from './http-exchange.ts';
import { interrupted } from './interrupted.ts';
import { redirectTarget } from './redirects.ts';
import { refusalOf } from './refusals.ts';
import { askedWaitMilliseconds, backoffMilliseconds } from './retry-timing.ts';

/** A request that changes nothing at the site, so that it may be sent again whatever became of it. */
export interface ReadRequest<T> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** What errors and logs call it: the path, without query values. */
  readonly path: string;
  readonly endpointClass: EndpointClass;
  readonly body?: JsonRecord;
  /** `application/json` unless told. */
  readonly accept?: string;
  /** For what answers anyone: no login is sent. */
  readonly isAnonymous?: boolean;
  /** Statuses besides 2xx that mean something here, for which `read` is called as well. */
  readonly alsoRead?: readonly number[];
  /** Makes a value of the answer. Throws WrongAnswer for what is to be asked again, or any error to give up at once. */
  read(answer: Answer): T;
}

/** How often each kind of failure is retried. */
export interface RetryLimits {
  readonly network: number;
  readonly status: number;
  readonly answer: number;
  readonly rateLimit: number;
}

/** At most 4 retries are Atlassian's advice; a 429 gets more, because every wait makes its success likelier. */
export const readRetries: RetryLimits = { network: 4, status: 4, answer: 4, rateLimit: 8 };

export interface HttpClientOptions {
  /** The value of the Authorization header. */
  readonly authorization: string;
  readonly pacer: BudgetPacer;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly retries?: RetryLimits | undefined;
  readonly timeoutMilliseconds?: number | undefined;
  readonly random?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Failure {
  readonly kind: keyof RetryLimits;
  /** What went wrong, to go after the method and the path. */
  readonly what: string;
  readonly status?: number;
  readonly cause?: unknown;
  /** How long the site asks to wait. */
  readonly askedWait?: number | undefined;
}

const defaultTimeout = 60_000;
/** A failing request is not retried any more when it has taken so long: its worker has others to do. */
const longestRetrying = 180_000;
/** A wait longer than this is no wait but a refusal: the step is better tried again later. */
const longestAskedWait = 120_000;
const mostRedirects = 3;

/** Sends reads within a request budget and retries what may pass. Its fields are private, so that nothing prints the login. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #counts = Object.fromEntries([...endpointClasses, 'retries'].map((name) => [name, 0])) as Record<
    EndpointClass | 'retries',
    number
  >;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** Requests started so far. */
  counts(): RequestCounts {
    return { ...this.#counts };
  }

  /**
   * Throws LoginRefusedError (401), PermissionRefusedError (403), NotFoundError (404), RequestRefusedError (other 4xx), and after
   * retries RateLimitedError, SiteUnavailableError or UnexpectedAnswerError. Throws InterruptedError when the signal says so.
   */
  async read<T>(request: ReadRequest<T>): Promise<T> {
    const { clock, signal, retries = readRetries } = this.#options;
    const failures: Record<keyof RetryLimits, number> = { network: 0, status: 0, answer: 0, rateLimit: 0 };
    let startedAt: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      await this.#begin(request);
      startedAt ??= clock.now();
      if (attempt > 1) this.#counts.retries += 1;

      const outcome = await this.#attempt(request, attempt);
      if ('value' in outcome) return outcome.value;
      if (signal?.aborted) throw interrupted(signal);

      const { failure } = outcome;
      failures[failure.kind] += 1;
      const { status } = failure;
      this.#reportFailure(request, attempt, status === undefined ? { error: failure.what } : { status });
      const isLastTry = failures[failure.kind] > retries[failure.kind] || clock.now() - startedAt >= longestRetrying;
      if (isLastTry || (failure.askedWait ?? 0) > longestAskedWait) throw finalError(request, failure, attempt);
      await this.#waitAfter(failure, failures[failure.kind]);
    }
  }

  /** Waits for the budget. */
  async #begin({ endpointClass }: ReadRequest<unknown>): Promise<void> {
    await this.#options.pacer.turn(endpointClass);
    this.#counts[endpointClass] += 1;
    this.#options.reporter.requested(endpointClass);
  }

  async #attempt<T>(request: ReadRequest<T>, attempt: number): Promise<{ value: T } | { failure: Failure }> {
    try {
      const answer = await this.#send(request);
      const failure = this.#failureOf(answer);
      if (failure) return { failure };
      const isOk = answer.status >= 200 && answer.status < 300;
      if (!isOk && !request.alsoRead?.includes(answer.status)) {
        this.#reportFailure(request, attempt, { status: answer.status });
        throw refusalOf(answer, placeOf(request));
      }
      return { value: request.read(answer) };
    } catch (error) {
      if (error instanceof WrongAnswer) return { failure: { kind: 'answer', what: `answered ${error.message}` } };
      if (error instanceof NetworkFault) {
        return {
          failure: { kind: 'network', what: `failed: ${error.message} (${error.code})`, cause: error.cause ?? error },
        };
      }
      throw error;
    }
  }

  /** The first request has had its turn; those that a redirect adds wait for theirs. */
  async #send(request: ReadRequest<unknown>): Promise<Answer> {
    const { authorization, timeoutMilliseconds = defaultTimeout, signal } = this.#options;
    let url = new URL(request.url);
    let sendsLogin = !request.isAnonymous;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await exchange(
        {
          method: request.method,
          url,
          accept: request.accept ?? 'application/json',
          authorization: sendsLogin ? authorization : undefined,
          body: request.body,
        },
        timeoutMilliseconds,
        signal,
      );
      if (answer.status < 300 || answer.status > 399) return answer;
      if (redirects === mostRedirects)
        throw new UnexpectedAnswerError(`${placeOf(request)} is redirected without end.`);
      const target = redirectTarget(answer, request.method, url, placeOf(request));
      // Once the login was held back it stays so, even where another site sends us back to this one.
      sendsLogin &&= target.origin === url.origin;
      url = target;
      await this.#begin(request);
    }
  }

  #failureOf({ status, headers }: Answer): Failure | undefined {
    // 501 says that there is no such function, and will go on saying so.
    const isTransient = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501);
    if (!isTransient) return undefined;
    const askedWait = askedWaitMilliseconds(status, headers, this.#options.clock.now());
    return { kind: status === 429 ? 'rateLimit' : 'status', what: `was answered ${status}`, status, askedWait };
  }

  /** What the site asks for, and every 429, concerns all requests of this worker; another failure only the one that failed. */
  async #waitAfter(failure: Failure, failuresOfKind: number): Promise<void> {
    const { clock, pacer, reporter, signal, random = Math.random } = this.#options;
    const wait = Math.max(backoffMilliseconds(failuresOfKind, random), failure.askedWait ?? 0);
    if (failure.kind === 'rateLimit' || failure.askedWait !== undefined) {
      const isLonger = pacer.holdUntil(clock.now() + wait);
      if (isLonger) reporter.event('info', 'rate-limit.waited', { seconds: Math.round(wait / 1000) });
      return;
    }
    try {
      await clock.sleep(wait, signal);
    } catch (error) {
      throw signal?.aborted ? interrupted(signal) : error;
    }
  }

  #reportFailure(
    request: ReadRequest<unknown>,
    attempt: number,
    failure: { status: number } | { error: string },
  ): void {
    this.#options.reporter.event('debug', 'request.failed', { endpoint: placeOf(request), ...failure, attempt });
  }
}

function placeOf({ method, path }: ReadRequest<unknown>): string {
  return `${method} ${path}`;
}

function finalError(request: ReadRequest<unknown>, failure: Failure, attempts: number): AssetsBackupError {
  const { kind, what, cause, askedWait = 0 } = failure;
  const place = placeOf(request);
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
      );
    case 'status':
    case 'network':
      return new SiteUnavailableError(`${place} ${what}${tries}: try again later; see https://status.atlassian.com.`, {
        cause,
      });
  }
}
