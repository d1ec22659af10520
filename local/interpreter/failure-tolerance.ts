/** How many failed items a distributed map puts up with. Zero is the same as not set. */
export type FailureTolerance = { count: number; percentage: number };

/**
 * Whether so many failed items fail the map. Each threshold that is set must hold, and reaching one exactly is still
 * tolerated; with none set, one failure is too many.
 */
export function exceedsTolerance(failed: number, total: number, { count, percentage }: FailureTolerance): boolean {
  if (count === 0 && percentage === 0) return failed > 0;
  const tooMany = count > 0 && failed > count;
  // Multiplied out: a quotient such as 1/3 of 100 would be rounded.
  const tooLargeAPart = percentage > 0 && failed * 100 > percentage * total;
  return tooMany || tooLargeAPart;
}
