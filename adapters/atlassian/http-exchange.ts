import type { JsonRecord } from '../../core/model/json.ts';
import { Answer } from './answer.ts';
import { type AnswerBounds, ExcessiveAnswer, smallBytes } from './answer-bounds.ts';
import type { AnswerPlace } from './answer-room.ts';

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
 * One request and its whole answer, whatever its status; of an answer that is no success only the beginning, since its status says
 * what matters. Follows no redirect and tries only once. `timeoutMilliseconds` is for all of it, from connecting to the last byte
 * of the body, and anew once a large answer has got its place. Throws NetworkFault, and ExcessiveAnswer for too many bytes.
 */
export async function exchange(
  request: HttpRequest,
  {
    timeoutMilliseconds,
    signal,
    place,
    bounds,
  }: {
    readonly timeoutMilliseconds: number;
    readonly signal: AbortSignal | undefined;
    readonly place: AnswerPlace;
    readonly bounds: AnswerBounds;
  },
): Promise<Answer> {
  const end = new End(timeoutMilliseconds, signal);
  try {
    const response = await end.orElse(send(request, end.signal), ({ body }) => void body?.cancel().catch(ignored));
    const body = await bodyOf(response, { end, place, mostBytes: bounds.bytes });
    return new Answer(response.status, response.headers, body, bounds.values);
  } catch (error) {
    if (error instanceof ExcessiveAnswer) throw error;
    if (end.isLate) throw new NetworkFault(`no whole answer within ${timeoutMilliseconds / 1000} seconds`, 'TIMEOUT');
    const cause = deepestCause(error);
    throw new NetworkFault(cause.message, codeOf(cause), cause);
  } finally {
    end.isOver();
  }
}

function send(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  const { image } = request;
  return fetch(request.url, {
    method: request.method,
    headers: {
      accept: request.accept,
      'user-agent': 'assets-backup',
      ...(request.authorization !== undefined && { authorization: request.authorization }),
      ...(request.body && { 'content-type': 'application/json' }),
      ...(image && { 'content-type': 'image/png' }),
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
    ...(image && { body: new Uint8Array(image) }),
    redirect: 'manual',
    signal,
  });
}

/** Bytes are counted as they are unpacked, so that a body is left where it has too many and not when it is all in memory. */
async function bodyOf(
  { ok, body }: Response,
  { end, place, mostBytes }: { readonly end: End; readonly place: AnswerPlace; readonly mostBytes: number },
): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const leave = () => void reader.cancel().catch(ignored);
  // It ends a read that waits, and closes the connection.
  end.signal.addEventListener('abort', leave, { once: true });
  const pieces: Uint8Array[] = [];
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    end.signal.throwIfAborted();
    if (done) return joined(pieces);
    pieces.push(value);
    bytes += value.length;
    if (bytes > smallBytes && !ok) {
      leave();
      return joined(pieces).subarray(0, smallBytes);
    }
    if (bytes > mostBytes) {
      leave();
      throw new ExcessiveAnswer(`more than ${mostBytes / 2 ** 20} MB`);
    }
    if (bytes > smallBytes && !place.isLarge) await end.pausedFor(place.beLarge());
  }
}

/** Lets go of each piece as soon as it is copied. */
function joined(pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    whole.set(piece, at);
    at += piece.length;
    pieces[index] = nothing;
  }
  return whole;
}

const nothing = new Uint8Array();

/**
 * When an exchange is to end: after its time, or with the run. fetch is told, but is not relied on: its link to a signal is held
 * weakly, and a garbage collection while a body is read may take it where something (ky, a tracer) stands between that copies the
 * request (nodejs/undici 4068, nodejs/node 55428; findings/fetch-abort-after-gc.sh).
 */
class End {
  isLate = false;
  readonly #controller = new AbortController();
  readonly #ended = Promise.withResolvers<never>();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout;
  readonly #run: AbortSignal | undefined;

  /** @param run a signal of its own for each exchange: AbortSignal.any would keep each tied to the run's for the whole run */
  constructor(milliseconds: number, run: AbortSignal | undefined) {
    this.#ended.promise.catch(ignored);
    this.#milliseconds = milliseconds;
    this.#timer = this.#timed();
    this.#run = run;
    run?.addEventListener('abort', this.#stop, { once: true });
    if (run?.aborted) this.#stop();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the work gives, unless the end comes first; what it gives after that goes to `late`. */
  async orElse<T>(work: Promise<T>, late: (value: T) => void): Promise<T> {
    work.then((value) => {
      if (this.signal.aborted) late(value);
    }, ignored);
    return Promise.race([work, this.#ended.promise]);
  }

  /** Waits for what is no matter of the site; then its time begins anew. */
  async pausedFor(work: Promise<void>): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.race([work, this.#ended.promise]);
    this.#timer = this.#timed();
  }

  /** The exchange has ended by itself. */
  isOver(): void {
    clearTimeout(this.#timer);
    this.#run?.removeEventListener('abort', this.#stop);
  }

  #timed(): NodeJS.Timeout {
    return setTimeout(() => {
      this.isLate = true;
      this.#stop();
    }, this.#milliseconds);
  }

  readonly #stop = () => {
    this.#controller.abort();
    this.#ended.reject(this.signal.reason);
  };
}

const ignored = () => undefined;

/** What the system said: fetch's own error only says that it failed. */
function deepestCause(error: unknown): Error {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  // A name with several addresses fails once for each of them; the error over those has no text.
  if (deepest instanceof AggregateError && deepest.errors[0] instanceof Error) deepest = deepest.errors[0];
  return deepest instanceof Error ? deepest : new Error('the connection failed');
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
