import { inFlight as activityInFlight } from '../../core/backup/export-activity.ts';
import { linesAList } from '../../core/backup/finish-backup.ts';
import { activityBatchSize } from '../../core/backup/plan-activity.ts';
import { cutBatches } from '../../core/backup/plan-objects.ts';
import { mostBytes, mostObjects } from '../../core/backup/shard-writer.ts';
import type { TypeToExport } from '../../core/backup/work-files.ts';
import { schemaConfigFiles } from '../../core/backup-format/keys.ts';
import { pageSize } from '../../core/reading/page-sweep.ts';
import { type Circumstances, invocationsFor, secondsBetween, usableSeconds } from './circumstances.ts';
import { objectsOf, type SiteShape, typesOf } from './site-shape.ts';
import { idleStep, type RunUse, type StepUse } from './use.ts';

/** Pages overlap by one object. */
const newOnAPage = pageSize - 1;
/** Workspace, cloud id, whether Assets answers. */
const discoveryRequests = 3;
const schemasAPage = 50;
const keysAListing = 1_000;

/**
 * What one night's full backup takes on AWS, step by step, when nothing fails and a backup came before it. Follows
 * core/backup: reads and writes of each step, files of each thing, batches, shards, hand-backs.
 */
export function backupUse(site: SiteShape, circumstances: Circumstances, { activity = true } = {}): RunUse {
  const { concurrency } = circumstances;
  const schemas = site.schemas.length;
  const types = typesOf(site).length;
  const batches = objectBatches(site, concurrency.objects);
  const exportObjects = exportObjectsUse(site, batches, circumstances);
  const exportActivity = activity ? exportActivityUse(site, circumstances) : undefined;
  const shards = shardsOf(site);
  // The map reads its items itself: one GET, counted with the step that wrote them.
  const itemsRead = 1;
  return {
    'plan-backup': withSeconds(circumstances, {
      siteRequests: discoveryRequests + 2 * Math.ceil(schemas / schemasAPage) + 3,
      backups: { classA: 2, classB: 0 },
      work: { classA: 7, classB: 3 + itemsRead },
    }),
    'export-configuration': exportConfigurationUse(site, circumstances),
    'plan-objects': withSeconds(circumstances, { work: { classA: 1, classB: 2 + schemas + itemsRead } }),
    'export-objects': exportObjects,
    'plan-activity': exportActivity
      ? withSeconds(circumstances, {
          siteRequests: 2,
          work: { classA: exportActivity.batches + 3, classB: 3 + schemas + types + shards + itemsRead },
        })
      : withSeconds(circumstances, { work: { classA: 0, classB: 2 } }),
    ...(exportActivity && { 'export-activity': exportActivity }),
    'finish-backup': finishUse(site, circumstances, { exportObjects, exportActivity }),
  };
}

/** Files of a backup before its manifest and the manifest's lists. */
export function filesOf(site: SiteShape, { activity = true } = {}): number {
  const ofConfiguration = schemaConfigFiles.length * site.schemas.length + typesOf(site).length + site.icons + 1;
  const ofActivity = activity ? site.objectsWithHistory + site.objectsWithComments : 0;
  return ofConfiguration + 2 * shardsOf(site) + ofActivity;
}

/** Bytes of a backup, manifest and lists included. */
export function bytesOf(site: SiteShape, { activity = true } = {}): number {
  const { bytes, schemas, icons, objectsWithHistory, objectsWithComments } = site;
  const ofActivity = objectsWithHistory * bytes.history + objectsWithComments * bytes.comments;
  return (
    objectsOf(site) * (bytes.object + bytes.readableObject) +
    (activity ? ofActivity : 0) +
    typesOf(site).length * bytes.type +
    schemas.length * bytes.schema +
    icons * bytes.icon +
    filesOf(site, { activity }) * bytesOfListedFile
  );
}

/** A line of the manifest's lists: key, size, checksum. */
const bytesOfListedFile = 180;

/** A shard is closed by the page that fills it. */
export function shardsOf({ schemas, bytes }: SiteShape): number {
  const pages = Math.min(Math.ceil(mostObjects / newOnAPage), Math.ceil(mostBytes / (newOnAPage * bytes.object)));
  return schemas.flat().reduce((sum, objects) => sum + Math.max(1, Math.ceil(objects / (pages * newOnAPage))), 0);
}

function pagesOf(objects: number): number {
  return Math.max(1, Math.ceil((objects - 1) / newOnAPage));
}

function objectBatches(site: SiteShape, slots: number): readonly (readonly number[])[] {
  const schema = { id: '', key: '', name: '', folder: '' };
  const types = typesOf(site).map(
    (objectCount): TypeToExport => ({ id: '', name: '', attributes: '', schema, objectCount }),
  );
  const batches = cutBatches(types, objectsOf(site), slots);
  return batches.map((batch) => batch.map(({ objectCount }) => objectCount));
}

