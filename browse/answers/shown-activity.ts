import { isRecord, type Json, type JsonRecord } from '../../core/model/json.ts';
import type { CommentShown, HistoryEntryShown } from '../../pages/answers.ts';

/** TODO: words of T. */
export function shownComment(comment: JsonRecord): CommentShown {
  return {
    author: authorOf(comment),
    at: text(comment.created),
    text: text(comment.comment) || text(comment.commentOutput),
  };
}

export function shownEntry(entry: JsonRecord): HistoryEntryShown {
  return {
    author: authorOf(entry),
    at: text(entry.created),
    what: text(entry.affectedAttribute),
    before: text(entry.oldValue) || null,
    after: text(entry.newValue) || null,
  };
}

const authorOf = ({ actor }: JsonRecord) =>
  isRecord(actor) ? text(actor.displayName) || text(actor.name) : text(actor);

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
