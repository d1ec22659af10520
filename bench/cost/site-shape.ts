import { activityBatchSize as activityBatch } from '../../core/backup/activity-units.ts';
import { cutBatches } from '../../core/backup/plan-objects.ts';
import { mostBytes, mostObjects } from '../../core/backup/shard-writer.ts';
import type { TypeToExport } from '../../core/backup/work-files.ts';
import { defaultConcurrency } from '../../core/model/concurrency.ts';
import { pageSize } from '../../core/reading/page-sweep.ts';

/** All that the cost of a run depends on, of a site whose objects are alike. */
export interface SiteShape {
  /** Objects of each type, by schema. */
  readonly schemas: readonly (readonly number[])[];
  /** Objects with a comment. */
  readonly comments: number;
}

/** What a site has and a run makes of it, with which the counts of a step grow. */
export const thingNames = [
  'run',
  'schemas',
  'types',
  'pages',
  'shards',
  'objects',
  'comments',
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

export const objectsOf = ({ schemas }: SiteShape) => sum(schemas.flat());

/** What the whole site has; `batches` is the caller's to say. */
export function thingsOf({ schemas, comments }: SiteShape): Things {
  return { ...thingsOfTypes(schemas.flat()), run: 1, schemas: schemas.length, comments, batches: 0 };
}

/** What each child of a map has; the map's name is its step's. */
export const childrenOf: Readonly<Record<MapStep, (shape: SiteShape) => readonly Things[]>> = {
  ExportConfiguration: ({ schemas }) => schemas.map((types) => ({ ...thingsOfTypes(types), schemas: 1 })),
  ExportObjects: (shape) => {
    const schema = { id: '', key: '', name: '', folder: '' };
    const planned = shape.schemas
      .flat()
      .map((objectCount): TypeToExport => ({ id: '', name: '', attributes: '', schema, objectCount }));
    const batches = cutBatches(planned, objectsOf(shape), slots.ExportObjects);
    return batches.map((batch) => thingsOfTypes(batch.map(({ objectCount }) => objectCount)));
  },
  ExportActivity: (shape) => {
    const objects = objectsOf(shape);
    return Array.from({ length: Math.ceil(objects / activityBatch) }, (_, index) => {
      const count = Math.min(activityBatch, objects - index * activityBatch);
      return { ...nothing, batches: 1, objects: count, comments: (count * shape.comments) / objects };
    });
  },
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
  const pages = types.map((objects) => Math.max(1, Math.ceil((objects - 1) / newOnAPage)));
  return {
    ...nothing,
    batches: 1,
    types: types.length,
    pages: sum(pages),
    shards: sum(pages.map((count) => Math.ceil(count / pagesOfShard))),
    objects: sum(types),
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A site of this size, evenly spread; every fifth object has a comment. */
export function evenSite({
  objects,
  schemas,
  types,
}: {
  readonly objects: number;
  readonly schemas: number;
  readonly types: number;
}): SiteShape {
  const parts = (whole: number, count: number) =>
    Array.from({ length: count }, (_, index) => Math.floor((whole + index) / count));
  const ofTypes = parts(objects, types);
  return { schemas: parts(types, schemas).map((count) => ofTypes.splice(0, count)), comments: objects / 5 };
}
