import { SimulatedSite } from '../site/simulated-site.ts';
import type { SiteOptions } from '../site/site-state.ts';

/** A workspace as it is on its first day: no schema, the default statuses, reference types and icons. */
export function emptySite(options: SiteOptions = {}): SimulatedSite {
  return new SimulatedSite(options);
}

/**
 * An empty workspace of the same people: users, groups and projects agree, nothing else does. Its ids begin above all of
 * a usual site's, so that none agrees by accident; with `idsAbove: 0` they overlap with the other site's on purpose.
 */
export function emptySiteLike(site: SimulatedSite, options: SiteOptions = {}): SimulatedSite {
  const empty = new SimulatedSite({
    workspaceId: 'b2d4c0de-0000-4000-8000-00000000e417',
    cloudId: '99999999-8888-7777-6666-555555555555',
    idsAbove: 700_000,
    ...options,
  });
  empty.users.clear();
  for (const user of site.users.values()) empty.addUser(user);
  for (const group of site.groups.values()) empty.groups.set(group.name, { ...group });
  for (const project of site.projects.values()) empty.projects.set(project.key, { ...project });
  return empty;
}

/** A site whose plan has no Assets: discovery answers an empty list (or 404, a quirk). */
export function siteWithoutAssets(): SimulatedSite {
  return new SimulatedSite({ hasAssets: false });
}
