import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { giveBackIfWhole } from '../../core/give-back.ts';
import { Answer } from './answer.ts';
import { type AnswerBounds, ExcessiveAnswer, smallBytes } from './answer-bounds.ts';
import type { AnswerPlace } from './answer-room.ts';
import { type HttpRequest, send } from './http-request.ts';
import { onInterruption } from './interrupted.ts';
import { NetworkFault, networkFaultOf } from './network-fault.ts';
import { unpacked } from './unpacked.ts';

export interface ExchangeLimits {
  readonly timeoutMilliseconds: number;
  readonly signal: AbortSignal | undefined;
  readonly place: AnswerPlace;
  readonly bounds: AnswerBounds;
}

/** How long a connection may take to stand, in milliseconds, TLS included: as long as that with Node's fetch. */
const mostConnecting = 10_000;

/**
 * One request and its whole answer, whatever its status; of an answer that is no success only the beginning, since its status says
 * what matters. Follows no redirect and tries only once. `timeoutMilliseconds` is for all of it, from connecting to the last byte
 * of the body, and anew once a large answer has got its place. Throws NetworkFault, and ExcessiveAnswer for too many bytes.
 */
export async function exchange(request: HttpRequest, limits: ExchangeLimits): Promise<Answer> {
  if (limits.signal?.aborted) throw new NetworkFault('the run was interrupted', 'ABORTED');
  return new Exchange(request, limits).answer;
}

/**
 * What comes first ends it: the last byte, a fault, a byte too many, its time or the run; only the last byte leaves the connection to
 * others. Built on events, since an end has to come also where nothing else does any more; fetch with its streams took a third of the
 * time of a run without limits (decision 74).
 */
class Exchange {
  readonly answer: Promise<Answer>;
  readonly #limits: ExchangeLimits;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  readonly #sent: ClientRequest;
  #response: IncomingMessage | undefined;
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #connecting: NodeJS.Timeout | undefined;
  readonly #stopListening: (() => void) | undefined;

  constructor(request: HttpRequest, limits: ExchangeLimits) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#limits = limits;
    this.#sent = send(request);
    this.#sent.once('response', (response) => this.#read(response));
    this.#sent.on('error', this.#fault);
    // Last, and without a word where the site wants to speak another protocol.
    this.#sent.once('close', () => !this.#response && this.#fail(closed()));
    this.#limitConnecting();
    this.#limitTime();
    const interrupt = () => this.#fail(new NetworkFault('the run was interrupted', 'ABORTED'));
    this.#stopListening = limits.signal && onInterruption(limits.signal, interrupt);
  }

  /** From the beginning, since through a proxy's tunnel a socket comes only once TLS stands. */
  #limitConnecting(): void {
    const fault = () =>
      this.#fail(new NetworkFault(`no connection within ${mostConnecting / 1000} seconds`, 'CONNECT_TIMEOUT'));
    this.#connecting = setTimeout(fault, mostConnecting);
    this.#sent.once('socket', (socket) => {
      if (!socket.connecting) return clearTimeout(this.#connecting);
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => clearTimeout(this.#connecting));
    });
  }

  #limitTime(): void {
    const { timeoutMilliseconds } = this.#limits;
    const fault = () =>
      this.#fail(new NetworkFault(`no whole answer within ${timeoutMilliseconds / 1000} seconds`, 'TIMEOUT'));
    this.#timer = setTimeout(fault, timeoutMilliseconds);
  }

  /** Bytes are counted as they are unpacked, so that a body is left where it has too many and not when it is all in memory. */
  #read(response: IncomingMessage): void {
    this.#response = response;
    const body = unpacked(response);
    body.on('data', (piece: Buffer) => this.#take(piece, body, response));
    body.on('error', this.#fault);
    body.once('end', () => this.#finish(response));
    // Of a body that is cut, where no error tells of it.
    response.once('close', () => !response.complete && this.#fail(closed()));
  }

  #take(piece: Buffer, body: Readable, response: IncomingMessage): void {
    if (this.#isOver) return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes <= smallBytes) return;
    const { place, bounds } = this.#limits;
    if (!isSuccess(response)) {
      this.#finish(response);
      this.#sent.destroy();
    } else if (this.#bytes > bounds.bytes) {
      this.#fail(new ExcessiveAnswer(`more than ${bounds.bytes / 2 ** 20} MB`));
    } else if (!place.isLarge) this.#waitForPlace(body);
  }

  /** What it waits for is no matter of the site, which is held back meanwhile; its time begins anew. */
  #waitForPlace(body: Readable): void {
    body.pause();
    clearTimeout(this.#timer);
    void this.#limits.place.beLarge().then(() => {
      if (this.#isOver) return;
      this.#limitTime();
      body.resume();
    });
  }

  #finish(response: IncomingMessage): void {
    if (this.#isOver) return;
    this.#end();
    const bytes = joined(this.#pieces);
    const kept = isSuccess(response) ? bytes : bytes.subarray(0, smallBytes);
    this.#resolve(new Answer(response.statusCode ?? 0, response.headers, kept, this.#limits.bounds.values));
  }

  readonly #fault = (error: Error) => this.#fail(networkFaultOf(error));

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#end();
    this.#sent.destroy();
    this.#reject(error);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#connecting);
    this.#stopListening?.();
  }
}

const closed = () => new NetworkFault('the connection was closed', 'ECONNRESET');

const isSuccess = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 200 && statusCode <= 299;

/** In a buffer of its own, which whoever has it may give back: a piece may lie in one with others. Lets go of each as soon as it is copied. */
function joined(pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    whole.set(piece, at);
    at += piece.length;
    pieces[index] = nothing;
    giveBackIfWhole(piece);
  }
  return whole;
}

const nothing = new Uint8Array();
