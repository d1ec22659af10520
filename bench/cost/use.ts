import { functionNeeds, type StepFile } from '../../functions/step-list.ts';

/** Requests to a bucket, by the classes of S3's price list. */
export interface StoreRequests {
  /** PUT and LIST. */
  readonly classA: number;
  /** GET, also of what is not there. */
  readonly classB: number;
}

/** What all invocations of one step take, in one run. */
export interface StepUse {
  /** Children of a distributed map that call it; 1 for a step outside of maps. */
  readonly batches: number;
  readonly invocations: number;
  /** Of all invocations together. */
  readonly seconds: number;
  /** How many of them run side by side. */
  readonly slots: number;
  readonly siteRequests: number;
  readonly backups: StoreRequests;
  readonly work: StoreRequests;
}

export type RunUse = Readonly<Partial<Record<StepFile, StepUse>>>;

/** Sums of one run. */
export interface RunTotals {
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  /** From the first state to the last. */
  readonly seconds: number;
  readonly siteRequests: number;
  readonly backups: StoreRequests;
  readonly work: StoreRequests;
}

export function totalsOf(use: RunUse): RunTotals {
  const steps = Object.entries(use) as [StepFile, StepUse][];
  const sum = (of: (step: StepUse, file: StepFile) => number) =>
    steps.reduce((total, [file, step]) => total + of(step, file), 0);
  const requests = (bucket: 'backups' | 'work'): StoreRequests => ({
    classA: sum((step) => step[bucket].classA),
    classB: sum((step) => step[bucket].classB),
  });
  return {
    invocations: sum(({ invocations }) => invocations),
    gigabyteSeconds: sum(({ seconds }, file) => (seconds * functionNeeds[file].memoryMegabytes) / 1024),
    seconds: sum(({ seconds, slots }) => seconds / slots),
    siteRequests: sum(({ siteRequests }) => siteRequests),
    backups: requests('backups'),
    work: requests('work'),
  };
}

/** The least that a step has: one invocation that asks nobody anything. */
export const idleStep: StepUse = {
  batches: 1,
  invocations: 1,
  seconds: 0,
  slots: 1,
  siteRequests: 0,
  backups: { classA: 0, classB: 0 },
  work: { classA: 0, classB: 0 },
};
