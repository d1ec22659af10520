import type { ActivityShard } from '../../backup-format/activity-places.ts';
import { activityHash, shardOf } from '../../backup-format/activity-shards.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import { eachStoredActivity } from '../../reading/stored-activity.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import type { KnownComments } from '../id-map/known-comments.ts';
import type { CommentBatch, CommentedObject } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { CommentFiles } from './write-digests.ts';

const objectsABatch = 500;
/** Bytes of a stored history that fill about one comment: to estimate, nothing depends on it. */
const bytesOfOneComment = 20_000;

export interface PlannedComments {
  readonly batches: number;
  readonly objects: number;
  readonly comments: number;
  /** Comments that histories will become, as an estimate. */
  readonly historyComments: number;
}

/**
 * Where the comments and histories to write lie, by the numbers of their objects: of those that are made, and of those that
 * earlier restores made, whose journals tell what they have. An object that survived has its own. Throws DamagedBackupError.
 */
export async function findComments({
  source,
  folders,
  choices,
  scan,
  decisions,
}: {
  readonly source: BackupSource;
  /** Of the chosen schemas, in the backup. */
  readonly folders: readonly string[];
  readonly choices: RestoreChoices;
  readonly scan: StoredObjects;
  readonly decisions: readonly (ObjectDecision | undefined)[];
}): Promise<Map<number, CommentFiles>> {
  const files = new Map<number, CommentFiles>();
  const isWritten = (number: number) => {
    const { action, target, refersBy } = decisions[number] ?? {};
    return (action === 'create' || target?.isOwn === true) && !refersBy;
  };
  const asked = { comments: choices.processComments, history: choices.processHistory };
  let hashes: ReturnType<typeof hashesByType> | undefined;
  const areIn = (shard: ActivityShard) => {
    hashes ??= hashesByType(scan, isWritten);
    return hashes.areIn(shard);
  };
  await eachStoredActivity(
    source,
    ({ key }, place) =>
      asked[place.kind] &&
      folders.some((folder) => key.startsWith(folder)) &&
      (!('shard' in place) || areIn(place.shard)),
    ({ objectId, kind, stored, place }) => {
      const number = scan.numberOf.get(objectId);
      if (number !== undefined && isWritten(number)) files.set(number, { ...files.get(number), [kind]: stored, place });
    },
  );
  return files;
}

/** Which files of many objects hold one that is written: the others are not read. */
function hashesByType(
  { ids, shards, shardOf: shardOfObject, twice }: StoredObjects,
  isWritten: (number: number) => boolean,
) {
  const byType = new Map<string, number[]>();
  /** What stands in several types has its activity with one of them. */
  const ofAnyType: number[] = [];
  for (const [number, id] of ids.entries()) {
    if (!isWritten(number)) continue;
    const typeId = shards[shardOfObject[number] ?? -1]?.typeId ?? '';
    const hashes = twice.has(id) ? ofAnyType : (byType.get(typeId) ?? []);
    if (hashes !== ofAnyType) byType.set(typeId, hashes);
    hashes.push(activityHash(id));
  }
  return {
    areIn: ({ type, number, count }: ActivityShard) =>
      [byType.get(type.id) ?? [], ofAnyType].some((hashes) => hashes.some((hash) => shardOf(hash, count) === number)),
  };
}

/** Whether a restore has yet to write comments, or parts of the history, on an object that an earlier one made. */
export function lacksComments({ comments, history }: CommentFiles, known: ReturnType<KnownComments['on']>): boolean {
  const lacks = (kind: 'comment' | 'history', count: number) => {
    const states = [...known].flatMap(([mark, state]) => (mark.includes(` ${kind} `) ? [state] : []));
    return count > 0 && (states.length < count || states.some((state) => state !== 'done'));
  };
  // The marks of a whole history are noted before the first part of it is written.
  return lacks('comment', comments?.records ?? 0) || lacks('history', history ? 1 : 0);
}

/**
 * How many creates are to be done before the comments begin of objects whose activity lies in files with others': in steps that
 * grow, so that however many objects lie in such a file, it is read for few of them.
 */
const firstStretch = 1_000;
const growth = 1.5;

/**
 * Lists what is to be written of them, in the order in which it can be: comments follow their objects while others are made. Where
 * nothing is left, nothing of them is.
 * @param creates numbers of the objects that are made, in their order
 */
export async function writeCommentBatches(
  work: WorkStore,
  keys: RestoreKeys,
  {
    files,
    knownComments,
    scan,
    decisions,
    creates,
  }: {
    readonly files: ReadonlyMap<number, CommentFiles>;
    readonly knownComments: KnownComments;
    readonly scan: StoredObjects;
    readonly decisions: readonly (ObjectDecision | undefined)[];
    readonly creates: readonly number[];
  },
): Promise<PlannedComments> {
  let comments = 0;
  let historyComments = 0;
  for (const file of files.values()) {
    comments += file.comments?.records ?? 0;
    historyComments += Math.ceil((file.history?.bytes ?? 0) / bytesOfOneComment);
  }
  const objects = inOrder(files, creates);
  let batches = 0;
  for (let at = 0; at < objects.length; at += objectsABatch) {
    const batch: CommentBatch = {
      objects: objects.slice(at, at + objectsABatch).map(([number, { place: _, ...stored }]): CommentedObject => {
        const { target, asks = [] } = decisions[number] ?? {};
        const known = Object.fromEntries(
          [target?.id ?? asks].flat().map((id) => [id, Object.fromEntries(toBeLookedAt(knownComments.on(id)))]),
        );
        return { source: scan.ids[number] ?? '', key: scan.keys[number] ?? '', ...stored, known };
      }),
    };
    await writeJson(work, keys.commentBatch(batches), batch);
    batches += 1;
  }
  return { batches, objects: objects.length, comments, historyComments };
}

/** As their objects are made; of those that are made in one stretch, those together that lie in the same files. */
function inOrder(files: ReadonlyMap<number, CommentFiles>, creates: readonly number[]): [number, CommentFiles][] {
  /** How many objects are made by then; 0 of what is there. */
  const madeAt = new Map(creates.map((number, index) => [number, index + 1]));
  const stretches = [0, firstStretch];
  while ((stretches.at(-1) ?? 0) < creates.length) stretches.push(Math.ceil((stretches.at(-1) ?? 0) * growth));
  return [...files]
    .map(([number, stored]) => {
      const made = madeAt.get(number) ?? 0;
      const due = stored.place === 0 ? made : (stretches.find((end) => made <= end) ?? made);
      return { number, stored, made, due };
    })
    .sort((a, b) => a.due - b.due || a.stored.place - b.stored.place || a.made - b.made || a.number - b.number)
    .map(({ number, stored }) => [number, stored]);
}

/** What was refused is tried again. */
const toBeLookedAt = (marks: ReturnType<KnownComments['on']>) => [...marks].filter(([, state]) => state !== 'lost');
