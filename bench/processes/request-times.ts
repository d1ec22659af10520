import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/**
 * Watches the requests that this process sends through `node:http`: how many are under way at once, and for how long there was
 * none. A request is under way from its start until its last byte has been read from the socket.
 */
export class RequestTimes {
  most = 0;
  readonly #underWay = new Set<object>();
  #idleSince = performance.now();
  #idle = 0;

  constructor() {
    subscribe('http.client.request.start', (message) => this.#started(requestOf(message)));
  }

  /** Seconds so far in which no request was under way. */
  get idleSeconds(): number {
    return (this.#idle + (this.#underWay.size === 0 ? performance.now() - this.#idleSince : 0)) / 1000;
  }

  #started(request: ClientRequest): void {
    if (this.#underWay.size === 0) this.#idle += performance.now() - this.#idleSince;
    this.#underWay.add(request);
    this.most = Math.max(this.most, this.#underWay.size);
    request.once('close', () => this.#ended(request));
  }

  #ended(request: object): void {
    if (this.#underWay.delete(request) && this.#underWay.size === 0) this.#idleSince = performance.now();
  }
}

/** Node documents the messages of this channel: each holds the request that it is about. */
function requestOf(message: unknown): ClientRequest {
  return (message as { readonly request: ClientRequest }).request;
}
