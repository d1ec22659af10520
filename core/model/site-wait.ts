import type { EndpointClass } from './request-budget.ts';

/** For how long a worker held its requests back, because the site refused one or asked for time. */
export interface SiteWait {
  /** When it began (ISO 8601). */
  readonly at: string;
  readonly seconds: number;
  /** Of the request that was refused. */
  readonly endpoint: EndpointClass;
}

const kept = 10;

/** The longest of them, the longest first: the others say nothing more. */
export function longestWaits(waits: readonly SiteWait[]): SiteWait[] {
  return waits.toSorted((one, other) => other.seconds - one.seconds).slice(0, kept);
}
