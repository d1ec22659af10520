import { errorAnswer, noBody, ok } from '../http/answer.ts';
import type { Route } from '../http/route.ts';
import { issuePage } from '../jql/issue-pages.ts';
import { JqlError } from '../jql/parse-jql.ts';
import { issueShape } from '../shapes/issue-shapes.ts';
import { visibleIssue } from '../site/issue-values.ts';
import { writeIssue } from '../site/issue-writes.ts';
import type { JsonObject } from '../site/raw-json.ts';
import { Refusal } from '../site/refusal.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { checkBrowsing } from './issue-field-routes.ts';
import { bodyOf, numberField, numberParameter, pathParameter, textField, textList } from './read-input.ts';
import { sentIssueValues } from './sent-issue-values.ts';

const readWork = 'read:jira-work';

/** Pages with more than the id and the key hold no more issues than this, whatever is asked for; others reach to 5,000. */
const mostWithFields = 100;
const mostIdsOnly = 5000;
/** Jira's documentation of `POST /rest/api/3/issue/bulkfetch`. */
const mostInBulk = 100;

/** Issues as far as Assets fields are concerned. Source: Jira's REST API v3; reference, section 8. */
export const issueRoutes: readonly Route[] = [
  {
    name: 'issue-search',
    method: 'GET',
    path: '/rest/api/3/search/jql',
    scope: readWork,
    handle: (site, { query, ...request }) => {
      const fields = query.getAll('fields').flatMap((text) => text.split(','));
      return search(site, {
        jql: query.get('jql') ?? '',
        token: query.get('nextPageToken') ?? undefined,
        fields: fields.length > 0 ? fields : undefined,
        maxResults: numberParameter({ query, ...request }, 'maxResults', 50),
      });
    },
  },
  {
    name: 'issue-search',
    method: 'POST',
    path: '/rest/api/3/search/jql',
    scope: readWork,
    handle: (site, request) => {
      const body = bodyOf(request);
      return search(site, {
        jql: textField(body, 'jql') ?? '',
        token: textField(body, 'nextPageToken'),
        fields: textList(body, 'fields'),
        maxResults: numberField(body, 'maxResults') ?? 50,
      });
    },
  },
  ...(['GET', 'POST'] as const).map(
    (method): Route => ({
      // Gone since 2025, as third parties report.
      name: 'issue-search-removed',
      method,
      path: '/rest/api/3/search',
      scope: readWork,
      handle: () =>
        errorAnswer(410, ['The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.']),
    }),
  ),
  {
    // Before the issue of any name: those that are not there, or not to be seen, are left out in silence.
    name: 'issue-bulkfetch',
    method: 'POST',
    path: '/rest/api/3/issue/bulkfetch',
    scope: readWork,
    handle: (site, request) => {
      checkBrowsing(site);
      const body = bodyOf(request);
      const asked = textList(body, 'issueIdsOrKeys') ?? [];
      if (asked.length === 0 || asked.length > mostInBulk) {
        throw new Refusal(400, `Between 1 and ${mostInBulk} issue ids or keys have to be given.`);
      }
      const fields = textList(body, 'fields') ?? ['summary', 'created', 'updated'];
      const seen = asked
        .flatMap((idOrKey) => site.issues.find(idOrKey) ?? [])
        .filter(({ access }) => access !== 'none');
      const issues = [...new Set(seen)].sort((a, b) => a.id - b.id);
      const shapes = issues.map((issue) => ({ ...issueShape(site, issue, ['key', ...fields]) }));
      return ok({ expand: 'schema,names', issues: shapes, issueErrors: [] });
    },
  },
  {
    // An old key of an issue that was moved leads to it, without a redirect.
    name: 'issue',
    method: 'GET',
    path: '/rest/api/3/issue/{issueIdOrKey}',
    scope: readWork,
    handle: (site, request) => {
      checkBrowsing(site);
      const issue = visibleIssue(site, pathParameter(request, 'issueIdOrKey'));
      const fields = request.query.getAll('fields').flatMap((text) => text.split(','));
      const asked = fields.length > 0 ? fields : ['summary', 'created', 'updated', ...allFieldNames(site)];
      return ok({ fields: {}, ...issueShape(site, issue, ['key', ...asked]) });
    },
  },
  {
    name: 'issue-update',
    method: 'PUT',
    path: '/rest/api/3/issue/{issueIdOrKey}',
    scope: 'write:jira-work',
    handle: (site, request) => {
      checkBrowsing(site);
      const issue = visibleIssue(site, pathParameter(request, 'issueIdOrKey'));
      const notifies = request.query.get('notifyUsers')?.toLowerCase() !== 'false';
      writeIssue(site, issue, {
        values: sentIssueValues(site, bodyOf(request)),
        actor: site.owner.accountId,
        notifies,
      });
      return noBody(204);
    },
  },
];

interface Search {
  readonly jql: string;
  readonly token: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly maxResults: number;
}

function search(site: SimulatedSite, { jql, token, fields = ['id'], maxResults }: Search) {
  checkBrowsing(site);
  const isIdsOnly = fields.every((name) => name === 'id' || name === 'key');
  const most = isIdsOnly ? mostIdsOnly : Math.min(mostWithFields, site.quirks.issuePageSize ?? mostWithFields);
  try {
    const { issues, nextPageToken } = issuePage(site, jql, {
      token,
      maxResults: Math.min(Math.max(1, maxResults), most),
    });
    const shapes: JsonObject[] = issues.map((issue) => issueShape(site, issue, fields));
    return ok({
      issues: shapes,
      ...(nextPageToken !== undefined && { nextPageToken }),
      isLast: nextPageToken === undefined,
    });
  } catch (error) {
    if (error instanceof JqlError) throw new Refusal(400, error.message);
    throw error;
  }
}

function allFieldNames(site: SimulatedSite): string[] {
  return [...site.issues.fields.keys()].map((id) => `customfield_${id}`);
}
