import { fieldError } from './refusal.ts';
import type { SiteState } from './site-state.ts';

/** Refused in names on Data Center (JJS measured it), not known for Cloud: a quirk. */
const reservedCharacters = /[=;:?."]/;

export function checkName(site: SiteState, name: string): void {
  if (name.trim() === '') throw fieldError('name', 'name is required');
  if (site.quirks.reservedNameCharacters === 'rejected' && reservedCharacters.test(name)) {
    throw fieldError('name', `Name contains a reserved character: ${name}`);
  }
}

/** 50 characters; 255 for attributes (SPEC26). */
export function checkDisplayName(displayName: string | undefined, longest = 50): void {
  if (displayName !== undefined && displayName.length > longest) {
    throw fieldError('displayName', `displayName must be at most ${longest} characters`);
  }
}
