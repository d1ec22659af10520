import type { SiteWait } from '../model/site-wait.ts';
import type { RequestCounts } from './assets-reader.ts';
import type { LinkedObject } from './issues-reader.ts';

/**
 * The one write to issues: what an Assets field of one of them holds. It replaces the whole value, so it may be sent twice and is
 * retried. Throws LoginRefusedError (401), PermissionRefusedError (403, or a scope that the token lacks), NotFoundError (404), RequestRefusedError (other 4xx, with
 * the site's words), RateLimitedError, SiteUnavailableError, UnexpectedAnswerError, the last three after retries.
 */
export interface IssuesWriter {
  /** Different for every writer, also of other processes. */
  readonly id: string;
  /**
   * Sets the objects of a field, in order; an empty list clears it. A success says nothing of what is stored then (a 204 may hide an
   * invalid value), so whoever calls reads it back. Writes to one issue stay within its own limit: 20 in 2 s, 100 in 30 s.
   * @param notifies whether watchers get mail; keeping it from them takes a right (administer Jira, or the project)
   */
  setObjects(
    issueId: string,
    fieldId: string,
    objects: readonly LinkedObject[],
    options: { readonly notifies: boolean },
  ): Promise<void>;
  /** Requests started so far by this writer, retries included. */
  requests(): RequestCounts;
  /** The longest times for which the site held it back so far. */
  waits(): readonly SiteWait[];
}
