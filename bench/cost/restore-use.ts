import { linesAList } from '../../core/backup/finish-backup.ts';
import { pageSize } from '../../core/reading/page-sweep.ts';
import { commentsAnnouncedAtOnce } from '../../core/restore/activity/restore-comments.ts';
import { piecesAtOnce } from '../../core/restore/configuration/apply-constraints.ts';
import { createsAnnouncedAtOnce } from '../../core/restore/objects/create-objects.ts';
import { notedAtOnce } from '../../core/restore/objects/link-references.ts';
import { commentBatchSize } from '../../core/restore/plan/comment-batches.ts';
import { createBatchSize } from '../../core/restore/plan/object-batches.ts';
import { linesAFile } from '../../core/work/list-writer.ts';
import { filesOf, shardsOf } from './backup-use.ts';
import { type Circumstances, invocationsFor, secondsBetween } from './circumstances.ts';
import { objectsOf, type SiteShape, typesOf } from './site-shape.ts';
import { idleStep, type RunUse, type StepUse, type StoreRequests } from './use.ts';

/** Files of the backup that are read at once while it is checked. */
const readAtOnce = 16;
/** Configuration of a schema that a restore reads, besides the attributes of its types. */
const filesOfSchema = 6;
/** Attributes that every type has of the site's own. */
const systemAttributes = 4;

/**
 * What the restore of a whole backup to an empty site takes on AWS, step by step, when nothing fails: everything is made,
 * histories and comments included, and read back. Every history becomes one comment.
 */
export function restoreUse(site: SiteShape, circumstances: Circumstances): RunUse {
  const schemas = site.schemas.length;
  const types = typesOf(site).length;
  const objects = objectsOf(site);
  const shards = shardsOf(site);
  const attributes = types * (site.attributesOfType + systemAttributes);
  const batches = Math.ceil(objects / createBatchSize);
  const withActivity = Math.max(site.objectsWithHistory, site.objectsWithComments);
  const activityFiles = site.objectsWithHistory + site.objectsWithComments;
  const commentBatches = Math.ceil(withActivity / commentBatchSize);
  const announcements = Math.ceil(objects / Math.min(createsAnnouncedAtOnce, site.createsAtOnce));
  const lists = Math.ceil(filesOf(site) / linesAList);
  const configurationFiles = 3 + schemas * filesOfSchema + types;
  /** Manifest, lists; lock, choices. */
  const opening = { backups: { classA: 0, classB: 1 + lists }, work: { classA: 0, classB: 2 } };
  /** And the plan, the two parts of the configuration, the people, the journals of all batches. */
  const stage = { ...opening, work: { classA: 0, classB: 6 + batches } };

  const between = (endpointClass: Parameters<typeof secondsBetween>[1]) => secondsBetween(circumstances, endpointClass);
  const answers = (count: number) => count * circumstances.answerSeconds;
  const step = (use: Parameters<typeof stepUse>[1]) => stepUse(circumstances, use);
  const pages = typesOf(site).reduce((sum, count) => sum + Math.max(1, Math.ceil((count - 1) / (pageSize - 1))), 0);
  // What is there of the configuration is read once more.
  const targetConfiguration = 4 + schemas * 5;
  const commentWrites = site.comments + site.objectsWithHistory;
  const madeOfConfiguration = schemas * 2 + site.icons + types * (1 + site.attributesOfType);
  return {
    'open-backup': step({
      isWhole: true,
      siteRequests: 3,
      siteSeconds: answers(3),
      once: { backups: { classA: 0, classB: 1 }, work: { classA: 2, classB: 1 } },
    }),
    'check-backup': step({
      each: { ...opening, backups: { classA: 0, classB: 1 + 2 * lists } },
      once: {
        backups: { classA: 0, classB: activityFiles + shards + 1 + schemas * 8 + types + site.icons },
        work: { classA: 0, classB: 0 },
      },
      storedAtOnce: readAtOnce,
    }),
    'plan-restore': step({
      isWhole: true,
      siteRequests: 5,
      siteSeconds: answers(2) + objects * circumstances.planSeconds,
      each: opening,
      once: {
        backups: { classA: 0, classB: 1 + configurationFiles + 2 * shards + lists },
        work: {
          classA: 12 + Math.ceil((objects + attributes + types + schemas) / linesAFile) + batches + commentBatches,
          classB: 1,
        },
      },
    }),
    'restore-configuration': step({
      siteRequests: madeOfConfiguration + 4,
      siteSeconds: madeOfConfiguration * Math.max(between('configuration'), circumstances.answerSeconds / 8),
      each: { ...opening, work: { classA: 4, classB: 5 } },
      once: { backups: { classA: 0, classB: 2 }, work: { classA: 2, classB: 0 } },
    }),
    'create-objects': step({
      siteRequests: objects,
      siteSeconds: objects * between('object-create'),
      each: { ...stage, work: { classA: 2, classB: stage.work.classB } },
      once: {
        backups: { classA: 0, classB: Math.max(shards, batches) },
        // Announced many at a time, each time with a look at the lock; and the outcome of the last.
        work: {
          classA: batches + announcements,
          classB: 2 * batches + announcements,
        },
      },
      storedAtOnce: Number.POSITIVE_INFINITY,
    }),
    'link-references': step({
      siteRequests: site.objectsInCircles,
      siteSeconds: site.objectsInCircles * between('object-update'),
      each: { ...stage, work: { classA: 1, classB: stage.work.classB + 1 } },
      once: {
        backups: { classA: 0, classB: site.objectsInCircles === 0 ? 0 : shards },
        work: {
          classA: Math.ceil(site.objectsInCircles / notedAtOnce),
          classB: 3 * batches + Math.ceil(site.objectsInCircles / notedAtOnce),
        },
      },
    }),
    'restore-comments': step({
      siteRequests: commentWrites,
      siteSeconds: commentWrites * between('comments'),
      each: { ...opening, work: { classA: 2, classB: 4 + batches } },
      once: {
        backups: { classA: 0, classB: activityFiles },
        work: {
          classA: 2 * Math.ceil(withActivity / commentsAnnouncedAtOnce),
          classB: 2 * commentBatches + Math.ceil(withActivity / commentsAnnouncedAtOnce),
        },
      },
      storedAtOnce: Number.POSITIVE_INFINITY,
    }),
    'apply-constraints': step({
      siteRequests: types + site.restrictedAttributes,
      siteSeconds: types * between('object-type-attributes') + site.restrictedAttributes * between('configuration'),
      each: { ...stage, work: { classA: 2, classB: stage.work.classB + 2 } },
      once: {
        backups: { classA: 0, classB: 0 },
        work: { classA: 2, classB: 1 + Math.ceil((types + schemas) / piecesAtOnce) },
      },
    }),
    'verify-restore': step({
      siteRequests: pages + targetConfiguration,
      siteSeconds:
        pages * Math.max(circumstances.pageSeconds, between('object-aql')) +
        targetConfiguration * between('configuration'),
      each: { ...stage, work: { classA: 2, classB: stage.work.classB + 3 + batches } },
      once: { backups: { classA: 0, classB: configurationFiles + shards }, work: { classA: 0, classB: 5 + types } },
    }),
    'report-restore': step({
      isWhole: true,
      each: { backups: { classA: 0, classB: 1 }, work: { classA: 5, classB: 3 } },
      once: {
        backups: { classA: 0, classB: 0 },
        work: {
          classA: 2,
          classB: 11 + batches + Math.ceil((objects + attributes) / linesAFile) + commentBatches + requestFiles,
        },
      },
    }),
  };
}

