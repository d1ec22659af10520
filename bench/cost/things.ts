import { cutBatches } from '../../core/backup/plan-objects.ts';
import { mostBytes, mostObjects } from '../../core/backup/shard-writer.ts';
import type { TypeToExport } from '../../core/backup/work-files.ts';
import { defaultConcurrency } from '../../core/model/concurrency.ts';
import { requestBudget } from '../../core/model/request-budget.ts';
import { pageSize, pagesOf } from '../../core/reading/page-sweep.ts';
import { mostPagesAtOnce } from '../../core/reading/pages-ahead.ts';
import { activityBatches } from './activity-shape.ts';
import { assumedSeconds } from './assumed-seconds.ts';
import type { RunKind } from './counts.ts';
import { objectsOf, type SiteShape, sum } from './site-shape.ts';
import { timeOf } from './workers.ts';

/** What a site has and a run makes of it, with which the counts of a step grow. */
export const thingNames = [
  'run',
  'schemas',
  'types',
  'pages',
  /** Seconds of the site's answers to pages and counts that follow one another. */
  'waited',
  'shards',
  'objects',
  'comments',
  /** Comments, and histories as comments, that a step of a restore writes. */
  'written',
  /** Objects of whose history and comments the site is asked. */
  'reads',
  /** Files of activity of one object each that are carried over from the night before. */
  'carried',
  /** Files of activity of many objects each. */
  'activityFiles',
  /** Of objects and of activity: those of the step's own map, or of all where it has none. */
  'batches',
  'handBacks',
] as const;
export type Things = Readonly<Record<(typeof thingNames)[number], number>>;

/** Pages overlap by one object. */
const newOnAPage = pageSize - 1;
/** As the API gives it, with six attributes of its own. A shard is closed by the page that fills it. */
const bytesOfObject = 10_000;
const pagesOfShard = Math.min(Math.ceil(mostObjects / newOnAPage), Math.ceil(mostBytes / (newOnAPage * bytesOfObject)));

/** What the whole site has; `batches` is the caller's to say. */
export function thingsOf(shape: SiteShape, kind: RunKind): Things {
  const { schemas, comments } = shape;
  const batches = activityBatches(shape, kind);
  const activity = (name: 'reads' | 'carried' | 'activityFiles') => sum(batches.map((batch) => batch[name]));
  return {
    ...thingsOfTypes(schemas.flat()),
    // What is not a map reads one type after the other, and counts none.
    waited: sum(schemas.flat().map(secondsOfPages)),
    ...{ run: 1, schemas: schemas.length, comments, batches: 0 },
    ...{ reads: activity('reads'), carried: activity('carried'), activityFiles: activity('activityFiles') },
  };
}

/** What each child of a map has; the map's name is its step's. */
export const childrenOf: Readonly<Record<MapStep, (shape: SiteShape, kind: RunKind) => readonly Things[]>> = {
  ExportConfiguration: ({ schemas }) => schemas.map((types) => ({ ...thingsOfTypes(types), schemas: 1 })),
  ExportObjects: (shape) => {
    const schema = { id: '', key: '', name: '', folder: '' };
    const planned = shape.schemas
      .flat()
      .map((objectCount): TypeToExport => ({ id: '', name: '', attributes: '', schema, objectCount }));
    const batches = cutBatches(planned, objectsOf(shape), slots.ExportObjects);
    return batches.map((batch) => {
      const types = batch.map(({ objectCount }) => objectCount);
      return { ...thingsOfTypes(types), waited: secondsSideBySide(types) };
    });
  },
  ExportActivity: (shape, kind) =>
    activityBatches(shape, kind).map((activity) => ({ ...nothing, ...activity, batches: 1 })),
};

/** Children of a map that run side by side. */
export const slots = {
  ExportConfiguration: defaultConcurrency.configuration,
  ExportObjects: defaultConcurrency.objects,
  ExportActivity: defaultConcurrency.activity,
} as const;
export type MapStep = keyof typeof slots;

export const nothing = Object.fromEntries(thingNames.map((name) => [name, 0])) as Things;

function thingsOfTypes(types: readonly number[]): Things {
  const pages = types.map(pagesOf);
  return {
    ...nothing,
    batches: 1,
    types: types.length,
    pages: sum(pages),
    shards: sum(pages.map((count) => Math.ceil(count / pagesOfShard))),
    objects: sum(types),
  };
}

/** As `exportObjects` reads them: they share the pages that may be under way at once. Each is counted when its pages are read. */
function secondsSideBySide(types: readonly number[]): number {
  const pieces = types.map((objects) => ({
    seconds: secondsOfPages(objects) + assumedSeconds.answer,
    workers: pagesOf(objects),
  }));
  return timeOf(pieces, mostPagesAtOnce, secondsBetweenPages);
}

/** As the budget of a worker lets them begin. */
const secondsBetweenPages = (60 * slots.ExportObjects) / requestBudget().byClass['object-aql'];
const secondsOfPages = (objects: number) => roundsOf(pagesOf(objects)) * assumedSeconds.page;

/** Times that pages are waited for: after each time one more is under way, as `PagesAhead` has it. */
export function roundsOf(pages: number): number {
  let rounds = 0;
  for (let left = pages; left > 0; left -= Math.min(rounds, mostPagesAtOnce)) rounds += 1;
  return rounds;
}
