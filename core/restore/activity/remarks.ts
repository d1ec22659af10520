import { textOf } from '../../model/json.ts';
import type { ActivityReader } from '../../reading/stored-activity.ts';
import type { CommentedObject } from '../plan-files.ts';
import { historyComments, markOf, restoredComment } from './comment-texts.ts';

/** A comment that a restore writes. */
export interface Remark {
  /** For people: what it is. */
  readonly what: 'comment' | 'history';
  readonly mark: string;
  readonly role: number;
  readonly comment: string;
}

/** The comments that become of those and of the history of an object of the backup. Throws DamagedBackupError. */
export async function restoredRemarks(
  { stored, sourceWorkspaceId }: { readonly stored: ActivityReader; readonly sourceWorkspaceId: string },
  { source: objectId, comments, history }: Omit<CommentedObject, 'key' | 'known'>,
): Promise<Remark[]> {
  const remarks: Remark[] = [];
  if (comments) {
    for (const [index, comment] of (await stored.records(objectId, comments)).entries()) {
      const mark = markOf('comment', sourceWorkspaceId, objectId, textOf(comment.id) ?? `number-${index + 1}`);
      remarks.push({
        what: 'comment',
        mark,
        role: Number(textOf(comment.role) ?? 0),
        comment: restoredComment(comment, mark),
      });
    }
  }
  if (history) {
    const entries = await stored.records(objectId, history);
    const markFor = (part: number) => markOf('history', sourceWorkspaceId, objectId, String(part));
    for (const [index, comment] of historyComments(entries, markFor).entries()) {
      remarks.push({ what: 'history', mark: markFor(index + 1), role: 0, comment });
    }
  }
  return remarks;
}
