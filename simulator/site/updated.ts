import type { StoredObject } from './records.ts';
import type { SiteBuilder } from './site-builder.ts';

/** Moves an object's `updated` after somebody has done something to it, where the site is one that does: a quirk. */
export function moveUpdated(site: SiteBuilder, object: StoredObject, by: 'values' | 'what belongs to it'): void {
  const { updatedMoves } = site.quirks;
  if (updatedMoves === 'never' || (updatedMoves === 'not-for-comments' && by !== 'values')) return;
  object.updatedMs = site.now();
  // A search finds it by its new time, once it is through with it.
  if (by !== 'values') site.objects.setValues(object, object.values);
}