function exportConfigurationUse(site: SiteShape, circumstances: Circumstances): StepUse {
  const { configuration } = circumstances.concurrency;
  const schemas = site.schemas.length;
  const types = typesOf(site).length;
  // Of each schema: itself, its properties, types, status types, reference types, all its attributes at once.
  const ofConfiguration = 6 * schemas + site.icons;
  const seconds =
    ofConfiguration * secondsBetween(circumstances, 'configuration', configuration) +
    // A schema's requests wait for one another four times: the schema, its types, their attributes, the check of these.
    4 * schemas * circumstances.answerSeconds;
  return withSeconds(circumstances, {
    batches: schemas,
    invocations: schemas,
    slots: configuration,
    siteRequests: ofConfiguration + types,
    seconds,
    backups: { classA: schemaConfigFiles.length * schemas + types + site.icons, classB: 0 },
    work: { classA: 2 * schemas, classB: 2 * schemas },
  });
}

function exportObjectsUse(
  site: SiteShape,
  batches: readonly (readonly number[])[],
  circumstances: Circumstances,
): StepUse {
  const slots = circumstances.concurrency.objects;
  const types = typesOf(site);
  const secondsAPage = Math.max(circumstances.pageSeconds, secondsBetween(circumstances, 'object-aql', slots));
  const betweenCounts = secondsBetween(circumstances, 'object-count', slots);
  // The count that ends a type may have to wait for its turn, but not for that of the pages.
  const secondsOf = (objects: number) =>
    Math.max(pagesOf(objects) * secondsAPage + circumstances.answerSeconds, betweenCounts);
  const ofBatches = batches.map((batch) => batch.reduce((sum, objects) => sum + secondsOf(objects), 0));
  const invocations = ofBatches.reduce((sum, seconds) => sum + invocationsFor(seconds), 0);
  // A hand-back leaves the sweep where it was, and the next invocation finds it.
  const handBacks = invocations - batches.length;
  const shards = shardsOf(site);
  return withSeconds(circumstances, {
    batches: batches.length,
    invocations,
    slots,
    siteRequests: types.reduce((sum, objects) => sum + pagesOf(objects) + 1, 0),
    seconds: ofBatches.reduce((sum, seconds) => sum + seconds, 0),
    backups: { classA: 2 * shards, classB: types.length + handBacks },
    work: {
      classA: shards + types.length + invocations + handBacks,
      classB: 2 * types.length + invocations + 2 * handBacks,
    },
  });
}

function exportActivityUse(site: SiteShape, circumstances: Circumstances): StepUse {
  const objects = objectsOf(site);
  const batches = Math.ceil(objects / activityBatchSize);
  const slots = circumstances.concurrency.activity;
  // Both requests of an object wait for their classes side by side.
  const secondsAnObject = Math.max(
    secondsBetween(circumstances, 'history', slots),
    secondsBetween(circumstances, 'comments', slots),
  );
  // When time runs short, those in flight are still brought to their end.
  const mostOfOneInvocation = Math.floor(usableSeconds / secondsAnObject) + activityInFlight;
  const lastBatch = objects - (batches - 1) * activityBatchSize;
  const invocations =
    (batches - 1) * Math.ceil(activityBatchSize / mostOfOneInvocation) + Math.ceil(lastBatch / mostOfOneInvocation);
  return withSeconds(circumstances, {
    batches,
    invocations,
    slots,
    siteRequests: 2 * objects,
    seconds: objects * secondsAnObject + invocations * circumstances.answerSeconds,
    backups: { classA: site.objectsWithHistory + site.objectsWithComments, classB: 0 },
    work: { classA: 2 * invocations, classB: 2 * invocations },
    isStoring: false,
  });
}

function finishUse(
  site: SiteShape,
  circumstances: Circumstances,
  { exportObjects, exportActivity }: { readonly exportObjects: StepUse; readonly exportActivity: StepUse | undefined },
): StepUse {
  const schemas = site.schemas.length;
  const { batches, invocations: parts } = exportActivity ?? { batches: 0, invocations: 0 };
  // One of every invocation that asked the site.
  const requestFiles = (exportActivity ? 3 : 2) + schemas + exportObjects.invocations + parts;
  const files = filesOf(site, { activity: exportActivity !== undefined });
  return withSeconds(circumstances, {
    siteRequests: schemas + 1,
    seconds: schemas * secondsBetween(circumstances, 'object-count'),
    // The lists and the manifest; whether this one is finished, and the names of all.
    backups: { classA: Math.ceil(files / linesAList) + 1 + 2, classB: 2 },
    work: {
      // Its requests, the lock; and a listing of everybody's requests.
      classA: 2 + Math.ceil(requestFiles / keysAListing),
      classB: 5 + schemas + typesOf(site).length + batches + parts + 2 * shardsOf(site) + requestFiles,
    },
  });
}

/** `seconds` are those of the site; starts, and requests to the buckets one after the other, come on top. */
function withSeconds(
  { startSeconds, storeSeconds }: Circumstances,
  { isStoring = true, ...use }: Partial<StepUse> & { isStoring?: boolean },
): StepUse {
  const step = { ...idleStep, ...use };
  const { backups, work } = step;
  // Files of activity are stored while others are asked for.
  const inTurn = work.classA + work.classB + (isStoring ? backups.classA + backups.classB : 0);
  return { ...step, seconds: step.seconds + step.invocations * startSeconds + inTurn * storeSeconds };
}
