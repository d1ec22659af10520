import type { CountedSite } from './counts.ts';

/** Of an invocation that has its 15 minutes, as the steps' margin leaves them. */
const workSeconds = 480;

function site(
  objects: number,
  schemas: number,
  types: number,
  more: Partial<Pick<CountedSite, 'shareOfFirstType' | 'shareWithComments' | 'shareChanged' | 'workSeconds'>> = {},
): CountedSite {
  return {
    ...{ objects, schemas, types, shareOfFirstType: 0.5, shareWithComments: 0.2, shareChanged: 0.01, workSeconds },
    ...more,
  };
}

/** The sites whose runs give the coefficients. They differ in all that a run's cost depends on; so some change more than sites do. */
export const fittedSites: readonly CountedSite[] = [
  site(100, 1, 1, { shareWithComments: 0 }),
  site(200, 1, 8, { shareOfFirstType: 0.1, shareWithComments: 0.5, shareChanged: 0.3 }),
  site(300, 4, 8),
  site(500, 2, 20, { shareOfFirstType: 0.3, shareWithComments: 0.1, shareChanged: 0.5 }),
  site(800, 3, 4, { shareWithComments: 0 }),
  site(1_000, 1, 1, { shareChanged: 0.2 }),
  site(1_000, 6, 30, { shareWithComments: 0.33 }),
  site(1_200, 10, 25, { shareOfFirstType: 0.2, shareWithComments: 0.05 }),
  site(1_500, 2, 2, { shareOfFirstType: 0.9 }),
  // Many changes make two batches of a night, so that what a batch takes is told apart from what a night takes.
  site(2_400, 1, 1, { shareChanged: 0.5 }),
  site(3_000, 5, 40, { shareWithComments: 0.1 }),
  site(3_000, 1, 1, { shareWithComments: 0.1 }),
  // Invocations that are short of time hand back many times.
  site(400, 2, 6, { workSeconds: 25 }),
  site(900, 1, 3, { shareOfFirstType: 0.8, shareWithComments: 0.1, workSeconds: 30 }),
  site(1_300, 1, 1, { workSeconds: 10 }),
  site(1_600, 2, 12, { workSeconds: 40 }),
];

/** Further ones, which the coefficients know nothing of: what is foretold for them is held against their counts. */
export const heldOutSites: readonly CountedSite[] = [
  site(1_200, 2, 5, { workSeconds: 35 }),
  site(4_000, 1, 1),
  site(5_000, 8, 60, { shareOfFirstType: 0.2 }),
];
