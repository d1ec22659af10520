import type { EndpointName } from './endpoint.ts';

/** Requests a minute; an endpoint that is not named has the `default`, and without one no limit. */
export interface RateLimitOptions {
  /**
   * Start from the limits that are documented: 500, 1000 or 2000 a minute, for the endpoints of Assets that name one, and Jira's
   * bursts a second.
   */
  documented?: boolean;
  default?: number;
  /** For all endpoints together; JSDCLOUD-11605 quotes 10,000 a minute per instance. */
  overall?: number;
  perEndpoint?: Partial<Record<EndpointName, number>>;
  /** Length of the window, for tests that cannot wait; a minute by default. */
  windowMs?: number;
}

/** "Every API key is allowed to perform N requests per minute to this endpoint" in the specification of 2026. */
export const documentedLimits: Partial<Record<EndpointName, number>> = {
  'objecttype-attributes': 2000,
  'object-aql': 1000,
  totalcount: 500,
  object: 2000,
  'object-create': 2000,
  'connected-tickets': 2000,
};

/** A sliding window per endpoint. Refused requests do not count against the limit. */
export class RateLimits {
  readonly #limits: Partial<Record<EndpointName, number>>;
  readonly #default: number | undefined;
  readonly #overall: number | undefined;
  readonly #windowMs: number;
  readonly #admitted = new Map<EndpointName, AdmittedTimes>();
  readonly #all = new AdmittedTimes();

  constructor(options: RateLimitOptions = {}) {
    this.#limits = { ...(options.documented ? documentedLimits : {}), ...options.perEndpoint };
    this.#default = options.default;
    this.#overall = options.overall;
    this.#windowMs = options.windowMs ?? 60_000;
  }

  /** Admits a request (undefined) or says in how many milliseconds the next one would be admitted. */
  admit(endpoint: EndpointName, nowMs: number): number | undefined {
    const own = this.#admitted.get(endpoint) ?? new AdmittedTimes();
    this.#admitted.set(endpoint, own);
    const waitMs = Math.max(
      own.wait(this.#limits[endpoint] ?? this.#default, this.#windowMs, nowMs),
      this.#all.wait(this.#overall, this.#windowMs, nowMs),
    );
    if (waitMs > 0) return waitMs;
    own.add(nowMs);
    this.#all.add(nowMs);
    return undefined;
  }
}

/** A queue whose head moves, since shifting an array of thousands for each request would cost more than the request. */
export class AdmittedTimes {
  #times: number[] = [];
  #head = 0;

  /** How long until one more fits into the window that ends then; 0 where it fits now. */
  wait(limit: number | undefined, windowMs: number, nowMs: number): number {
    this.#forgetUntil(nowMs - windowMs);
    if (limit === undefined || this.#times.length - this.#head < limit) return 0;
    return Math.max(1, (this.#times[this.#head] ?? nowMs) + windowMs - nowMs);
  }

  add(atMs: number): void {
    this.#times.push(atMs);
  }

  #forgetUntil(atMs: number): void {
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= atMs) this.#head += 1;
    if (this.#head > 4096) {
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
  }
}
