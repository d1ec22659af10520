import { newestDrills } from '../drill/newest-drills.ts';
import type { Clock } from '../ports/clock.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { readJson, writeJson } from '../work-store/json-file.ts';

export interface DrillWatch {
  /** The last drill that passed; null where none has since this is watched. */
  readonly drill: string | null;
  /** Since its end, or since this is watched where there is none. */
  readonly hoursSinceDrill: number;
  /** 0 where no drill has passed within the hours that are set, and it is watched for longer than that. */
  readonly recentDrill: 0 | 1;
}

/** When this was asked for the first time without a break, and for the last time (ISO 8601). */
interface Watched {
  readonly since: string;
  readonly until: string;
}

const watchedKey = 'operations/drills-watched.json';
const millisecondsAnHour = 3_600_000;
/** After so many hours without a question drills were switched off: what was due meanwhile is not missing. */
const breakHours = 3;

/**
 * Says how long ago the last drill has passed, where drills are made; null where none are. One that failed, or found differences,
 * is none that passed. Asks no site.
 */
export async function checkLastDrill({ work, clock, reporter, watched }: Services): Promise<DrillWatch | null> {
  const hours = watched?.drillAlarmAfterHours;
  if (hours === undefined) return null;
  const now = clock.now();
  const since = await watchedSince(work, clock);
  const last = await lastThatPassed(work, now);
  const passedAt = last && Date.parse(last.at);
  const hoursAgo = (time: number) => (now - time) / millisecondsAnHour;
  const watch: DrillWatch = {
    drill: last?.drill ?? null,
    hoursSinceDrill: Math.round(hoursAgo(passedAt ?? since) * 100) / 100,
    recentDrill: hoursAgo(Math.max(passedAt ?? since, since)) <= hours ? 1 : 0,
  };
  reporter.event(watch.recentDrill === 0 ? 'warn' : 'info', 'drill.watched', { ...watch });
  return watch;
}

async function lastThatPassed(work: WorkStore, now: number): Promise<{ drill: string; at: string } | undefined> {
  for await (const { drill, ended } of newestDrills(work)) {
    // One from the future would be the last one for as long as it lies ahead.
    if (ended?.outcome === 'passed' && Date.parse(ended.at) <= now) return { drill, at: ended.at };
  }
  return undefined;
}

/** Since when this is asked without a break, in milliseconds. */
async function watchedSince(work: WorkStore, clock: Clock): Promise<number> {
  const now = clock.now();
  const before = await readJson<Watched>(work, watchedKey);
  const isBroken = !before || now - Date.parse(before.until) > breakHours * millisecondsAnHour;
  const since = isBroken ? new Date(now).toISOString() : before.since;
  await writeJson<Watched>(work, watchedKey, { since, until: new Date(now).toISOString() });
  return Date.parse(since);
}