/** One of every reader and writer of a restore whose steps each take one invocation. */
const requestFiles = 11;

interface StoreUse {
  readonly backups: StoreRequests;
  readonly work: StoreRequests;
}

/**
 * @param use `each`: requests to the buckets in each invocation; `once`: over all of them together; `storedAtOnce`: how many
 * of these are under way side by side, infinitely many where the site's budget hides them; `isWhole`: the step hands nothing back
 */
function stepUse(
  { startSeconds, storeSeconds }: Circumstances,
  {
    siteRequests = 0,
    siteSeconds = 0,
    each = idleStep,
    once = idleStep,
    storedAtOnce = 1,
    isWhole = false,
  }: {
    readonly siteRequests?: number;
    readonly siteSeconds?: number;
    readonly each?: StoreUse;
    readonly once?: StoreUse;
    readonly storedAtOnce?: number;
    readonly isWhole?: boolean;
  },
): StepUse {
  const work = siteSeconds + (countOf(once) * storeSeconds) / storedAtOnce;
  const invocations = isWhole ? 1 : invocationsFor(work);
  const sum = (bucket: 'backups' | 'work'): StoreRequests => ({
    classA: once[bucket].classA + invocations * each[bucket].classA,
    classB: once[bucket].classB + invocations * each[bucket].classB,
  });
  return {
    ...idleStep,
    invocations,
    siteRequests,
    seconds: work + invocations * (startSeconds + countOf(each) * storeSeconds),
    backups: sum('backups'),
    work: sum('work'),
  };
}

const countOf = ({ backups, work }: StoreUse) => backups.classA + backups.classB + work.classA + work.classB;
