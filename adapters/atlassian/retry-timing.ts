import type { IncomingHttpHeaders } from 'node:http';

/**
 * Source of the numbers: "build an app that respects rate limits" of Atlassian (reference, section 4): at most 4 retries,
 * 2 seconds doubling to 30, jitter of 0.7 to 1.3, Retry-After is the minimum.
 */
const firstDelay = 2000;
const longestDelay = 30_000;

/** Milliseconds before the retry after the `failures`-th failure. `random` gives 0 up to 1. */
export function backoffMilliseconds(failures: number, random: () => number): number {
  return Math.min(firstDelay * 2 ** (failures - 1), longestDelay) * (0.7 + 0.6 * random());
}

/**
 * How long the site asks to wait, in milliseconds; undefined where it does not say. `Retry-After` is seconds or an HTTP date;
 * `X-RateLimit-Reset` is an ISO time that comes with a 429 (reference, section 4; not documented for Assets itself).
 */
export function askedWaitMilliseconds(status: number, headers: IncomingHttpHeaders, now: number): number | undefined {
  const retryAfter = headers['retry-after']?.trim();
  if (retryAfter && /^\d+(\.\d+)?$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const time = timeOf(retryAfter) ?? (status === 429 ? timeOf(headers['x-ratelimit-reset']?.toString()) : undefined);
  return time === undefined ? undefined : Math.max(0, time - now);
}

/** Not for numbers: Date.parse takes "60" for a year. */
function timeOf(text: string | undefined): number | undefined {
  const time = text && /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
