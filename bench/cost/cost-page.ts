import { endpointClasses } from '../../core/model/request-budget.ts';
import { objectsForFilesByType } from '../../core/operations/check-nights.ts';
import { mostPagesAtOnce } from '../../core/reading/pages-ahead.ts';
import { convergenceTable } from './convergence.ts';
import { type RunCount, type RunKind, runKinds, type SiteCount } from './counts.ts';
import { fittedCounts, foretold, heldOutCounts, models } from './foretold.ts';
import { limitsTable } from './limits.ts';
import { markdownTable, threeDigits, written } from './markdown-table.ts';
import { priceOf, priceParts, prices, standing, standingMonth, storageMonth } from './prices.ts';
import { type RunTotals, requestsOf, totalsOf } from './run-totals.ts';
import { evenSite, objectsOf, type SiteShape, sum } from './site-shape.ts';
import type { Things } from './things.ts';

const sites: readonly SiteShape[] = [
  evenSite({ objects: 1_000, schemas: 3, types: 20 }),
  evenSite({ objects: 50_000, schemas: 10, types: 150 }),
  evenSite({ objects: 500_000, schemas: 30, types: 600 }),
];
const nightsAMonth = 30;

type Figure = readonly [title: string, value: (run: RunTotals) => number, text: (value: number) => string];

/** What is shown of a run, and held against the counts of the sites that the formula knows nothing of. */
const figures: readonly Figure[] = [
  ['time', ({ seconds }) => seconds, time],
  ['requests to the site', ({ siteRequests }) => siteRequests, written],
  ['state transitions', ({ transitions }) => transitions, written],
  ['invocations', ({ invocations }) => invocations, written],
  ['GB-seconds of Lambda', ({ gigabyteSeconds }) => gigabyteSeconds, written],
  ['PUT and LIST, backups', ({ backupsA }) => backupsA, written],
  ['GET, backups', ({ backupsB }) => backupsB, written],
  ['PUT and LIST, work', ({ workA }) => workA, written],
  ['GET, work', ({ workB }) => workB, written],
];
const stored: readonly Figure[] = [
  ['files stored', ({ files }) => files, written],
  ['bytes stored', ({ bytes }) => bytes, size],
];
const dollarsOfARun: Figure = ['US dollars', (run) => sum(Object.values(priceOf(run))), dollars];

/** The tables of docs/cost-and-limits.md, which a test holds against these. */
export function costTables(): string {
  const runs = Object.fromEntries(runKinds.map((kind) => [kind, sites.map((site) => foretold(kind, site))])) as Record<
    RunKind,
    RunCount[]
  >;
  return [
    '### A night, when one object of a hundred has changed since the night before',
    nightTable('night', runs),
    '### The first night, and each with `full`',
    nightTable('first night', runs),
    '### A night without history and comments',
    table('`"activity": false`', runs['bare night'], rowsOf([...figures, ...stored])),
    `A type is read by one worker, up to ${mostPagesAtOnce} pages at once: without history and comments 50,000 objects take ${readSeconds(1)} seconds where they are of one type, and ${readSeconds(10)} where they are of ten.`,
    '### One restore of everything, to an empty site',
    table('a restore of', runs.restore, rowsOf(figures)),
    '### Requests to the site, by class of its budget',
    markdownTable(
      ['class', ...sites.map((site) => `night, ${objects(site)}`), ...sites.map((site) => `restore, ${objects(site)}`)],
      // Those of Jira are asked only where `issueLinks` is set: the page says what they are then.
      endpointClasses
        .filter((name) => !name.startsWith('issue'))
        .map((name) => [name, ...[...runs.night, ...runs.restore].map((run) => written(requestsOf(name, run)))]),
    ),
    `### In US dollars, by list prices of ${prices.region}, ${prices.asOf}`,
    moneyTable(runs),
    whichLayout(),
    '### What is there anyway, a month',
    markdownTable(
      ['', 'number', 'US dollars'],
      [
        ...Object.entries(standing).map(([what, { count, month }]) => [what, String(count), dollars(count * month)]),
        ['**together**', '', `**${dollars(standingMonth)}**`],
      ],
    ),
    '### Where a limit is reached',
    limitsTable(),
    '### How many nights it takes to have all history and comments',
    convergenceTable(),
    '### How far this can be trusted',
    `Counted were sites of (objects/types/schemas) ${list(fittedCounts)}; invocations of the last four had little time, which shows what a hand-back of a restore and of a first night takes; the nights after them had none. Further ones were counted that the formula does not know: ${list(heldOutCounts)}. Its largest error there:`,
    markdownTable(
      ['', ...runKinds],
      [...figures, ...stored, dollarsOfARun].map(([title, value]) => [
        title,
        ...runKinds.map((kind) => percent(largestError(kind, value))),
      ]),
    ),
    'All that is larger is extrapolated by what one thing more adds:',
    addsTable(),
  ].join('\n\n');
}

const readSeconds = (types: number) =>
  written(foretold('bare night', evenSite({ objects: 50_000, schemas: 1, types })).seconds);

