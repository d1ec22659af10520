import { counted } from '../counted.ts';
import type { Services } from '../ports/services.ts';
import type { SetupCheck } from './one-check.ts';
import type { SetupWords } from './setup-words.ts';

/** What a site counts of what a night backs up. */
export interface SiteSize {
  readonly schemas: number;
  readonly types: number;
  readonly objects: number;
  readonly offersComments: boolean;
}

/** What decides how long nights take. */
type NightServices = Pick<Services, 'activity' | 'budget' | 'nextStart' | 'clock'>;

/** From so many objects on, files of activity by type save more than a dollar or two a month (docs/cost-and-limits.md). */
export const objectsForFilesByType = 10_000;

/** Of all objects, of those that change from one night to the next: an assumption, and the sentence says so. */
const changedShare = 0.01;
const millisecondsADay = 86_400_000;
const minutesADay = 24 * 60;
/** As "Plan activity" has it: after these nothing more is asked, and half of the time is for it where the next start is near. */
const longestMinutes = 20 * 60;
const minutesBeforeNext = 60;

/**
 * Says what nights take of this site, and recommends files of activity by type for a large site's stack. It never fails: how large
 * a site is, is nobody's mistake. Requests and times are close to those of the counted runs behind docs/cost-and-limits.md.
 */
export function checkNights(services: NightServices, size: SiteSize, words: SetupWords): SetupCheck {
  const { activity } = services;
  const { objects } = size;
  const days = daysBetweenNights(services);
  const reads = { full: objects, next: readsOfNext(objects, activity.activityMaxAgeDays, Math.max(1, days)) };
  const perNight = readsThatFit(services, size, days);
  const sentences = [
    `The site counts ${counted(objects, 'object')}. A night that reads the history and comments of all takes ${effort(services, size, reads.full)}.`,
    activity.activityMaxAgeDays === 0
      ? 'Every night does, because activityMaxAgeDays is 0.'
      : `One after it, where 1 % has changed, takes ${effort(services, size, reads.next)}.`,
  ];
  if (objects > perNight) sentences.push(whatFits(perNight, objects));
  const isAdvised = activity.activityFiles === 'object' && objects >= objectsForFilesByType;
  const remedies = [
    ...(reads.next > perNight ? [`${moreTime}, ${words.nightSettings}.`] : []),
    ...(isAdvised && words.filesByType !== null ? [words.filesByType] : []),
  ];
  return { name: 'nights', ok: true, detail: sentences.join(' '), remedy: remedies.join(' ') || null };
}

function whatFits(perNight: number, objects: number): string {
  if (perNight === 0) return 'The schedule comes so often that no night has time for history and comments.';
  const nights = counted(Math.ceil(objects / perNight), 'night');
  return `A night has time for those of about ${about(perNight, 'object')}, so it takes ${nights} until those of all are there.`;
}

const moreTime =
  'That is more than nights have time for, so history and comments get older than activityMaxAgeDays: raise that, or the request budget, or let the schedule come less often';

/** `about 101,000 requests and 79 min at this budget` */
function effort({ budget }: NightServices, size: SiteSize, reads: number): string {
  const requests = listingRequests(size) + reads * kinds(size);
  const minutes = Math.max(listingMinutes(size) + minutesOf(reads, size, budget), requests / budget.total);
  return `about ${about(requests, 'request')} and ${time(minutes)} at this budget`;
}

/** To list a site whole: its pages, and what each type and schema takes. */
const listingRequests = ({ schemas, types, objects }: SiteSize) => objects / 300 + 3 * types + 10 * schemas;
const listingMinutes = ({ objects }: SiteSize) => 2 + objects / 8_500;

const kinds = ({ offersComments }: SiteSize) => (offersComments ? 2 : 1);

function minutesOf(reads: number, size: SiteSize, { byClass, total }: Services['budget']): number {
  const aMinute = size.offersComments ? Math.min(byClass.history, byClass.comments) : byClass.history;
  return reads / Math.min(aMinute, total / kinds(size));
}

/** Of how many objects a night reads history and comments where the one before has all of them: those that have changed, and a share by age. */
function readsOfNext(objects: number, maxAgeDays: number, days: number): number {
  const share = maxAgeDays === 0 ? 1 : Math.min(1, days / maxAgeDays);
  return Math.min(objects, Math.ceil(objects * share) + Math.ceil(objects * changedShare));
}

/** Of how many objects a night has the time to read history and comments. */
function readsThatFit({ budget }: NightServices, size: SiteSize, days: number): number {
  const toNext = days * minutesADay;
  const minutes = Math.min(longestMinutes, Math.max(toNext - minutesBeforeNext, toNext / 2)) - listingMinutes(size);
  return Math.max(0, Math.floor(minutes / minutesOf(1, size, budget)));
}

/** One where no schedule is known: cron, or a person. */
function daysBetweenNights({ nextStart, clock }: NightServices): number {
  const next = nextStart(clock.now());
  const afterThat = next === undefined ? undefined : nextStart(next);
  return next === undefined || afterThat === undefined ? 1 : (afterThat - next) / millisecondsADay;
}

/** No more exact than it is: `8,900 requests`. */
const about = (count: number, one: string) => counted(Number(count.toPrecision(2)), one);

const time = (minutes: number) => (minutes < 90 ? `${Math.ceil(minutes)} min` : `${(minutes / 60).toFixed(1)} h`);
