import { type Bench, backUp, restore } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { type FigureGroup, units } from '../figure.ts';
import { PretendSite } from '../pretend-site.ts';

/** Of 50,000 objects an import gives 8,000 another owner, and 200 of those somebody gives yet another one. */
const [importedShare, byHandShare] = [8_000 / 50_000, 200 / 8_000];
/** Writes, and reads by id, for each object that changes. */
const most = 1.05;

/** What it takes to set values back after a bad import, as the server counts it; and what comes back. */
export async function measureRepair({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const objects = sizes.repairedObjects;
  const imported = Math.round(objects * importedShare);
  const byHand = Math.round(imported * byHandShare);
  const what = `${imported.toLocaleString('en-US')} owners of ${objects.toLocaleString('en-US')} objects`;
  progress(`backup of a site, and repair of ${what}`);
  const site = await PretendSite.start(workshop, { seed: { owned: objects } });
  const directory = workshop.folder();
  const of = { directory, site: site.ready, budget: unlimitedBudget };
  const { backup } = await backUp(workshop, { ...of, activity: false });

  const repair = async (narrow: (importer: string) => object) => {
    const { importer } = await site.importOwners({ imported, byHand });
    const input = { onExisting: 'update', include: { attributes: ['Owner'] }, ...narrow(importer) };
    const { hash } = await restore(workshop, { ...of, backup, input, dryRun: true });
    const before = await site.report();
    await restore(workshop, { ...of, backup, input: { ...input, approve: hash }, dryRun: false });
    const after = await site.report();
    const requests = (endpoint: string) => (after.byEndpoint[endpoint] ?? 0) - (before.byEndpoint[endpoint] ?? 0);
    return { requests, owners: await site.owners() };
  };
  const narrowed = await repair((changedBy) => ({ changedBy }));
  const all = await repair(() => ({}));
  await site.stop();

  const exactly = (text: string, measured: number, value: number) => [
    { what: text, measured, unit: units.objects, bound: { kind: 'at least', value } as const },
    { what: text, measured, unit: units.objects, bound: { kind: 'at most', value } as const },
  ];
  const each = (text: string, measured: number, value: number) => ({
    ...{ what: text, measured, unit: units.requestsEach },
    bound: { kind: 'at most', value } as const,
  });
  const costs = (how: string, { requests, owners: { back } }: typeof all) => [
    each(`writes for each object that changes, ${how}`, requests('object-update') / back, most),
    each(`reads by id for each, ${how}`, requests('object') / back, most),
  ];
  return {
    heading: `repair: of ${what}, of which ${byHand} were set once more by hand`,
    figures: [
      ...exactly('owners that come back', all.owners.back, imported),
      ...costs('all', all),
      each('histories read, where nobody asks who it was', all.requests('history'), 0),
      ...exactly('owners that come back, with --changed-by', narrowed.owners.back, imported - byHand),
      ...exactly('owners set by hand that stay, with --changed-by', narrowed.owners.byHand, byHand),
      ...costs('with --changed-by', narrowed),
      each('histories for each object that differs', narrowed.requests('history') / imported, 1),
    ],
    notes: [
      'beside the pages of the plan and of the proof; a run that is approved plans anew, and reads the histories again',
    ],
  };
}