/** A share of what was counted, on the sites that the formula does not know. */
function largestError(kind: RunKind, value: Figure[1]): number {
  const errors = heldOutCounts.map(({ site, shape, runs }) => {
    const counted = value(totalsOf(runs[kind]));
    const foretoldThere = value(totalsOf(foretold(kind, shape, { ...site, planObjectSeconds: 0 })));
    return counted === 0 ? 0 : Math.abs(foretoldThere - counted) / counted;
  });
  return Math.max(...errors);
}

/** What each thing adds, over all steps. */
function addsTable(): string {
  const rows: readonly (readonly [title: string, thing: keyof Things])[] = [
    ['any run', 'run'],
    ['a schema', 'schemas'],
    ['an object type', 'types'],
    ['a page of objects', 'pages'],
    ['a file of objects', 'shards'],
    ['an object', 'objects'],
    ['a comment', 'comments'],
    ['a comment, or a history as one, that a restore writes', 'written'],
    ['an object whose activity is read', 'reads'],
    ['a file that is carried over', 'carried'],
    ['a file of activity by type', 'activityFiles'],
    ['a batch of a map', 'batches'],
    ['a hand-back', 'handBacks'],
  ];
  const kinds = ['night', 'night by type', 'restore'] as const;
  return markdownTable(
    ['', ...kinds.flatMap((kind) => [`${kind}: requests to the site`, 'PUT and LIST', 'GET'])],
    rows.map(([title, thing]) => [
      title,
      ...kinds.flatMap((kind) => {
        const steps = Object.values(models[kind].steps);
        const columns = [endpointClasses, ['backupsA', 'workA'], ['backupsB', 'workB']] as const;
        return columns.map((names) => {
          const ofSteps = steps.map((step) => sum(names.map((name) => step[name][thing])));
          // Each comment is written once, in one step or the other.
          const adds = thing === 'written' ? Math.max(...ofSteps) : sum(ofSteps);
          return adds === 0 && thing === 'handBacks' && kind !== 'restore'
            ? 'not counted'
            : String(Number(adds.toFixed(3)));
        });
      }),
    ]),
  );
}

function list(counts: readonly SiteCount[]): string {
  return counts.map(({ site }) => `${written(site.objects)}/${site.types}/${site.schemas}`).join(', ');
}

type Row = readonly [title: string, cell: (run: RunCount, at: number) => string];

type Runs = Readonly<Record<RunKind, readonly RunCount[]>>;

/** Both layouts side by side. */
function nightTable(kind: 'night' | 'first night', runs: Runs): string {
  const pairs = sites.map((site, at) => [
    [objects(site), runs[kind][at]] as const,
    ['by type', runs[`${kind} by type`][at]] as const,
  ]);
  return markdownTable(
    ['`activityFiles`', ...pairs.flat().map(([title]) => title)],
    rowsOf([...figures, ...stored]).map(([title, cell]) => [
      title,
      ...pairs.flat().map(([, run], at) => (run ? cell(run, at) : '')),
    ]),
  );
}

function moneyTable(runs: Runs): string {
  const month = (kind: RunKind) => (_: RunCount, at: number) => dollars(nightsAMonth * price(runs[kind][at]));
  return table('', runs.night, [
    ...priceParts.map((part): Row => [`a night: ${part}`, (run) => dollars(priceOf(totalsOf(run))[part])]),
    ['**a month of nights**, a file an object', (run, at) => `**${month('night')(run, at)}**`],
    ['**a month of nights**, `"activityFiles": "type"`', (run, at) => `**${month('night by type')(run, at)}**`],
    ['a month of nights that each read all, a file an object', month('first night')],
    ['a month of nights without history and comments', month('bare night')],
    [
      'storage, a month, for each month of nights that is kept',
      ({ bytes }) => dollars(storageMonth(nightsAMonth * bytes)),
    ],
    ['the first night, once', (_, at) => dollars(price(runs['first night'][at]))],
    ['one restore', (_, at) => dollars(price(runs.restore[at]))],
  ]);
}

/** From how many objects on files by type save a dollar a month. */
function whichLayout(): string {
  const saves = (objects: number) => {
    const site = evenSite({ objects, schemas: 3, types: 20 });
    return nightsAMonth * (price(foretold('night', site)) - price(foretold('night by type', site)));
  };
  let size = 100;
  while (saves(size) < 1) size += 100;
  const advised = objectsForFilesByType;
  return `Files of activity by type save a dollar a month from ${written(size)} objects on. \`doctor\` advises them from ${written(advised)} objects on, where they save ${dollars(saves(advised))} dollars.`;
}

function rowsOf(shown: readonly Figure[]): Row[] {
  return shown.map(([title, value, text]) => [title, (run) => text(value(totalsOf(run)))]);
}

function table(corner: string, runs: readonly RunCount[], rows: readonly Row[]): string {
  return markdownTable(
    [corner, ...sites.map(objects)],
    rows.map(([title, cell]) => [title, ...runs.map(cell)]),
  );
}

function price(run: RunCount | undefined): number {
  if (!run) throw new Error('A site has no run.');
  return dollarsOfARun[1](totalsOf(run));
}

const objects = (site: SiteShape) => `${written(objectsOf(site))} objects`;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
function dollars(value: number): string {
  return value < 0.005 ? 'below 0.01' : value.toFixed(2);
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${threeDigits(bytes / 1e6)} MB` : `${threeDigits(bytes / 1e9)} GB`;
}

function time(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(seconds / 3600).toFixed(1)} h`;
}
