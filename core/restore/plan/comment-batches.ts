import type { RestoreChoices } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { activityOf, type BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
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
 * Files of the comments and histories to write, by the numbers of their objects: of those that are made, and of those that
 * earlier restores made, whose journals tell what they have. An object that survived has its own.
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
  for await (const file of source.listed()) {
    const activity = activityOf(file.key);
    const number = activity && scan.numberOf.get(activity.objectId);
    if (!activity || number === undefined || !folders.some((folder) => file.key.startsWith(folder))) continue;
    const decision = decisions[number];
    const isAsked = activity.kind === 'comments' ? choices.processComments : choices.processHistory;
    if (!isAsked || (decision?.action !== 'create' && !decision?.target?.isOwn) || decision.refersBy) continue;
    files.set(number, { ...files.get(number), [activity.kind]: file });
  }
  return files;
}

/** Whether a restore has yet to write comments, or parts of the history, on an object that an earlier one made. */
export function lacksComments(
  { comments, history }: CommentFiles,
  known: ReturnType<EarlierRestores['commentsOn']>,
): boolean {
  const lacks = (kind: 'comment' | 'history', count: number) => {
    const states = [...known].flatMap(([mark, state]) => (mark.includes(` ${kind} `) ? [state] : []));
    return count > 0 && (states.length < count || states.some((state) => state !== 'done'));
  };
  // The marks of a whole history are noted before the first part of it is written.
  return lacks('comment', comments?.records ?? 0) || lacks('history', history ? 1 : 0);
}

/** Lists what is to be written of them: where nothing is left, nothing of them is. */
export async function writeCommentBatches(
  work: WorkStore,
  keys: RestoreKeys,
  {
    files,
    earlier,
    scan,
    decisions,
  }: {
    readonly files: ReadonlyMap<number, CommentFiles>;
    readonly earlier: EarlierRestores;
    readonly scan: StoredObjects;
    readonly decisions: readonly (ObjectDecision | undefined)[];
  },
): Promise<PlannedComments> {
  let comments = 0;
  let historyComments = 0;
  for (const file of files.values()) {
    comments += file.comments?.records ?? 0;
    historyComments += Math.ceil((file.history?.bytes ?? 0) / bytesOfOneComment);
  }
  const objects = [...files].toSorted(([a], [b]) => a - b);
  let batches = 0;
  for (let at = 0; at < objects.length; at += objectsABatch) {
    const batch: CommentBatch = {
      objects: objects.slice(at, at + objectsABatch).map(([number, stored]): CommentedObject => {
        const { target, asks = [] } = decisions[number] ?? {};
        const known = Object.fromEntries(
          [target?.id ?? asks].flat().map((id) => [id, Object.fromEntries(toBeLookedAt(earlier.commentsOn(id)))]),
        );
        return { source: scan.ids[number] ?? '', key: scan.keys[number] ?? '', ...stored, known };
      }),
    };
    await writeJson(work, keys.commentBatch(batches), batch);
    batches += 1;
  }
  return { batches, objects: objects.length, comments, historyComments };
}

/** What was refused is tried again. */
const toBeLookedAt = (marks: ReturnType<EarlierRestores['commentsOn']>) =>
  [...marks].filter(([, state]) => state !== 'lost');
