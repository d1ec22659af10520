import type { RunTotals } from './run-totals.ts';

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
  /** Each that the account has beyond three. */
  dashboardMonth: 3,
} as const;

/** What a stack keeps, whether it backs up or not, and what a month of it costs; a test holds the numbers against the template. */
export const standing = {
  secrets: { count: 2, month: prices.secretMonth },
  alarms: { count: 13, month: prices.alarmMonth },
  'metrics written every hour': { count: 3, month: prices.metricMonth },
  "keys: that of the alarms' topic": { count: 1, month: prices.keyMonth },
} as const;

export const standingMonth = Object.values(standing).reduce((sum, { count, month }) => sum + count * month, 0);

/** US dollars for one run; without what it stores. */
export function priceOf(run: RunTotals): Readonly<Record<PricePart, number>> {
  return {
    'Step Functions': run.transitions * prices.stateTransition,
    Lambda: run.gigabyteSeconds * prices.gigabyteSecond + run.invocations * prices.invocation,
    'S3 requests': (run.backupsA + run.workA) * prices.classA + (run.backupsB + run.workB) * prices.classB,
  };
}

export const priceParts = ['Step Functions', 'Lambda', 'S3 requests'] as const;
export type PricePart = (typeof priceParts)[number];

/** US dollars a month for storing so many bytes. */
export function storageMonth(bytes: number): number {
  return (bytes / 1e9) * prices.gigabyteMonth;
}
