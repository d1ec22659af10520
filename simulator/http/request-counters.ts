import { type EndpointName, isWrite } from './endpoint.ts';

export interface LoggedRequest {
  endpoint: EndpointName;
  method: string;
  path: string;
  /** 0 when no answer was given (connection closed, or hanging). */
  status: number;
  atMs: number;
}

/** The log keeps this many of the newest requests; counters and arrival times keep all. */
const logLimit = 50_000;

/** What the simulator was asked: counters that are always complete, and a log of the newest requests. */
export class RequestCounters {
  /** All requests, answered or not. */
  total = 0;
  /** Requests that a rate limit refused. */
  rejected = 0;
  readonly byEndpoint: Partial<Record<EndpointName, number>> = {};
  readonly rejectedByEndpoint: Partial<Record<EndpointName, number>> = {};
  readonly byStatus: Record<number, number> = {};
  /** Requests being answered now, and the most there have been at once. */
  inFlight = 0;
  mostInFlight = 0;
  #log: LoggedRequest[] = [];
  #writes: LoggedRequest[] = [];
  #arrivals: Partial<Record<EndpointName, number[]>> = {};

  /** The newest requests, oldest first. A request enters it when it has been answered. */
  get log(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** All requests that changed something or tried to, refused ones included; none is ever dropped. */
  get writes(): readonly LoggedRequest[] {
    return this.#writes;
  }

  /** How many writes there were by endpoint; only successful ones (2xx) when asked. */
  writesByEndpoint({ onlySuccessful = false } = {}): Partial<Record<EndpointName, number>> {
    const counts: Partial<Record<EndpointName, number>> = {};
    for (const { endpoint, status } of this.#writes) {
      if (onlySuccessful && (status < 200 || status > 299)) continue;
      counts[endpoint] = (counts[endpoint] ?? 0) + 1;
    }
    return counts;
  }

  count(endpoint: EndpointName): number {
    return this.byEndpoint[endpoint] ?? 0;
  }

  /** When each request to an endpoint arrived, refused ones included. */
  arrivals(endpoint: EndpointName): readonly number[] {
    return this.#arrivals[endpoint] ?? [];
  }

  /** The largest number of requests to an endpoint that arrived within any window of this length. */
  busiestWindow(endpoint: EndpointName, windowMs = 60_000): number {
    const times = this.arrivals(endpoint);
    let start = 0;
    let most = 0;
    for (const [index, time] of times.entries()) {
      while ((times[start] ?? time) <= time - windowMs) start += 1;
      most = Math.max(most, index - start + 1);
    }
    return most;
  }

  reset(): void {
    this.total = 0;
    this.rejected = 0;
    for (const counter of [this.byEndpoint, this.rejectedByEndpoint, this.byStatus]) {
      for (const name of Object.keys(counter)) delete (counter as Record<string, number>)[name];
    }
    this.mostInFlight = this.inFlight;
    this.#log = [];
    this.#writes = [];
    this.#arrivals = {};
  }

  /** Records an arrival and gives the number of earlier requests to the endpoint. */
  arrived(endpoint: EndpointName, atMs: number): number {
    const index = this.count(endpoint);
    this.total += 1;
    this.byEndpoint[endpoint] = index + 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const arrivals = this.#arrivals[endpoint] ?? [];
    this.#arrivals[endpoint] = arrivals;
    arrivals.push(atMs);
    return index;
  }

  rejectedByLimit(endpoint: EndpointName): void {
    this.rejected += 1;
    this.rejectedByEndpoint[endpoint] = (this.rejectedByEndpoint[endpoint] ?? 0) + 1;
  }

  answered(request: LoggedRequest): void {
    this.inFlight -= 1;
    this.byStatus[request.status] = (this.byStatus[request.status] ?? 0) + 1;
    this.#log.push(request);
    if (isWrite(request.endpoint, request.method)) this.#writes.push(request);
    if (this.#log.length >= 2 * logLimit) this.#log = this.#log.slice(-logLimit);
  }
}
