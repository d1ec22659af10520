import { type Bench, restore, storeSite } from '../bench.ts';
import { budgetOfEach } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import { shareUsed } from '../share-used.ts';

/** Requests a minute that the target allows to each endpoint, and that the restore may use. */
const limit = 1_000;
/** One request for each object, all wanted at once. */
const busyEndpoints = ['object-create', 'object-update'] as const;

/** A restore in real time, to a site that refuses what is too much; each object is written twice. */
export async function measureWriteBudget({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const objects = sizes.writtenObjects;
  progress(
    `restore of ${objects} objects within ${limit} writes a minute: some ${Math.ceil((2 * objects) / limit)} minutes`,
  );
  const stored = await storeSite(workshop, { seed: { rings: objects }, activity: false });
  const target = await PretendSite.start(workshop, { seed: 'empty', limits: { default: limit } });
  await restore(workshop, { ...stored, site: target.ready, budget: budgetOfEach(limit), dryRun: false });
  const report = await target.report();
  await target.stop();
  return {
    heading: `write-budget: restore of ${objects.toLocaleString('en-US')} objects in circles in real time, ${limit.toLocaleString('en-US')} requests a minute and endpoint`,
    figures: [
      {
        what: 'answers 429 of a site that enforces it',
        measured: report.rejected,
        unit: units.refusals,
        bound: { kind: 'at most', value: 0 },
      },
      ...busyEndpoints.map((endpoint) => ({
        what: `budget used while there is work: ${endpoint}`,
        measured: shareUsed(report.arrivals[endpoint], limit),
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
    notes: ['all counted by the server; work: from the first to the last object that is written'],
  };
}
