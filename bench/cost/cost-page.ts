import { backupUse, bytesOf, filesOf } from './backup-use.ts';
import { assumed } from './circumstances.ts';
import { limitsTable } from './limits.ts';
import { markdownTable, written } from './markdown-table.ts';
import { priceOf, priceParts, prices, storageMonth } from './prices.ts';
import { restoreUse } from './restore-use.ts';
import { evenSite, type SiteShape } from './site-shape.ts';
import { stateTransitions } from './state-transitions.ts';
import { type RunTotals, totalsOf } from './use.ts';

const sites: readonly SiteShape[] = [
  evenSite({ objects: 1_000, schemas: 3, types: 20 }),
  evenSite({ objects: 50_000, schemas: 10, types: 150 }),
  evenSite({ objects: 500_000, schemas: 30, types: 600 }),
];
const nightsAMonth = 30;

/** What one run takes: the formula's answer. */
interface Run {
  readonly totals: RunTotals;
  readonly transitions: number;
  readonly files: number;
  readonly bytes: number;
}

function night(site: SiteShape, options = { activity: true }): Run {
  const use = backupUse(site, assumed, options);
  return {
    totals: totalsOf(use),
    transitions: stateTransitions('backup', use),
    files: filesOf(site, options),
    bytes: bytesOf(site, options),
  };
}

function restore(site: SiteShape): Run {
  const use = restoreUse(site, assumed);
  return { totals: totalsOf(use), transitions: stateTransitions('restore', use), files: 0, bytes: 0 };
}

/** The tables of docs/cost-and-limits.md, which a test holds against these. */
export function costTables(): string {
  const nights = sites.map((site) => night(site));
  const bareNights = sites.map((site) => night(site, { activity: false }));
  const restores = sites.map(restore);
  return [
    '### One night',
    table('a full backup of', nights, [...takes, ['files stored', ({ files }) => written(files)], stored]),
    '### One night without history and comments',
    table('`"activity": false`', bareNights, [...takes, stored]),
    '### One restore of everything, to an empty site',
    table('a restore of', restores, takes),
    `### In US dollars, by list prices of ${prices.region}, ${prices.asOf}`,
    table('', nights, [
      ...priceParts.map((part): Row => [`a night: ${part}`, (run) => dollars(price(run)[part])]),
      ['**a month of nights**', (run) => `**${dollars(nightsAMonth * sum(price(run)))}**`],
      ['the same without history and comments', (_, at) => dollars(nightsAMonth * sum(price(bareNights[at])))],
      [
        'storage, a month, for each month of nights that is kept',
        ({ bytes }) => dollars(storageMonth(nightsAMonth * bytes)),
      ],
      ['one restore', (_, at) => dollars(sum(price(restores[at])))],
    ]),
    '### Where a limit is reached',
    limitsTable(),
  ].join('\n\n');
}

type Row = readonly [title: string, cell: (run: Run, at: number) => string];

const takes: readonly Row[] = [
  ['time', ({ totals }) => time(totals.seconds)],
  ['requests to the site', ({ totals }) => written(totals.siteRequests)],
  ['state transitions', ({ transitions }) => written(transitions)],
  ['invocations', ({ totals }) => written(totals.invocations)],
  ['GB-seconds of Lambda', ({ totals }) => written(totals.gigabyteSeconds)],
  ['PUT and LIST, backups', ({ totals }) => written(totals.backups.classA)],
  ['GET, backups', ({ totals }) => written(totals.backups.classB)],
  ['PUT and LIST, work', ({ totals }) => written(totals.work.classA)],
  ['GET, work', ({ totals }) => written(totals.work.classB)],
];
const stored: Row = ['bytes stored', ({ bytes }) => size(bytes)];

function table(corner: string, runs: readonly Run[], rows: readonly Row[]): string {
  const columns = sites.map(({ schemas }) => `${written(schemas.flat().reduce((all, each) => all + each, 0))} objects`);
  return markdownTable(
    [corner, ...columns],
    rows.map(([title, cell]) => [title, ...runs.map(cell)]),
  );
}

function price(run: Run | undefined) {
  if (!run) throw new Error('A site has no run.');
  return priceOf(run.totals, run.transitions);
}

const sum = (parts: ReturnType<typeof price>) => priceParts.reduce((total, part) => total + parts[part], 0);

const dollars = (value: number) => (value < 0.005 ? 'below 0.01' : value.toFixed(2));
const size = (bytes: number) => (bytes < 1e9 ? `${written(bytes / 1e6)} MB` : `${written(bytes / 1e9)} GB`);

function time(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(seconds / 3600).toFixed(1)} h`;
}
