import type { StoredFile } from '../../backup-format/manifest.ts';
import type { RestoreChoices } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import { activityOf, type BackupSource } from '../../reading/backup-source.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import type { EarlierRestores } from '../id-map/earlier-restores.ts';
import type { CommentBatch, CommentedObject } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { ObjectDecision } from './plan-objects.ts';

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
 * Lists the comments and histories to write: of objects that are made, and of those that earlier restores made, whose
 * journals tell what they have. An object that survived has its own.
 */
export async function writeCommentBatches(
  work: WorkStore,
  keys: RestoreKeys,
  {
    source,
    folders,
    choices,
    earlier,
    scan,
    decisions,
  }: {
    readonly source: BackupSource;
    /** Of the chosen schemas, in the backup. */
    readonly folders: readonly string[];
    readonly choices: RestoreChoices;
    readonly earlier: EarlierRestores;
    readonly scan: StoredObjects;
    readonly decisions: readonly (ObjectDecision | undefined)[];
  },
): Promise<PlannedComments> {
  const files = new Map<number, { comments?: StoredFile; history?: StoredFile }>();
  let comments = 0;
  let historyComments = 0;
  for await (const file of source.listed()) {
    const activity = activityOf(file.key);
    const number = activity && scan.numberOf.get(activity.objectId);
    if (!activity || number === undefined || !folders.some((folder) => file.key.startsWith(folder))) continue;
    const decision = decisions[number];
    const isAsked = activity.kind === 'comments' ? choices.processComments : choices.processHistory;
    if (!isAsked || (decision?.action !== 'create' && !decision?.target?.isOwn) || decision.refersBy) continue;
    files.set(number, { ...files.get(number), [activity.kind]: file });
    if (activity.kind === 'comments') comments += file.records;
    else historyComments += Math.ceil(file.bytes / bytesOfOneComment);
  }
  const objects = [...files].toSorted(([a], [b]) => a - b);
  let batches = 0;
  for (let at = 0; at < objects.length; at += objectsABatch) {
    const batch: CommentBatch = {
      objects: objects.slice(at, at + objectsABatch).map(([number, stored]): CommentedObject => {
        const { target, asks = [] } = decisions[number] ?? {};
        const known = Object.fromEntries(
          [target?.id ?? asks].flat().map((id) => [id, Object.fromEntries(earlier.commentsOn(id))]),
        );
        return { source: scan.ids[number] ?? '', key: scan.keys[number] ?? '', ...stored, known };
      }),
    };
    await writeJson(work, keys.commentBatch(batches), batch);
    batches += 1;
  }
  return { batches, objects: objects.length, comments, historyComments };
}
