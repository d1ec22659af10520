import { SimulatedSite } from '../site/simulated-site.ts';
import type { SiteOptions } from '../site/site-state.ts';

/** A workspace as it is on its first day: no schema, the default statuses, reference types and icons. */
export function emptySite(options: SiteOptions = {}): SimulatedSite {
  return new SimulatedSite(options);
}

/** A site whose plan has no Assets: discovery answers an empty list (or 404, a quirk). */
export function siteWithoutAssets(): SimulatedSite {
  return new SimulatedSite({ hasAssets: false });
}
