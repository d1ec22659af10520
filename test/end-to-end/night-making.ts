import { endpointClasses } from '../../core/model/request-budget.ts';
import type { Services } from '../../core/ports/services.ts';
import type { FaultRule, Simulator } from '../../simulator/start-simulator.ts';
import { named } from '../local/interpreter/fake-host.ts';
import type { BreakingPoint } from './broken-off.ts';
import { backUp, type HurriedClock } from './local-run.ts';
import type { NightDeed } from './night-deeds.ts';
import { askedSince } from './night-judge.ts';
import { readNight } from './night-reader.ts';

export interface Night {
  /** What people have done since the night before. */
  readonly deeds: readonly NightDeed[];
  /** Days since the night before; more than one where some were skipped, seven on a weekly schedule, none where it is made again. */
  readonly days: number;
  /** By how much it starts late. */
  readonly lateMinutes: number;
  readonly full: boolean;
  /** One schema alone, of those that are there; null: all. */
  readonly only: number | null;
  readonly activity: boolean;
  /** Every invocation finds that its time is short, and does the least that it may. */
  readonly isInPieces: boolean;
  /** Where the first try of each invocation that stores activity breaks off; it is tried again. */
  readonly brokenOff: BreakingPoint | null;
  readonly trouble: Trouble | null;
}

/** The site refuses the history, or the comments, of a third of the objects; or there are so many seconds for them all. */
export type Trouble =
  | { readonly refused: 'history' | 'comments'; readonly third: number }
  | { readonly seconds: number };

/** Makes a night, with what befalls it. */
export async function makeNight(
  simulator: Simulator,
  { directory, clock, night }: { directory: string; clock: HurriedClock; night: Night },
) {
  const { trouble, only, activity, full, isInPieces, brokenOff } = night;
  const keys = [...simulator.site.schemas.values()].map(({ key }) => key);
  const options = { activity, objectSchemaKeys: only === null ? null : [keys[only % keys.length] ?? ''] };
  const done = new Set<string>();
  const before = { ...simulator.requests.byEndpoint };
  const stop = trouble && 'refused' in trouble ? simulator.faults.add(refusal(trouble)) : () => undefined;
  const seconds = trouble && 'seconds' in trouble ? trouble.seconds : undefined;
  const soon = clock.now() + 2_000 * (seconds ?? 0);
  const decorate = (services: Services): Services => {
    const inTime = seconds === undefined ? services : { ...services, nextStart: () => soon };
    return brokenOff && !trouble ? breakingOff(inTime, brokenOff, done) : inTime;
  };
  const slow = seconds === undefined ? {} : { site: aRequestASecond };
  const pieces = isInPieces ? { remainingMilliseconds: () => 1_000 } : {};
  const run = await backUp(simulator, { directory, clock, full, ...options, ...slow, ...pieces, decorate });
  stop();
  if (!run.manifest) return { error: run.error };
  // Who breaks off asks twice.
  const asked = brokenOff === null ? askedSince(simulator, before) : undefined;
  return { read: readNight(directory, run.manifest.name), options, ...(asked && { asked }) };
}

function refusal({ refused, third }: { refused: 'history' | 'comments'; third: number }): FaultRule {
  return {
    endpoint: refused,
    match: ({ params }) => Number(params.id) % 3 === third,
    fault: { kind: 'status', status: 403 },
  };
}

const byClass = Object.fromEntries(endpointClasses.map((name) => [name, 60]));
const aRequestASecond = { requestBudget: { total: 60 * endpointClasses.length, byClass } };

/** Breaks off as Lambda sometimes does, once at each record of what was done of a batch. */
function breakingOff(services: Services, point: BreakingPoint, done: Set<string>): Services {
  const { work } = services;
  const write = async (key: string, text: string) => {
    const breaks = /\/activity\/\d+\.from-\d+\.json$/.test(key) && !done.has(key);
    if (breaks) done.add(key);
    if (breaks && point === 'before it stores') throw named('Lambda.Unknown', `It breaks off before ${key}.`);
    const written = await work.write(key, text);
    if (breaks) throw named('Lambda.Unknown', `It breaks off after ${key}.`);
    return written;
  };
  const breaking = Object.assign(Object.create(work), {
    write,
    create: (key: string, text: string) => work.create(key, text),
    replace: (key: string, text: string, version: string) => work.replace(key, text, version),
    read: (key: string) => work.read(key),
    list: (prefix: string) => work.list(prefix),
    addressOf: (key: string) => work.addressOf(key),
  });
  return { ...services, work: breaking };
}
