import { longestActivity } from '../../core/backup/activity/plan-activity.ts';
import { readsANight } from './activity-shape.ts';
import { foretold } from './foretold.ts';
import { markdownTable, written } from './markdown-table.ts';
import { evenSite, objectsOf, type SiteShape } from './site-shape.ts';

/** Hours from the start of a night in which history and comments are read. */
export const activityHours = longestActivity / 3_600_000;

/** Objects whose history and comments a night can read, once all objects are listed. */
export function mostReadsANight(site: SiteShape): number {
  const listing = foretold('bare night', site).seconds;
  const secondsARead = (foretold('first night', site).seconds - listing) / objectsOf(site);
  return Math.max(0, (activityHours * 3_600 - listing) / secondsARead);
}

/**
 * Nights until nothing is behind, the first one included; undefined where that never comes. What a night does not reach is read by
 * the next one, before what has changed since and the share by age.
 */
export function nightsUntilAllIsRead(site: SiteShape): number | undefined {
  const all = objectsOf(site);
  const most = mostReadsANight(site);
  let behind = all;
  for (let nights = 1; nights <= 365; nights += 1) {
    const known = all - behind;
    behind = Math.max(0, behind + (known / all) * readsANight(site) - most);
    if (behind === 0) return nights;
  }
  return undefined;
}

/** How large sites catch up. */
export function convergenceTable(): string {
  const sites = [500_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000].map((objects) =>
    evenSite({ objects, schemas: 30, types: 600 }),
  );
  const row = (title: string, cell: (site: SiteShape) => string) => [title, ...sites.map(cell)];
  return markdownTable(
    ['', ...sites.map((site) => `${written(objectsOf(site))} objects`)],
    [
      row('objects that a night can read, by time', (site) => written(mostReadsANight(site))),
      row('objects that a later night has to read', (site) => written(readsANight(site))),
      row('nights until all is there', (site) => String(nightsUntilAllIsRead(site) ?? 'never')),
    ],
  );
}
