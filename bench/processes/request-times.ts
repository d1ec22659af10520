import { subscribe } from 'node:diagnostics_channel';

/**
 * Watches the requests that this process sends through fetch: how many are under way at once, and for how long there was
 * none. A request is under way from its start until its last byte has been read from the socket.
 */
export class RequestTimes {
  most = 0;
  readonly #underWay = new Set<object>();
  #idleSince = performance.now();
  #idle = 0;

  constructor() {
    subscribe('undici:request:create', (message) => this.#started(requestOf(message)));
    subscribe('undici:request:trailers', (message) => this.#ended(requestOf(message)));
    subscribe('undici:request:error', (message) => this.#ended(requestOf(message)));
  }

  /** Seconds so far in which no request was under way. */
  get idleSeconds(): number {
    return (this.#idle + (this.#underWay.size === 0 ? performance.now() - this.#idleSince : 0)) / 1000;
  }

  #started(request: object): void {
    if (this.#underWay.size === 0) this.#idle += performance.now() - this.#idleSince;
    this.#underWay.add(request);
    this.most = Math.max(this.most, this.#underWay.size);
  }

  #ended(request: object): void {
    if (this.#underWay.delete(request) && this.#underWay.size === 0) this.#idleSince = performance.now();
  }
}

/** Node documents the messages of these channels: each holds the request that it is about. */
function requestOf(message: unknown): object {
  return (message as { readonly request: object }).request;
}
