import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumHere } from '../../test/browser/chromium.ts';
import { type Bench, storeSite } from '../bench.ts';
import { type Figure, type FigureGroup, units } from '../figure.ts';
import { median } from '../median.ts';
import type { BrowseInput, BrowseReport } from '../processes/browse.ts';
import type { FirstPaint } from '../processes/first-paint.ts';
import type { StoredBackup } from '../processes/verify.ts';

/** Beside them it is counted what an object takes. */
const fewObjects = 2_000;

/** Looking into a backup of a large site: its index, and what is asked of it. */
export async function measureBrowse({ workshop, sizes, progress }: Bench): Promise<FigureGroup> {
  const objects = sizes.largeObjects;
  const few = await storeSite(workshop, { seed: { objects: fewObjects }, activity: false });
  progress(`a backup of ${objects} objects`);
  const large = await storeSite(workshop, { seed: { objects }, activity: false });
  progress('browsing it');
  const small = await workshop.run<BrowseReport>('browse', { ...few, isWeighed: true } satisfies BrowseInput);
  const weighed = await workshop.run<BrowseReport>('browse', { ...large, isWeighed: true } satisfies BrowseInput);
  const reports: BrowseReport[] = [];
  for (let turn = 0; turn < sizes.repetitions; turn += 1)
    reports.push(await workshop.run<BrowseReport>('browse', { ...large, isWeighed: false } satisfies BrowseInput));
  const seconds = (field: keyof BrowseReport) => median(reports.map((report) => report[field]));
  const jq = secondsOfJq(large);
  const paints: FirstPaint[] = [];
  if (chromiumHere())
    for (let turn = 0; turn < sizes.repetitions; turn += 1)
      paints.push(await workshop.run<FirstPaint>('first-paint', large));
  const figures: Figure[] = [
    {
      what: 'index, while the server answers',
      measured: seconds('indexSeconds'),
      unit: units.seconds,
      bound: { kind: 'at most', value: 2 * seconds('readingSeconds') },
    },
    { what: 'reading and parsing its files', measured: seconds('readingSeconds'), unit: units.seconds },
    ...(jq === undefined ? [] : [{ what: 'one search by jq over the same files', measured: jq, unit: units.seconds }]),
    {
      what: 'search, the slowest of eight',
      measured: seconds('searchSeconds'),
      unit: units.seconds,
      bound: { kind: 'at most', value: 0.5 },
    },
    {
      what: 'first grid, while the index is made',
      measured: seconds('firstSeconds'),
      unit: units.seconds,
      bound: { kind: 'at most', value: 1 },
    },
    ...(paints.length === 0 ? [] : paintFigures(paints)),
    { what: 'grid in a new order, the slowest', measured: seconds('sortSeconds'), unit: units.seconds },
    { what: 'page of an order that is there, the slowest', measured: seconds('pageSeconds'), unit: units.seconds },
    {
      what: `memory, an object beside what ${fewObjects.toLocaleString('en-US')} take`,
      measured: (weighed.bytes - small.bytes) / (objects - fewObjects),
      unit: units.bytes,
      bound: { kind: 'at most', value: 64 },
    },
  ];
  return {
    heading: `browse: a backup of ${objects.toLocaleString('en-US')} objects, by its server`,
    figures,
    notes: [
      "memory: the most that is alive in V8's heap, and in arrays beside it; an index's pages are SQLite's, at most 16 MB while it is made",
      'limit of the index: twice what it takes to read and to parse the files of objects',
      ...(jq === undefined ? ['jq is not on this machine'] : []),
      ...(paints.length === 0 ? ['Chromium is not on this machine: nothing was painted'] : []),
    ],
  };
}

const shown = [
  ['paintSeconds', 'first paint, by Chromium'],
  ['backupsSeconds', 'from the address until the backups are seen'],
  ['typesSeconds', 'from the click on one until its types are seen'],
  ['objectsSeconds', 'from the click on one until objects are seen'],
] as const;

function paintFigures(paints: readonly FirstPaint[]): Figure[] {
  return shown.map(([field, what]) => ({
    what,
    measured: median(paints.map((paint) => paint[field])),
    unit: units.seconds,
    bound: { kind: 'at most', value: 1 },
  }));
}

/** Undefined where there is no jq. */
function secondsOfJq({ directory, backup }: StoredBackup): number | undefined {
  const files = globSync(join(directory, backup, '*/objectsmeta/*.json'));
  const start = performance.now();
  const { error, status } = spawnSync(
    'jq',
    ['-c', '.[] | select(.label | test("server"; "i")) | .objectKey', ...files],
    {
      stdio: 'ignore',
    },
  );
  return error || status !== 0 ? undefined : (performance.now() - start) / 1000;
}
