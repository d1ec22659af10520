import type { CountedSite } from './cost/counts.ts';

/** Sites that are backed up night after night, evenly spread as those of docs/cost-and-limits.md are. */
export function nightSite(objects: number): CountedSite {
  const [schemas, types] = objects < 20_000 ? [3, 30] : [10, 150];
  return {
    ...{ objects, schemas, types, shareOfFirstType: 1 / types },
    ...{ shareWithComments: 0.2, shareChanged: 0.01, workSeconds: 480 },
  };
}
