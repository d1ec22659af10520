import type { SiteState } from '../site/site-state.ts';
import { uuidFrom } from '../site/uuid.ts';

/** The official base address, with which links in answers begin. */
export function assetsBase(site: SiteState): string {
  return `${site.linkBase}/ex/jira/${site.cloudId}/jsm/assets/workspace/${site.workspaceId}/v1`;
}

export function globalId(site: SiteState, id: number): string {
  return `${site.workspaceId}:${id}`;
}

/** Icon ids are numbers (specification) or UUIDs (seen by ScriptRunner). */
export function iconId(site: SiteState, id: number): string {
  return site.quirks.iconIds === 'uuid' ? uuidFrom(0x1c0, id) : String(id);
}

/** The icon that an id in a request means, in either form. */
export function iconNumber(id: string): number {
  return /^\d+$/.test(id) ? Number(id) : Number.parseInt(id.slice(-12), 16);
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** `displayName` came in 2026; older sites do not have the field. It is optional in answers. */
export function displayName(
  { quirks }: SiteState,
  { name, displayName: shown }: { readonly name: string; readonly displayName: string },
): { displayName?: string } {
  const isShown = quirks.displayName && (quirks.displayNameShown === 'always' || shown !== name);
  return isShown ? { displayName: shown } : {};
}

/** A field that is absent when there is nothing to say, as in the samples. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
