import type { ActivityFiles } from '../core/model/activity.ts';
import type { Bench } from './bench.ts';
import { nightSite } from './night-sites.ts';
import type { NightsInput, NightsReport } from './processes/nights.ts';

const nights = new WeakMap<Bench, Map<string, Promise<NightsReport>>>();

/** Two nights of such a site in simulated time, counted once for all that is measured with them. */
export function countedNights(bench: Bench, objects: number, activityFiles: ActivityFiles): Promise<NightsReport> {
  const known = nights.get(bench) ?? new Map<string, Promise<NightsReport>>();
  nights.set(bench, known);
  const name = `${objects} ${activityFiles}`;
  const counted = known.get(name) ?? count(bench, objects, activityFiles);
  known.set(name, counted);
  return counted;
}

function count({ workshop, progress }: Bench, objects: number, activityFiles: ActivityFiles): Promise<NightsReport> {
  progress(`two nights of ${objects} objects in simulated time, activity by ${activityFiles}`);
  const input: NightsInput = { directory: workshop.folder(), site: nightSite(objects), activityFiles };
  return workshop.run<NightsReport>('nights', input);
}
