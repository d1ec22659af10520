import { type Bench, backUp } from '../bench.ts';
import { budgetOfEach } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import { shareUsed } from '../share-used.ts';

/** Requests a minute that the site allows to each endpoint, and that the backup may use. */
const limit = 1_000;
/** One request for each object, all wanted at once; other endpoints wait for answers before they know what to ask. */
const busyEndpoints = ['history', 'comments'] as const;

/** A full backup in real time, against a site that refuses what is too much. */
export async function measureRealBudget({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const objects = sizes.budgetObjects;
  progress(
    `backup of ${objects} objects within ${limit} requests a minute: some ${Math.ceil(objects / limit)} minutes`,
  );
  const seed = { objects, types: 20, shareWithComments: 0.01 };
  const site = await PretendSite.start(workshop, { seed, limits: { default: limit } });
  const directory = workshop.folder();
  await backUp(workshop, { directory, site: site.ready, budget: budgetOfEach(limit), activity: true });
  const report = await site.report();
  await site.stop();
  return {
    heading: `budget: full backup of ${objects.toLocaleString('en-US')} objects in real time, ${limit.toLocaleString('en-US')} requests a minute and endpoint`,
    figures: [
      {
        what: 'answers 429 of a site that enforces it',
        measured: report.rejected,
        unit: units.refusals,
        bound: { kind: 'at most', value: 0 },
      },
      ...busyEndpoints.map((endpoint) => ({
        what: `budget used while there is work: ${endpoint}`,
        // The very first asks, before the work is planned, whether the site has this endpoint at all.
        measured: shareUsed(report.arrivals[endpoint]?.slice(1), limit),
        unit: units.percent,
        bound: { kind: 'at least', value: 95 } as const,
      })),
      {
        what: 'most requests in any 60 s to one endpoint',
        measured: Math.max(...Object.values(report.busiestMinute)),
        unit: units.requestsPerMinute,
        bound: { kind: 'at most', value: limit },
      },
    ],
    notes: ['all counted by the server; work: from the first to the last object of which it is asked'],
  };
}
