import type { Issue } from '../site/issue-records.ts';
import type { SiteState } from '../site/site-state.ts';
import { JqlError } from './parse-jql.ts';
import { runJql } from './run-jql.ts';

interface Place {
  readonly jql: string;
  /** How many came before, and the last of them as it was then. */
  readonly count: number;
  readonly last: Issue;
}

interface Places {
  readonly byToken: Map<string, Place>;
}

const placesOf = new WeakMap<SiteState, Places>();

export interface FoundIssues {
  readonly issues: readonly Issue[];
  /** Undefined where this is the last page. */
  readonly nextPageToken: string | undefined;
}

/**
 * A page of what a query finds now. A token stands for the place behind the last issue of the page before, so that what comes and goes
 * elsewhere moves nothing; by a quirk it is a number of issues, as with offsets.
 */
export function issuePage(
  site: SiteState,
  jql: string,
  { token, maxResults }: { readonly token: string | undefined; readonly maxResults: number },
): FoundIssues {
  const places = placesOf.get(site) ?? { byToken: new Map() };
  placesOf.set(site, places);
  const place = token === undefined ? undefined : places.byToken.get(token);
  if (token !== undefined && place?.jql !== jql)
    throw new JqlError('The provided next page token is invalid or expired.');
  const { issues: all, compare } = runJql(site, jql);
  const isByCount = site.quirks.issuePages === 'offsets';
  const rest = !place
    ? all
    : isByCount
      ? all.slice(place.count)
      : all.filter((issue) => compare(issue, place.last) > 0);
  const issues = rest.slice(0, maxResults);
  const last = issues.at(-1);
  if (!last || rest.length <= maxResults) return { issues, nextPageToken: undefined };
  const nextPageToken = `page-token-${places.byToken.size + 1}`;
  places.byToken.set(nextPageToken, { jql, count: (place?.count ?? 0) + issues.length, last });
  return { issues, nextPageToken };
}
