import type { EndpointName } from './http/endpoint.ts';
import { type FaultRule, Faults } from './http/faults.ts';
import { JiraLimits } from './http/jira-limits.ts';
import { Login, type LoginOptions } from './http/login.ts';
import { type RateLimitOptions, RateLimits } from './http/rate-limits.ts';
import type { SimulatedRequest } from './http/request.ts';
import { RequestCounters } from './http/request-counters.ts';
import { type RequestHook, SiteServer } from './http/site-server.ts';
import { assetsRoutes, jiraRoutes } from './routes/all-routes.ts';
import { documentedQuirks, type Quirks } from './site/quirks.ts';
import type { SimulatedSite } from './site/simulated-site.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface SimulatorOptions {
  site: SimulatedSite;
  /** Any free port by default. */
  port?: number;
  host?: string;
  login?: LoginOptions;
  /** No limits by default. */
  limits?: RateLimitOptions;
  faults?: readonly FaultRule[];
  /** How long each answer takes, all the same or by endpoint. */
  latencyMs?: number | ((endpoint: EndpointName) => number);
  quirks?: Partial<Quirks>;
  /** Time for rate limits, arrival times and what is written; the system's by default. */
  clock?: Clock;
  /** Start of the links inside answers; the simulator's own address by default, so that icons can be fetched. */
  linkBase?: string;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT`; serves as the site's address and as the API's. */
  readonly url: string;
  /** The state behind the API; tests may look at it and change it. */
  readonly site: SimulatedSite;
  readonly requests: RequestCounters;
  readonly faults: Faults;
  /** May be changed while the simulator runs. */
  readonly quirks: Quirks;
  readonly login: Login;
  readonly credentials: { username: string; apiToken: string };
  /** Called before each request to this endpoint (or any, with `*`) is answered; returns a function that ends it. */
  onRequest(endpoint: EndpointName | '*', hook: RequestHook): () => void;
  /** The login stops working, as when its token is revoked in the middle of a run. */
  revokeLogin(): void;
  /** Stops at once, with requests that hang as well. */
  close(): Promise<void>;
}

export type { EndpointName, FaultRule, LoginOptions, Quirks, RateLimitOptions, RequestHook, SimulatedRequest };

/** Starts a pretend Atlassian site on a port of its own. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const quirks: Quirks = { ...documentedQuirks, ...options.quirks };
  const clock = options.clock ?? { now: () => Date.now() };
  const login = new Login(options.login);
  const faults = new Faults(options.faults);
  const requests = new RequestCounters();
  const latency = options.latencyMs ?? 0;
  options.site.useClock(() => clock.now());
  const server = new SiteServer({
    site: options.site,
    quirks,
    clock,
    login,
    faults,
    requests,
    limits: new RateLimits(options.limits),
    jiraLimits: new JiraLimits({ bursts: options.limits?.documented ?? false }),
    latencyMs: typeof latency === 'number' ? () => latency : latency,
    assetsRoutes,
    jiraRoutes,
  });
  const url = await server.listen(options.host ?? '127.0.0.1', options.port ?? 0);
  options.site.quirks = quirks;
  options.site.configurationChanged();
  options.site.linkBase = options.linkBase ?? url;
  return {
    url,
    site: options.site,
    requests,
    faults,
    quirks,
    login,
    credentials: { username: login.username, apiToken: login.apiToken },
    onRequest: (endpoint, hook) => server.onRequest(endpoint, hook),
    revokeLogin: () => login.revoke(),
    close: () => server.close(),
  };
}
