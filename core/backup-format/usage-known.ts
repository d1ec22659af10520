import type { Gap } from '../model/outcome.ts';
import type { Manifest } from './manifest.ts';

/** Whether a backup has read the site's usage, which alone counts schemas that its account does not see. */
export function isUsageKnown({ notOffered, gaps }: Pick<Manifest, 'notOffered' | 'gaps'>): boolean {
  return !notOffered.some(({ what }) => what === 'usage') && !gaps.some(isOfUsage);
}

const isOfUsage = ({ kind, what }: Gap) => kind === 'checks' && what === "the site's usage";
