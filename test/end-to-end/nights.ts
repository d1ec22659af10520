import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Quirks, startSimulator } from '../../simulator/start-simulator.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, HurriedClock, roomyPlace } from './local-run.ts';
import { doNightDeed, type NightDeed, nightDeedKinds } from './night-deeds.ts';
import type { ActivityThen } from './night-differences.ts';
import { askedSince, fullNight, judgeNight } from './night-judge.ts';
import { kinds, type ReadNight, readNight } from './night-reader.ts';
import { restore } from './restore-run.ts';
import { truthOf } from './stored-site.ts';

export interface Night {
  /** What people have done since the night before. */
  readonly deeds: readonly NightDeed[];
  /** Days since the night before; more than one where some were skipped, seven on a weekly schedule. */
  readonly days: number;
  /** By how much it starts late. */
  readonly lateMinutes: number;
  readonly full: boolean;
}

export interface Nights {
  readonly seed: number;
  readonly size: number;
  readonly quirks: Pick<Quirks, 'updatedMoves' | 'timestamp' | 'deletedReferences'>;
  readonly activityMaxAgeDays: number;
  readonly activityFiles: readonly ['object' | 'type', 'object' | 'type'];
  readonly hardLinks: boolean;
  /** The night from which on the second layout is set. */
  readonly switchAt: number;
  /** The night that is restored by itself in the end. */
  readonly restored: number;
  readonly nights: readonly Night[];
}

const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const hour = 3_600_000;

/** A night as it was made, with what the site was at that moment. */
interface Lived {
  readonly backup: string;
  readonly read: ReadNight;
  readonly dump: string;
}

/** What many lives came to, so that a test can say that it was not all full nights. */
export class Witnessed {
  nights = 0;
  carried = 0;
  stale = 0;
}

