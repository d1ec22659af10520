import type { CommentInput } from './builder-inputs.ts';
import type { Comment, StoredObject } from './records.ts';
import type { SiteBuilder } from './site-builder.ts';
import { moveUpdated } from './updated.ts';

// What people do in the page of an object; by its API only the first is known. No history tells of any of it.

export function addComment(site: SiteBuilder, input: CommentInput): Comment {
  const comment = site.addComment(input);
  moveUpdated(site, input.object, 'what belongs to it');
  return comment;
}

export function editComment(site: SiteBuilder, object: StoredObject, comment: Comment, text: string): void {
  comment.text = text;
  comment.updatedMs = site.now();
  moveUpdated(site, object, 'what belongs to it');
}

export function deleteComment(site: SiteBuilder, object: StoredObject, comment: Comment): void {
  const left = site.commentsOf(object.id).filter((candidate) => candidate !== comment);
  if (left.length > 0) site.commentLists.set(object.id, left);
  else site.commentLists.delete(object.id);
  moveUpdated(site, object, 'what belongs to it');
}
