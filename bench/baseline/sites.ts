import type { LargeSiteOptions } from '../../simulator/seeds/large.ts';

/** Every object has been changed once, and every fifth has a comment. */
export function commentedSite(objects: number): LargeSiteOptions {
  return { objects, historyEntries: 1, shareWithComments: 0.2 };
}
