import { type Bench, restore, storeSite } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type Figure, type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { SiteInput, SiteReport } from '../processes/site.ts';

const plainObjects = 5_000;
const plainTypes = 20;
const ringObjects = 2_000;

/** Beyond these a target is only asked for its configuration, which takes as many requests whatever objects it holds. */
const objectEndpoints = ['object-create', 'object-update', 'comment-create'];
/** The most objects that one page gives. */
const pageSize = 500;

/** How many requests a restore to an empty site sends for each object, as the server counts them. */
export async function measureRestoreRequests(bench: Bench): Promise<FigureGroup> {
  const plain = await restored(bench, { objects: plainObjects, types: plainTypes }, false);
  const worst = await restored(bench, { rings: ringObjects }, true);
  return {
    heading: 'restore-requests: restore to an empty site',
    figures: [
      ...figuresOf(
        `${plainObjects.toLocaleString('en-US')} objects of ${plainTypes} types, no circles, no activity`,
        plain,
        1.05,
      ),
      ...figuresOf(
        `${ringObjects.toLocaleString('en-US')} objects, all in circles, commented, changed`,
        worst,
        2.05 + worst.comments / worst.created,
      ),
    ],
    notes: [
      'limit: 1.05 an object, 2.05 where it is in a circle of references, and 1 for each comment and part of a history',
      'floor: each object, reference of a circle and comment written once, and the objects read back in full pages',
      'the original scripts send 16.8 requests for each object of 8 attributes (as those in circles are), 36.4 of 28',
    ],
  };
}

interface Restored {
  readonly created: number;
  readonly comments: number;
  readonly report: SiteReport;
}

async function restored({ workshop, progress }: Bench, seed: SiteInput['seed'], activity: boolean): Promise<Restored> {
  progress(`restore of a site with ${JSON.stringify(seed)}`);
  const stored = await storeSite(workshop, { seed, activity });
  const target = await PretendSite.start(workshop, { seed: 'empty' });
  const input = { ...stored, site: target.ready, budget: unlimitedBudget, dryRun: false };
  const { created, comments } = await restore(workshop, input);
  const report = await target.report();
  await target.stop();
  return { created, comments, report };
}

function figuresOf(what: string, { created, report }: Restored, limit: number): Figure[] {
  const writes = objectEndpoints.reduce((sum, endpoint) => sum + (report.byEndpoint[endpoint] ?? 0), 0);
  const figure = { what, measured: report.requests / created, unit: units.requestsEach };
  return [
    { ...figure, bound: { kind: 'at most', value: limit } },
    { ...figure, bound: { kind: 'floor', value: writes / created + 1 / pageSize } },
  ];
}
