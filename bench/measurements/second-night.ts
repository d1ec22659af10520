import { defaultActivity } from '../../core/model/activity.ts';
import { type Bench, backUp } from '../bench.ts';
import { unlimitedBudget } from '../budgets.ts';
import { countedNights } from '../counted-nights.ts';
import type { Figure, FigureGroup } from '../figure.ts';
import { units } from '../figure.ts';
import { nightSite } from '../night-sites.ts';
import { PretendSite } from '../pretend-site.ts';
import type { SiteReport } from '../processes/site.ts';

/** The sizes whose time is measured: of a small site most of a night is no activity. */
const leastTimed = 50_000;

/** What the night after the first asks and takes, when one object of a hundred has changed. */
export async function measureSecondNight(bench: Bench): Promise<FigureGroup> {
  const { nights } = bench.sizes;
  const figures: Figure[] = [];
  const notes: string[] = [];
  for (const objects of nights) {
    const asked = await requestsOfNights(bench, objects);
    const what = `requests, counted by the server: ${written(objects)} objects, 1 % changed`;
    const figure = { what, measured: asked.second, unit: units.requests };
    const { listing, activity } = asked;
    figures.push(
      { ...figure, bound: { kind: 'at most', value: listing + 1.05 * activity } },
      { ...figure, bound: { kind: 'floor', value: listing + activity } },
    );
    notes.push(
      `${written(objects)} objects: the first night ${written(asked.first)} requests, the listing ${written(listing)}`,
    );
  }
  for (const objects of nights.filter((each) => each >= leastTimed)) {
    const { first, next } = await countedNights(bench, objects, 'object');
    figures.push({
      what: `time, of that of a full night: ${written(objects)} objects, default budget`,
      measured: (100 * next.seconds) / first.seconds,
      unit: units.percent,
      bound: { kind: 'at most', value: 12 },
    });
    notes.push(
      `${written(objects)} objects: ${minutes(next.seconds)} and ${minutes(first.seconds)} by a simulated clock, product and simulator in one process`,
    );
  }
  return {
    heading:
      'second-night: a night upon the one before, history and comments of what has changed and of a share by age',
    figures,
    notes: [
      `limit: the listing (all requests but for history and comments), and 1.05 × 2 for each changed object and for one of ${defaultActivity.activityMaxAgeDays} others`,
      'floor: the same without the 5 % more',
      ...notes,
      'simulated clock: the budget, the buckets and the starts of functions take their time, the answers none; docs/cost-and-limits.md has them',
    ],
  };
}

interface Asked {
  readonly first: number;
  readonly second: number;
  /** Of the second night, but for history and comments. */
  readonly listing: number;
  /** The fewest for history and comments. */
  readonly activity: number;
}

async function requestsOfNights({ workshop, progress }: Bench, objects: number): Promise<Asked> {
  const { shareChanged, ...site } = nightSite(objects);
  const changed = Math.round(objects * shareChanged);
  progress(`two nights of ${objects} objects`);
  const pretend = await PretendSite.start(workshop, { seed: { ...site, historyEntries: 1 } });
  const input = { directory: workshop.folder(), site: pretend.ready, budget: unlimitedBudget, activity: true };
  await backUp(workshop, input);
  const first = await pretend.report();
  await pretend.changeObjects(changed);
  await backUp(workshop, input);
  const both = await pretend.report();
  await pretend.stop();
  const share = Math.ceil((objects - changed) / defaultActivity.activityMaxAgeDays);
  return {
    first: first.requests,
    second: both.requests - first.requests,
    listing: listingOf(both) - listingOf(first),
    activity: 2 * (changed + share),
  };
}

function listingOf({ requests, byEndpoint }: SiteReport): number {
  return requests - (byEndpoint.history ?? 0) - (byEndpoint.comments ?? 0);
}

const written = (count: number) => count.toLocaleString('en-US');
const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;
