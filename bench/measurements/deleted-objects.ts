import { type Bench, backUp, restore } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';
import type { SiteReport } from '../processes/site.ts';

const deletedObjects = 300;
const [schemas, types] = [3, 12];
/** Objects that our client asks for in a page; each page begins on the last object of the one before. */
const pageSize = 400;
/** The most objects that one page gives. */
const largestPage = 500;

/** What the requests of a site were between two reports, by endpoint. */
const between = (before: SiteReport, after: SiteReport) => (endpoint: string) =>
  (after.byEndpoint[endpoint] ?? 0) - (before.byEndpoint[endpoint] ?? 0);

/** How many requests it takes to bring a few deleted objects back to where they were, as the server counts them. */
export async function measureDeletedObjects({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const objects = sizes.restoredObjects;
  const what = `${deletedObjects} deleted of ${objects.toLocaleString('en-US')} objects`;
  progress(`backup of a site, and restore of ${what}`);
  const site = await PretendSite.start(workshop, { seed: { objects, schemas, types } });
  const directory = workshop.folder();
  const of = { directory, site: site.ready, budget: unlimitedBudget };
  const { backup } = await backUp(workshop, { ...of, activity: false });
  const { referrers } = await site.deleteObjects(deletedObjects);
  const first = await site.report();
  await restore(workshop, { ...of, backup, dryRun: true });
  const planned = await site.report();
  const { created } = await restore(workshop, { ...of, backup, dryRun: false });
  const restored = await site.report();
  await site.stop();

  const inPlan = between(first, planned);
  const inRestore = between(planned, restored);
  // Those of a type, which are all but the first half alike many: a last page may be begun that is not full.
  const pages = Math.ceil(objects / (pageSize - 1)) + types;
  const figure = (text: string, measured: number, most: number, floor: number) => [
    { what: text, measured, unit: units.requests, bound: { kind: 'at most', value: most } as const },
    { what: text, measured, unit: units.requests, bound: { kind: 'floor', value: floor } as const },
  ];
  return {
    heading: `deleted-objects: restore of ${what}, where they were`,
    figures: [
      ...figure('pages of objects, for a plan', inPlan('object-aql'), pages, objects / largestPage),
      ...figure('objects read by id, for a plan', inPlan('object'), 0, 0).slice(0, 1),
      ...figure('objects created', inRestore('object-create'), created, deletedObjects),
      ...figure('objects read by id', inRestore('object'), 2 * created + referrers, created + referrers),
      ...figure('survivors linked again', inRestore('object-update'), referrers, referrers),
      ...figure(
        'pages of objects, for plan and proof',
        inRestore('object-aql'),
        2 * pages,
        (2 * objects) / largestPage,
      ),
    ],
    notes: [
      `${referrers} survivors refer to what was deleted: each is read by id just before its write, which keeps what stood there`,
      'at most two reads by id for each object to be made: whether it is there all the same, and what was made of it before',
      'floor: each read by id and written once, and all objects in full pages',
    ],
  };
}
