import type { Issue } from '../site/issue-records.ts';
import type { JsonObject } from '../site/raw-json.ts';
import type { Comment, StoredObject } from '../site/records.ts';
import type { SiteState } from '../site/site-state.ts';
import { globalId, isoTime, optional } from './links.ts';
import { userShape } from './user-shape.ts';

/**
 * Entries of `GET /object/{id}/history`, newest first (samples/object-history.json). The entry of the creation has no
 * `affectedAttribute` and no values; it is made from the object, so that 100,000 objects need not store it.
 */
export function historyShapes(site: SiteState, object: StoredObject): JsonObject[] {
  const changes = site.historyOf(object.id).map((entry) => ({
    ...actorShape(site, entry.actor),
    id: String(entry.id),
    ...optional('affectedAttribute', entry.attribute),
    ...optional('oldValue', entry.oldValue),
    ...optional('newValue', entry.newValue),
    ...(site.quirks.historyType ? { type: entry.type } : {}),
    created: isoTime(entry.createdMs),
    objectId: String(object.id),
    ...entry.extra,
  }));
  const creation = {
    ...actorShape(site, object.createdBy),
    id: String(1_000_000_000 + object.id),
    ...(site.quirks.historyType ? { type: 0 } : {}),
    created: isoTime(object.createdMs),
    objectId: String(object.id),
  };
  return [...changes.reverse(), creation];
}

/** The Data Center model with the fields that the original scripts read on Cloud (samples/comment-cloud.json). */
export function commentShape(site: SiteState, comment: Comment, objectId: number): JsonObject {
  return {
    id: String(comment.id),
    ...actorShape(site, comment.actor),
    role: comment.role,
    comment: comment.text,
    commentOutput: comment.text,
    created: isoTime(comment.createdMs),
    updated: isoTime(comment.updatedMs),
    objectId: String(objectId),
    canEdit: true,
    canDelete: true,
    ...comment.extra,
  };
}

/** `Ticket` of the specification (samples/objectconnectedtickets.json). */
export function ticketShape(site: SiteState, ticket: Issue): JsonObject {
  return {
    workspaceId: site.workspaceId,
    globalId: globalId(site, ticket.id),
    key: ticket.key,
    id: String(ticket.id),
    reporter: ticket.reporter,
    created: isoTime(ticket.createdMs),
    updated: isoTime(ticket.updatedMs),
    title: ticket.summary,
    status: { name: ticket.status, description: '', colorName: 'yellow' },
    type: { name: 'Task', description: 'A task that needs to be done.', iconUrl: `${site.linkBase}/images/task.png` },
    priority: { name: 'Medium', iconUrl: `${site.linkBase}/images/icons/priorities/medium.svg` },
  };
}

function actorShape(site: SiteState, accountId: string): JsonObject {
  const user = site.users.get(accountId);
  return { actor: user ? userShape(user) : { key: accountId, displayName: accountId, isDeleted: true } };
}
