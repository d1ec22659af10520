import { type Answer, errorAnswer, ok } from '../http/answer.ts';
import type { SimulatedRequest } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import type { SimulatedSite } from '../site/simulated-site.ts';
import { numberParameter } from './read-input.ts';

/** The few endpoints of the Jira site that a backup or a restore of Assets needs. */
export const jiraSiteRoutes: readonly Route[] = [
  {
    // Asks for no login (ORCA, HOLMES).
    name: 'tenant-info',
    method: 'GET',
    path: '/_edge/tenant_info',
    isPublic: true,
    handle: (site) => ok({ cloudId: site.cloudId }),
  },
  {
    // Without Assets in the plan the list is empty (DAC, JJS); 404 is possible as well.
    name: 'workspace',
    method: 'GET',
    path: '/rest/servicedeskapi/assets/workspace',
    scope: 'read:servicedesk-request',
    handle: (site) => {
      if (!site.hasAssets && site.quirks.discoveryWithoutAssets === 'not-found') {
        return errorAnswer(404, ['Assets is not available on this site']);
      }
      const values = site.hasAssets ? [{ workspaceId: site.workspaceId }] : [];
      const self = `${site.linkBase}/rest/servicedeskapi/assets/workspace`;
      const _links = { self, base: site.linkBase, context: '' };
      return ok({ size: values.length, start: 0, limit: 50, isLastPage: true, _links, values });
    },
  },
  {
    // An array without totals, as the original scripts read it.
    name: 'users-search',
    method: 'GET',
    path: '/rest/api/3/users/search',
    scope: 'read:jira-user',
    handle: (site, request) => {
      if (site.quirks.usersSearch === 'forbidden') return mayNotBrowse();
      const { startAt, maxResults } = pageOf(site, request);
      const page = [...site.users.values()].slice(startAt, startAt + maxResults);
      return ok(
        page.map((user) => ({ self: `${site.linkBase}/rest/api/3/user?accountId=${user.accountId}`, ...user })),
      );
    },
  },
  {
    name: 'group-bulk',
    method: 'GET',
    path: '/rest/api/3/group/bulk',
    scope: 'read:jira-user',
    handle: (site, request) => {
      if (site.quirks.groupBulk === 'forbidden') return mayNotBrowse();
      const { startAt, maxResults } = pageOf(site, request);
      const groups = [...site.groups.values()];
      const values = groups.slice(startAt, startAt + maxResults).map(({ name, groupId }) => ({ name, groupId }));
      const isLast = startAt + maxResults >= groups.length;
      return ok({ startAt, maxResults, total: groups.length, isLast, values });
    },
  },
];

function pageOf(site: SimulatedSite, request: SimulatedRequest): { startAt: number; maxResults: number } {
  const asked = numberParameter(request, 'maxResults', 50);
  const maxResults = Math.min(asked, site.quirks.userPageSize ?? asked);
  return { startAt: numberParameter(request, 'startAt', 0), maxResults };
}

function mayNotBrowse(): Answer {
  return errorAnswer(403, ['You do not have permission to browse users and groups']);
}
