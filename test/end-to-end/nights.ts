import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { dumpSite } from '../../simulator/site/dump.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { type Quirks, startSimulator } from '../../simulator/start-simulator.ts';
import { roomyPlace } from '../roomy-place.ts';
import { HurriedClock } from './local-run.ts';
import { doNightDeed, type NightDeed, nightDeedKinds } from './night-deeds.ts';
import type { ActivityThen } from './night-differences.ts';
import { fullNight, judgeNight } from './night-judge.ts';
import { makeNight, type Night, type Trouble } from './night-making.ts';
import { kinds, type ReadNight } from './night-reader.ts';
import { type Lived, restoreAlone } from './night-restored.ts';
import type { FolderSettings } from './night-series.ts';
import { truthOf } from './stored-site.ts';

export interface Nights {
  readonly seed: number;
  readonly size: number;
  readonly quirks: Pick<Quirks, 'updatedMoves' | 'timestamp' | 'deletedReferences'>;
  /** Of the folder, before and after somebody sets others. */
  readonly settings: readonly [FolderSettings, FolderSettings];
  /** The night from which on the second ones are set. */
  readonly switchAt: number;
  /** The first whole night from this one on is restored by itself in the end. */
  readonly restored: number;
  readonly nights: readonly Night[];
}

const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const hour = 3_600_000;

const isPlain = (night: Night | undefined) => night !== undefined && night.only === null && night.activity;

/** What the whole nights of many lives came to, so that a test can say that it was not all full nights. */
export class Witnessed {
  nights = 0;
  carried = 0;
  /** History or comments that are not those of the moment. */
  stale = 0;
  /** Histories that lack a change of a value. */
  staleOfValues = 0;
  restored = 0;
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
      const settings = plan.settings[index < plan.switchAt ? 0 : 1];
      writeFileSync(join(directory, 'settings.json'), JSON.stringify(settings));
      const made = await makeNight(simulator, { directory, clock, night });
      if ('error' in made) return [`night ${index + 1} ended with ${made.error?.stack}`];
      const { read, options, ...others } = made;
      siteAt.set(read.manifest.startedAt, truthOf(site));
      const full = await fullNight(simulator, clock, options);
      const isTroubled = night.trouble !== null;
      const before = isPlain(plan.nights[index - 1]) ? lived.at(-1)?.read : undefined;
      const wrong = await judgeNight({ directory, site, read, full, siteAt, ...others, isTroubled, before });
      if (wrong.length > 0) return [`night ${index + 1}`, ...wrong];
      lived.push({ read, dump: dumpSite(site), isPlain: isPlain(night) && !isTroubled });
      if (lived.at(-1)?.isPlain) note(witnessed, read, siteAt);
    }
    const old = oldInodes(directory, lived);
    if (old.length > 0) return old;
    const restored = lived.findIndex((night, index) => night.isPlain && index >= plan.restored);
    if (restored === -1) return [];
    witnessed.restored += 1;
    return await restoreAlone(directory, lived, restored);
  } finally {
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Files of activity whose bytes were written too long before the night that has them: each inode is of the first that has it. */
function oldInodes(directory: string, lived: readonly Lived[]): string[] {
  const madeAt = new Map<number, number>();
  return lived.flatMap(({ read: { manifest, keys }, isPlain: isWhole }) => {
    const start = Date.parse(manifest.startedAt);
    return keys.flatMap((key) => {
      if (!/\/objects\/(history|comments)\//.test(key)) return [];
      const { ino } = statSync(join(directory, key));
      madeAt.set(ino, madeAt.get(ino) ?? start);
      const age = start - (madeAt.get(ino) ?? start);
      return isWhole && age > manifest.options.activityMaxAgeDays * 24 * hour
        ? [`${key} has bytes of ${age / hour} hours ago`]
        : [];
    });
  });
}

function note(witnessed: Witnessed, read: ReadNight, siteAt: ReadonlyMap<string, ActivityThen>): void {
  const now = siteAt.get(read.manifest.startedAt);
  witnessed.nights += 1;
  for (const kind of kinds) {
    witnessed.carried += read.manifest.activity[kind].carried;
    for (const id of read.objects.keys()) {
      const [mine, others] = [read[kind].get(id) ?? [], now?.[kind].get(id) ?? []];
      if (isDeepStrictEqual(mine, others)) continue;
      witnessed.stale += 1;
      if (kind === 'history' && ofValues(mine) !== ofValues(others)) witnessed.staleOfValues += 1;
    }
  }
}

/** How many entries tell of something else than of files. */
const ofValues = (entries: readonly unknown[]) =>
  entries.filter((entry) => (entry as { affectedAttribute?: string }).affectedAttribute !== 'Attachment').length;

/** What people do may leave objects that an attribute's demands would refuse to make again. */
export function loosen(site: SimulatedSite): void {
  for (const attribute of site.attributes.values()) {
    if (attribute.role) continue;
    Object.assign(attribute, { minimumCardinality: 0, unique: false, regexValidation: undefined, qlQuery: undefined });
  }
  site.configurationChanged();
}

const number = fc.nat(10_000);
/** What an object does not tell of itself, on one site or another. */
const frequent = ['comment', 'edit a comment', 'delete a comment', 'change a value and back', 'turn a value'] as const;

const deed: fc.Arbitrary<NightDeed> = fc.record({
  kind: fc.constantFrom(...nightDeedKinds, ...frequent, ...frequent),
  which: number,
  other: number,
});

const days = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.integer({ min: 2, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 7) },
);

function seldom<Rare, Usual>(rare: fc.Arbitrary<Rare>, usual: Usual): fc.Arbitrary<Rare | Usual> {
  return fc.oneof({ weight: isDeep ? 4 : 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare });
}

const night: fc.Arbitrary<Night> = fc.record({
  deeds: fc.array(deed, { minLength: 0, maxLength: 8 }),
  days,
  lateMinutes: fc.integer({ min: 0, max: 45 }),
  full: seldom(fc.constant(true), false),
  only: seldom(fc.nat(10), null),
  activity: seldom(fc.constant(false), true),
  isInPieces: seldom(fc.constant(true), false),
  brokenOff: seldom(fc.constantFrom('before it stores' as const, 'when all is stored' as const), null),
  trouble: seldom<Trouble, null>(
    fc.oneof(
      fc.record({ refused: fc.constantFrom(...kinds), third: fc.nat(2) }),
      fc.record({ seconds: fc.integer({ min: 20, max: 60 }) }),
    ),
    null,
  ),
});

const settings: fc.Arbitrary<FolderSettings> = fc.record({
  activityMaxAgeDays: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(4, 7, 14, 30) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2) },
  ),
  activityFiles: fc.constantFrom('object' as const, 'type' as const),
  hardLinks: fc.boolean(),
});

