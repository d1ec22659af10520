import type { Door } from './login.ts';

/** Where a request is addressed to: the Jira site's own paths, or the Assets API of a workspace. */
export type Address =
  | { kind: 'jira'; door: Door; cloudId: string | undefined; path: string }
  | { kind: 'assets'; door: Door; cloudId: string | undefined; workspaceId: string; path: string };

/**
 * Takes an address apart. The Assets API answers under three bases (reference section 0): the official one below
 * `/ex/jira/{cloudId}`, the older one of the API host, and the site's gateway. One server stands for both hosts.
 */
export function readAddress(pathname: string): Address {
  const exJira = /^\/ex\/jira\/([^/]+)(\/.*)$/.exec(pathname);
  const cloudId = exJira?.[1];
  const inner = exJira?.[2] ?? pathname;
  const assets = /^(\/gateway\/api)?\/jsm\/assets\/workspace\/([^/]+)\/v1(\/.*)?$/.exec(inner);
  if (assets && !(cloudId && assets[1])) {
    const door: Door = cloudId ? 'ex-jira' : assets[1] ? 'gateway' : 'api';
    return { kind: 'assets', door, cloudId, workspaceId: assets[2] ?? '', path: assets[3] ?? '/' };
  }
  return { kind: 'jira', door: cloudId ? 'ex-jira' : 'site', cloudId, path: inner };
}
