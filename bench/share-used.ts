/**
 * Requests a minute from the first to the last arrival, in percent of the limit.
 * @param arrivals milliseconds since 1970
 */
export function shareUsed(arrivals: readonly number[] = [], requestsPerMinute: number): number {
  const minutes = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 60_000;
  return (100 * (arrivals.length - 1)) / minutes / requestsPerMinute;
}
