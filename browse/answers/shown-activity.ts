import type { JsonRecord } from '../../core/model/json.ts';
import { activityText, authorOf, historyEntry } from '../../core/reading/history-entry.ts';
import { readableHtml } from '../../core/reading/html-text.ts';
import type { CommentShown, HistoryEntryShown } from '../../pages/answers.ts';

const nobody = 'unknown author';

/** A comment as people read it: its text without the HTML that a site makes of it. */
export function shownComment(comment: JsonRecord): CommentShown {
  const html = activityText(comment.comment) ?? activityText(comment.commentOutput) ?? '';
  return { author: authorOf(comment) ?? nobody, at: activityText(comment.created) ?? '', text: readableHtml(html) };
}

export function shownEntry(entry: JsonRecord): HistoryEntryShown {
  const { author = nobody, at = '', what, before = null, after = null } = historyEntry(entry);
  return { author, at, what, before, after };
}
