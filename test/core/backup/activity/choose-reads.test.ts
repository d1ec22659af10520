import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseReads } from '../../../../core/backup/activity/choose-reads.ts';
import { activityHash } from '../../../../core/backup-format/activity-shards.ts';

const day = 24 * 3_600_000;
const night = Date.UTC(2026, 10, 29, 2);

interface Candidate {
  readonly id: string;
  readonly hash: number;
  readonly read: number;
}
const readOn = ({ read }: Candidate) => read;
const candidate = (id: number, read: number): Candidate => ({
  id: String(id),
  hash: activityHash(String(id)),
  read,
});

/** Any objects with any dates of the two months before; times of nights; an age. */
const situation = fc.record({
  ages: fc.array(fc.integer({ min: 0, max: 60 * day }), { maxLength: 200 }),
  sinceBase: fc.integer({ min: 1_000, max: 40 * day }),
  maxAgeDays: fc.integer({ min: 1, max: 30 }),
});
const timesOf = ({ sinceBase, maxAgeDays }: { sinceBase: number; maxAgeDays: number }) => ({
  start: night,
  baseStart: night - sinceBase,
  maxAgeDays,
});
const candidatesOf = (ages: readonly number[]) => ages.map((age, id) => candidate(id, night - age));

describe('what of the unchanged is read', () => {
  it('leaves nothing that would be older than it may be at the next expected start', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const all = candidatesOf(one.ages);
        const chosen = new Set(chooseReads(all, readOn, timesOf(one)));
        const period = Math.max(day, one.sinceBase);
        for (const stays of all.filter((object) => !chosen.has(object)))
          expect(night + period - stays.read).toBeLessThanOrEqual(one.maxAgeDays * day + period / 24);
      }),
    );
  });

  it('is as much as is due, or the even share where that is more, and no object younger than one that stays', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const all = candidatesOf(one.ages);
        const chosen = chooseReads(all, readOn, timesOf(one));
        const period = Math.max(day, one.sinceBase);
        const maxAge = one.maxAgeDays * day;
        const due = all.filter(({ read }) => night + period - read > maxAge + period / 24).length;
        const share = Math.ceil((all.length * period) / maxAge);
        expect(chosen).toHaveLength(Math.min(all.length, Math.max(due, share)));
        expect(new Set(chosen).size).toBe(chosen.length);
        const newest = Math.max(...chosen.map(readOn));
        const taken = new Set(chosen);
        for (const stays of all) if (!taken.has(stays)) expect(stays.read).toBeGreaterThanOrEqual(newest);
      }),
    );
  });

  it('is the same whatever the order of the objects', () => {
    const shuffled = situation.chain((one) => {
      const all = candidatesOf(one.ages.map((age) => Math.floor(age / day) * day));
      return fc
        .shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
        .map((other) => ({ one, all, other }));
    });
    fc.assert(
      fc.property(shuffled, ({ one, all, other }) => {
        const idsOf = (of: readonly Candidate[]) => chooseReads(of, readOn, timesOf(one)).map(({ id }) => id);
        expect(idsOf(other).sort()).toEqual(idsOf(all).sort());
      }),
    );
  });

  it('is of one date what has the least hashes, so that it lies in few shards', () => {
    const all = Array.from({ length: 1_400 }, (_, id) => candidate(id, night - day));
    const chosen = chooseReads(all, readOn, { start: night, baseStart: night - day, maxAgeDays: 14 });
    expect(chosen).toHaveLength(100);
    const least = all
      .map(({ hash }) => hash)
      .sort((a, b) => a - b)
      .slice(0, 100);
    expect(chosen.map(({ hash }) => hash)).toEqual(least);
  });

  it('is all where the age is 0', () => {
    const all = Array.from({ length: 100 }, (_, id) => candidate(id, night - 1_000));
    expect(chooseReads(all, readOn, { start: night, baseStart: night - 1_000, maxAgeDays: 0 })).toHaveLength(100);
  });
});

/** Nights, one upon the other, by their distances: how old what was read had become, and how much each read. */
function simulate(objects: number, distances: readonly number[], maxAgeDays: number) {
  let start = night;
  let baseStart = night;
  const read = new Map(Array.from({ length: objects }, (_, id) => [String(id), start]));
  const ages: { readonly oldest: number; readonly period: number; readonly reads: number }[] = [];
  for (const distance of distances) {
    baseStart = start;
    start += distance;
    const all = Array.from(read, ([id, at]) => candidate(Number(id), at));
    const oldest = start - Math.min(...read.values());
    const chosen = chooseReads(all, readOn, { start, baseStart, maxAgeDays });
    for (const { id } of chosen) read.set(id, start);
    ages.push({ oldest, period: Math.max(day, distance), reads: chosen.length });
  }
  return ages;
}

describe('night after night', () => {
  const jitter = fc.integer({ min: -30_000, max: 30_000 });
  const schedules: Record<string, fc.Arbitrary<number>> = {
    daily: fc.constant(day),
    'daily, give or take seconds': jitter.map((late) => day + late),
    'twice a day': fc.constant(day / 2),
    weekly: jitter.map((late) => 7 * day + late),
    irregular: fc.integer({ min: day / 4, max: 9 * day }),
  };
  it.each(Object.keys(schedules))('no object gets older than the age and a period: %s', (name) => {
    const distances = fc.array(schedules[name] as fc.Arbitrary<number>, { minLength: 30, maxLength: 40 });
    fc.assert(
      fc.property(distances, (of) => {
        for (const { oldest, period } of simulate(60, of, 14))
          expect(oldest).toBeLessThanOrEqual(14 * day + period + period / 24);
      }),
      { numRuns: 20 },
    );
  });

  it('reads the fourteenth part of a site each night, from the second on, and never a wave', () => {
    const seconds = Array.from({ length: 45 }, (_, at) => day + ((at * 7919) % 60_000) - 30_000);
    const objects = 1_400;
    for (const { reads, oldest } of simulate(objects, seconds, 14)) {
      expect(Math.abs(reads - objects / 14)).toBeLessThanOrEqual((0.05 * objects) / 14);
      expect(oldest).toBeLessThanOrEqual(14 * day + 3_600_000);
    }
  });

  it('reads half of a site each week', () => {
    for (const { reads } of simulate(200, new Array(10).fill(7 * day), 14)) expect(reads).toBe(100);
  });
});
