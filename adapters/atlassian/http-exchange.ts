import ky from 'ky';
import type { JsonRecord } from '../../core/model/json.ts';
import { Answer } from './answer.ts';

/** What is said before a connection stands, so that nothing of the request can have arrived. */
const connectCodes: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** No whole answer came: no connection, a closed one, or none in time. */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault';
  /** `ECONNREFUSED` and the like, or `TIMEOUT`. */
  readonly code: string;

  /** True where no connection was made. A time-out does not say whether one was. */
  get neverConnected(): boolean {
    return connectCodes.includes(this.code);
  }

  constructor(message: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly accept: string;
  readonly authorization: string | undefined;
  readonly body: JsonRecord | undefined;
  /** A PNG image as the body. */
  readonly image?: Uint8Array | undefined;
}

/**
 * One request and its whole answer, whatever its status. Follows no redirect and tries only once.
 * `timeoutMilliseconds` is for all of it, from connecting to the last byte of the body. Throws NetworkFault.
 */
export async function exchange(
  request: HttpRequest,
  timeoutMilliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  // A signal of its own for each request: AbortSignal.any would keep each of a run's requests tied to the run's signal.
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop.abort();
  }, timeoutMilliseconds);
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) interrupt();
  try {
    const response = await ky(request.url, {
      method: request.method,
      headers: {
        accept: request.accept,
        'user-agent': 'assets-backup',
        ...(request.authorization !== undefined && { authorization: request.authorization }),
        ...(request.image && { 'content-type': 'image/png' }),
      },
      ...(request.body && { json: request.body }),
      ...(request.image && { body: new Uint8Array(request.image) }),
      redirect: 'manual',
      // Retries have to pass through the request budget and the clock, which ky knows nothing of.
      retry: 0,
      // ky's own time-out ends when the headers are there.
      timeout: false,
      throwHttpErrors: false,
      signal: stop.signal,
    });
    return new Answer(response.status, response.headers, new Uint8Array(await response.arrayBuffer()));
  } catch (error) {
    if (isLate) throw new NetworkFault(`no whole answer within ${timeoutMilliseconds / 1000} seconds`, 'TIMEOUT');
    const cause = deepestCause(error);
    throw new NetworkFault(cause.message, codeOf(cause), cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
}

/** What the system said. ky's own errors are left out: they hold the request, whose headers hold the token. */
function deepestCause(error: unknown): Error {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  // A name with several addresses fails once for each of them; the error over those has no text.
  if (deepest instanceof AggregateError && deepest.errors[0] instanceof Error) deepest = deepest.errors[0];
  return deepest instanceof Error && !('request' in deepest) ? deepest : new Error('the connection failed');
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
