import { join } from 'node:path';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { restoreLocally } from '../../local/local-restore.ts';
import { emptySite, emptySiteLike } from '../../simulator/seeds/empty.ts';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { changedObjects, countBackup, countNights } from './count-nights.ts';
import { countRun } from './count-run.ts';
import type { CountedSite, SiteCount } from './counts.ts';
import { SimulatedClock } from './simulated-clock.ts';
import type { SiteShape } from './site-shape.ts';

/** Counts every kind of run on a simulated site, within the default budget and in simulated time. `directory` is a new folder. */
export async function countSite(counted: CountedSite, directory: string): Promise<SiteCount> {
  const site = siteOf(counted);
  const clock = new SimulatedClock();
  const place = { directory: join(directory, 'object'), clock, site };
  const nights = await countNights(counted, place, 'object');
  const bareNight = await countBackup(counted, place, false);
  const restore = await countRun(counted, { ...place, site: emptySiteLike(emptySite()) }, async (options) => {
    const { outcome } = await restoreLocally({
      ...options,
      choices: parseRestoreInput({ folder: nights.next.backup }),
    });
    if (outcome !== 'restored') throw new Error(`The restore ended as ${outcome}.`);
    return { files: 0, bytes: 0 };
  });
  const byType = await countNights(counted, { ...place, directory: join(directory, 'type') }, 'type');
  const runs = {
    'first night': nights.first.count,
    night: nights.next.count,
    'first night by type': byType.first.count,
    'night by type': byType.next.count,
    'bare night': bareNight.count,
    restore: restore.count,
  };
  return { site: counted, shape: shapeOf(site, counted), runs };
}

/** Every object has a history of one change; two attributes of each type are restricted, which a restore sets with a request each. */
export function siteOf(counted: CountedSite): SimulatedSite {
  const site = largeSite({ ...counted, historyEntries: 1 });
  for (const type of site.types.values()) {
    const own = site.typeAttributes(type.id).filter(({ role }) => !role);
    for (const attribute of own.slice(0, 2)) attribute.minimumCardinality = 1;
  }
  return site;
}

export function shapeOf(site: SimulatedSite, counted: CountedSite): SiteShape {
  const types = [...site.types.values()];
  return {
    schemas: [...site.schemas.keys()].map((schema) =>
      types.filter(({ schemaId }) => schemaId === schema).map(({ id }) => site.objects.idsOfType(id).length),
    ),
    comments: [...site.objects.all()].filter(({ id }) => site.commentsOf(id).length > 0).length,
    changed: changedObjects(counted),
  };
}