/** Lives through the nights and gives what is not as it should be, as sentences. */
export async function liveThroughNights(plan: Nights, witnessed: Witnessed): Promise<string[]> {
  const directory = mkdtempSync(join(roomyPlace(), 'assets-backup-nights-'));
  const site = randomSite(plan.seed, plan.size);
  loosen(site);
  const clock = new HurriedClock(Date.UTC(2026, 10, 23, 2), () => 0);
  const simulator = await startSimulator({ site, clock, quirks: plan.quirks });
  try {
    const lived: Lived[] = [];
    const siteAt = new Map<string, ActivityThen>();
    let startsAt = clock.now();
    for (const [index, night] of plan.nights.entries()) {
      for (const [number, deed] of night.deeds.entries()) {
        clock.pass(60_000);
        doNightDeed({ site, deed, number: index * 100 + number });
      }
      startsAt += night.days * 24 * hour;
      clock.pass(Math.max(0, startsAt + night.lateMinutes * 60_000 - clock.now()));
      const activityFiles = plan.activityFiles[index < plan.switchAt ? 0 : 1];
      const { activityMaxAgeDays, hardLinks } = plan;
      writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityMaxAgeDays, activityFiles, hardLinks }));
      const before = { ...simulator.requests.byEndpoint };
      const run = await backUp(simulator, { directory, clock, full: night.full });
      if (!run.manifest) return [`night ${index + 1} ended with ${run.error?.stack}`];
      const asked = askedSince(simulator, before);
      const read = readNight(directory, run.manifest.name);
      siteAt.set(read.manifest.startedAt, truthOf(site));
      const full = await fullNight(simulator, clock);
      const wrong = await judgeNight({ directory, site, read, full, siteAt, asked });
      if (wrong.length > 0) return [`night ${index + 1}`, ...wrong];
      lived.push({ backup: read.manifest.name, read, dump: dumpSite(site) });
      note(witnessed, read, siteAt);
    }
    return await restoreAlone(directory, lived, plan.restored % lived.length);
  } finally {
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function note(witnessed: Witnessed, read: ReadNight, siteAt: ReadonlyMap<string, ActivityThen>): void {
  const now = siteAt.get(read.manifest.startedAt);
  witnessed.nights += 1;
  for (const kind of kinds) {
    witnessed.carried += read.manifest.activity[kind].carried;
    for (const id of read.objects.keys())
      if (!isDeepStrictEqual(read[kind].get(id), now?.[kind].get(id))) witnessed.stale += 1;
  }
}

/** Restores one night after all others are gone; gives in what the target differs from the site as that night has it. */
async function restoreAlone(directory: string, lived: readonly Lived[], chosen: number): Promise<string[]> {
  const night = lived[chosen];
  if (!night) return [];
  for (const { backup } of lived) if (backup !== night.backup) rmSync(join(directory, backup), { recursive: true });
  const source = siteOfDump(night.dump);
  // Where the night has older history or comments, the site is as it was then.
  const dumps = new Map(lived.map(({ read, dump }) => [read.manifest.startedAt, siteOfDump(dump)]));
  for (const { id } of source.objects.all()) {
    for (const [kind, lists] of [
      ['history', 'histories'],
      ['comments', 'commentLists'],
    ] as const) {
      const old = dumps.get(night.read.lines.get(String(id))?.[kind].read ?? '');
      if (old) putList<unknown>(source[lists], id, old[lists].get(id));
    }
  }
  const target = emptySiteLike(source);
  const simulator = await startSimulator({ site: target });
  const restored = await restore(simulator, directory, { folder: night.backup }).finally(() => simulator.close());
  if (restored.error || !restored.report)
    return [`the restore of night ${chosen + 1} ended with ${restored.error?.stack}`];
  const { losses, differences } = restored.report;
  // What was moved may leave references to another type than their attribute has: nobody can write these again, and the report says so.
  const isTold = (what: string) =>
    losses.some(
      ({ source: id, attribute }) =>
        attribute !== undefined && what.includes(`-${id} `) && what.includes(`"${attribute}"`),
    );
  return [
    ...differences.map(({ where, what }) => `the restore tells of a difference: ${where} ${what}`),
    ...compareSites(source, target, { objects: restored.objects, history: true }).filter((what) => !isTold(what)),
  ].map((what) => `night ${chosen + 1}, restored alone: ${what}`);
}

function putList<Item>(lists: Map<number, Item[]>, id: number, list: Item[] | undefined): void {
  if (list) lists.set(id, list);
  else lists.delete(id);
}

/** What people do may leave objects that an attribute's demands would refuse to make again. */
export function loosen(site: SimulatedSite): void {
  for (const attribute of site.attributes.values()) {
    if (attribute.role) continue;
    Object.assign(attribute, { minimumCardinality: 0, unique: false, regexValidation: undefined, qlQuery: undefined });
  }
  site.configurationChanged();
}

const number = fc.nat(10_000);
const deed: fc.Arbitrary<NightDeed> = fc.record({
  kind: fc.constantFrom(...nightDeedKinds),
  which: number,
  other: number,
});

const days = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.integer({ min: 2, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(7) },
);

const night: fc.Arbitrary<Night> = fc.record({
  deeds: fc.array(deed, { minLength: 0, maxLength: 8 }),
  days,
  lateMinutes: fc.integer({ min: 0, max: 45 }),
  full: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const layout = fc.constantFrom('object' as const, 'type' as const);

function plans(quirks: Pick<Quirks, 'updatedMoves'>): fc.Arbitrary<Nights> {
  return fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    size: fc.integer({ min: 3, max: 25 }),
    quirks: fc.record({
      updatedMoves: fc.constant(quirks.updatedMoves),
      timestamp: fc.constantFrom('created' as const, 'updated' as const),
      deletedReferences: fc.constantFrom('silent' as const, 'in-history' as const),
    }),
    activityMaxAgeDays: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(1, 2, 4, 7, 14, 30) },
      { weight: 1, arbitrary: fc.constant(0) },
    ),
    activityFiles: fc.tuple(layout, layout),
    hardLinks: fc.boolean(),
    switchAt: fc.integer({ min: 3, max: 7 }),
    restored: fc.integer({ min: 2, max: 8 }),
    nights: fc.array(night, { minLength: 10, maxLength: 10 }),
  });
}

export interface NightsKind {
  readonly updatedMoves: Quirks['updatedMoves'];
  /** Of `npm test`; `npm run test:deep` runs 40 times as many, from another start each time. */
  readonly cases: number;
}

export function describeNights({ updatedMoves, cases }: NightsKind): void {
  describe(`ten nights of a site whose \`updated\` moves ${updatedMoves}`, () => {
    it(
      'are each what a full backup of the moment is, but for activity that says its age and is younger than the limit',
      async () => {
        const witnessed = new Witnessed();
        const property = fc.asyncProperty(plans({ updatedMoves }), async (plan) => {
          expect(await liveThroughNights(plan, witnessed)).toEqual([]);
        });
        const numRuns = isDeep ? 40 * cases : cases;
        await fc.assert(property, { numRuns, ...(!isDeep && { seed: 20261129, endOnFailure: true }) });
        expect(witnessed.nights).toBe(10 * numRuns);
        expect(witnessed.carried).toBeGreaterThan(20 * numRuns);
        // Where `updated` tells everything, nothing but what no field of an object tells can be old.
        if (updatedMoves === 'never') expect(witnessed.stale).toBeGreaterThan(0);
        if (updatedMoves === 'always') expect(witnessed.stale).toBe(0);
      },
      12 * hour,
    );
  });
}