function plans(quirks: Pick<Quirks, 'updatedMoves'>): fc.Arbitrary<Nights> {
  return fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    size: fc.integer({ min: 8, max: 20 }),
    quirks: fc.record({
      updatedMoves: fc.constant(quirks.updatedMoves),
      timestamp: fc.constantFrom('created' as const, 'updated' as const),
      deletedReferences: fc.constantFrom('silent' as const, 'in-history' as const),
    }),
    settings: fc.tuple(settings, settings),
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

/** Of `npm test`: from here on even its few cases show all that is witnessed. */
const seeds = { always: 20261129, 'not-for-comments': 20261130, never: 20261131 };

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
        // A case takes seconds, so nobody waits for a smaller one: seed and path are told.
        await fc.assert(property, { numRuns, endOnFailure: true, ...(!isDeep && { seed: seeds[updatedMoves] }) });
        expect(witnessed.nights).toBeGreaterThan(2 * numRuns);
        expect(witnessed.carried).toBeGreaterThan(20 * numRuns);
        expect(witnessed.restored).toBeGreaterThan(numRuns / 2);
        // What an object itself tells is never older than the night.
        if (updatedMoves === 'always') expect(witnessed.stale).toBe(0);
        else expect(witnessed.stale).toBeGreaterThan(0);
        if (updatedMoves !== 'never') expect(witnessed.staleOfValues).toBe(0);
      },
      12 * hour,
    );
  });
}
