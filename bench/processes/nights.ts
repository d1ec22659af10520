import type { ActivityFiles } from '../../core/model/activity.ts';
import { countNights } from '../cost/count-nights.ts';
import { shapeOf, siteOf } from '../cost/count-site.ts';
import type { CountedSite, RunCount } from '../cost/counts.ts';
import { SimulatedClock } from '../cost/simulated-clock.ts';
import type { SiteShape } from '../cost/site-shape.ts';
import { finish, inputOf } from './parent.ts';

export interface NightsInput {
  readonly directory: string;
  readonly site: CountedSite;
  readonly activityFiles: ActivityFiles;
}

export interface NightsReport {
  readonly shape: SiteShape;
  /** The first night, and the one after it, when some objects have changed. */
  readonly first: RunCount;
  readonly next: RunCount;
}

const { directory, site: counted, activityFiles } = await inputOf<NightsInput>();
const site = siteOf(counted);
// Answers take no time, so that what is left is what the budget makes of the requests.
const place = { directory, clock: new SimulatedClock(), site, answerSeconds: { page: 0, answer: 0 } };
const { first, next } = await countNights(counted, place, activityFiles);
const report: NightsReport = { shape: shapeOf(site, counted), first: first.count, next: next.count };
await finish(report);
