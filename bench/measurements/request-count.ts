import { type Bench, backUp } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { SiteReady } from '../processes/site.ts';

const objects = 5_000;
const types = 20;
/** The backup asks for pages of so many objects. */
const pageSize = 500;

/** How many requests a full backup sends for each object, as the server counts them. */
export async function measureRequestCount({ workshop, progress }: Bench): Promise<FigureGroup> {
  progress(`full backup of ${objects} objects in ${types} types, with history and comments`);
  const seed = { objects, types, historyEntries: 1, shareWithComments: 0.1 };
  const site = await PretendSite.start(workshop, { seed });
  await backUp(workshop, { directory: workshop.folder(), site: site.ready, budget: unlimitedBudget, activity: true });
  const { requests } = await site.report();
  await site.stop();
  const what = 'requests, counted by the server';
  const measured = requests / objects;
  return {
    heading: `requests: full backup of ${objects.toLocaleString('en-US')} objects in ${types} types, with history and comments`,
    figures: [
      { what, measured, unit: units.requestsEach, bound: { kind: 'at most', value: 2.03 } },
      {
        what,
        measured,
        unit: units.requestsEach,
        bound: { kind: 'floor', value: fewestRequests(site.ready) / objects },
      },
    ],
    notes: [
      'floor: history and comments of each object, full pages, and each piece of configuration once',
      'the original scripts send 3.2 to 3.6 requests for each object of such a site',
    ],
  };
}

/** What nobody can do without, as the API has no other way to ask for it. */
function fewestRequests({ schemas, types, icons }: SiteReady): number {
  const activity = types.reduce((sum, count) => sum + 2 * count, 0);
  const pages = types.reduce((sum, count) => sum + Math.ceil(count / pageSize), 0);
  // Workspace, list of schemas, global icons, global status types, global reference types.
  const ofSite = 5;
  // The schema itself, its properties, types, status types and reference types.
  const ofSchema = 5;
  const ofType = 1;
  return activity + pages + ofSite + ofSchema * schemas + ofType * types.length + icons;
}
