import type { RunTotals } from './use.ts';

/**
 * List prices of us-east-1 in US dollars, without any free tier. Nothing here asks AWS for them: check them before you rely
 * on a sum, and change them here; the page follows.
 */
export const prices = {
  asOf: 'November 2026',
  region: 'us-east-1',
  stateTransition: 25 / 1e6,
  /** Lambda on ARM. */
  gigabyteSecond: 0.0000133334,
  invocation: 0.2 / 1e6,
  /** PUT and LIST; GET. */
  classA: 0.005 / 1_000,
  classB: 0.0004 / 1_000,
  /** Of storage, class Standard. */
  gigabyteMonth: 0.023,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  /** A metric of one's own. */
  metricMonth: 0.3,
  keyMonth: 1,
} as const;

/** US dollars for one run; without what it stores. */
export function priceOf(totals: RunTotals, transitions: number): Readonly<Record<PricePart, number>> {
  const classA = totals.backups.classA + totals.work.classA;
  const classB = totals.backups.classB + totals.work.classB;
  return {
    'Step Functions': transitions * prices.stateTransition,
    Lambda: totals.gigabyteSeconds * prices.gigabyteSecond + totals.invocations * prices.invocation,
    'S3 requests': classA * prices.classA + classB * prices.classB,
  };
}

export const priceParts = ['Step Functions', 'Lambda', 'S3 requests'] as const;
export type PricePart = (typeof priceParts)[number];

/** US dollars a month for storing so many bytes. */
export function storageMonth(bytes: number): number {
  return (bytes / 1e9) * prices.gigabyteMonth;
}
