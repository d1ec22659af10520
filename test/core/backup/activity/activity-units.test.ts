import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activityBatchSize,
  cutActivity,
  type UnitToPlan,
  unitsOf,
} from '../../../../core/backup/activity/activity-units.ts';
import { type ObjectToPlan, objectToPlan } from '../../../../core/backup/activity/objects-to-plan.ts';
import type { TypeToExport } from '../../../../core/backup/work-files.ts';
import { activityHash, shardOf } from '../../../../core/backup-format/activity-shards.ts';

const schema = { id: '1', key: 'FAC', name: 'Facilities', folder: 'FAC' };
const type = (id: string): TypeToExport => ({ id, name: `T${id}`, objectCount: 0, attributes: null, schema });

function object(id: string, fields: Partial<ObjectToPlan> = {}): ObjectToPlan {
  return { ...objectToPlan(id, `d${id}`), ...fields };
}
const many = (count: number, fields: (at: number) => Partial<ObjectToPlan> = () => ({}), from = 1) =>
  Array.from({ length: count }, (_, at) => object(String(from + at), fields(at)));
const idsIn = (units: readonly UnitToPlan[]) => units.flatMap(({ objects }) => objects.map(({ id }) => id));
const readsIn = (units: readonly UnitToPlan[]) =>
  units.reduce((sum, { objects }) => sum + objects.filter(({ history, comments }) => history || comments).length, 0);

describe('the units of a type', () => {
  it('are its shards, each object in the one of its hash, in the order of its id', () => {
    const units = unitsOf(type('23'), many(3_000).reverse());
    expect(units.length).toBe(8);
    for (const { shard, shards, objects } of units) {
      expect(shards).toBe(8);
      for (const { id } of objects) expect(shardOf(activityHash(id), shards)).toBe(shard);
      const numbers = objects.map(({ id }) => Number(id));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
    expect(units.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(idsIn(units).length).toBe(3_000);
  });

  it('are as many as in the base while that fits, and the objects of a shard are those of the night before', () => {
    const before = unitsOf(type('23'), many(1_900));
    const after = unitsOf(type('23'), many(2_100), before[0]?.shards);
    expect(after.map(({ shards }) => shards)).toEqual(before.map(({ shards }) => shards));
    for (const [at, { objects }] of before.entries()) {
      const now = new Set(after[at]?.objects.map(({ id }) => id));
      for (const { id } of objects) expect(now.has(id)).toBe(true);
    }
    expect(unitsOf(type('23'), many(2_100)).length).toBeGreaterThan(before.length);
  });

  it('are none of a type without objects', () => {
    expect(unitsOf(type('23'), [])).toEqual([]);
  });
});

/** Types of any size, of which any part is read and some are waiting. */
const site = fc
  .array(
    fc.record({
      size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4_000 })),
      readEvery: fc.integer({ min: 1, max: 60 }),
      isWaiting: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((types) =>
    types.flatMap(({ size, readEvery, isWaiting }, at) =>
      unitsOf(
        type(String(at)),
        many(size, (place) => ({ history: place % readEvery === 0, isWaiting: isWaiting && place === 0 }), at * 10_000),
      ),
    ),
  );
const numRuns = 40;

describe('batches', () => {
  it('hold each object once, in whole units or in the order of their objects', () => {
    fc.assert(
      fc.property(site, fc.boolean(), fc.integer({ min: 1, max: 8 }), (units, isCut, slots) => {
        const batches = cutActivity(units, { slots, isCut });
        expect(batches.flatMap(idsIn).sort()).toEqual(idsIn(units).sort());
        if (isCut) return;
        const pieces = batches.flat();
        expect(pieces).toHaveLength(units.length);
        expect(pieces.every(({ objects }) => objects.length > 0)).toBe(true);
      }),
      { numRuns },
    );
  });

  it('begin with what is waiting since the last night, and go on in the order of the types', () => {
    fc.assert(
      fc.property(site, fc.boolean(), (units, isCut) => {
        const waits = (unit: UnitToPlan) => unit.objects.some(({ isWaiting }) => isWaiting);
        const wanted = [...units.filter(waits), ...units.filter((unit) => !waits(unit))];
        expect(cutActivity(units, { slots: 2, isCut }).flatMap(idsIn)).toEqual(idsIn(wanted));
      }),
      { numRuns },
    );
  });

  it('are no larger than one function has the time for', () => {
    fc.assert(
      fc.property(site, fc.boolean(), fc.integer({ min: 1, max: 8 }), (units, isCut, slots) => {
        for (const batch of cutActivity(units, { slots, isCut })) {
          if (batch.length === 1 && !isCut) continue; // A unit is the least that there is.
          expect(readsIn(batch)).toBeLessThanOrEqual(activityBatchSize);
          expect(idsIn(batch).length).toBeLessThanOrEqual(4_000);
        }
      }),
      { numRuns },
    );
  });

  it('share out what is read among the workers, none of which has a batch more than the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: 1, max: 8 }), (objects, slots) => {
        const units = unitsOf(
          type('1'),
          many(objects, () => ({ history: true, comments: true })),
        );
        const reads = cutActivity(units, { slots, isCut: true }).map(readsIn);
        const rounds = Math.ceil(objects / (slots * activityBatchSize));
        expect(reads.length).toBeLessThanOrEqual(rounds * slots);
        expect(Math.max(...reads)).toBe(Math.ceil(objects / (rounds * slots)));
      }),
      { numRuns },
    );
  });

  it('of a night that reads a little are few', () => {
    const units = unitsOf(
      type('1'),
      many(40_000, (at) => ({ history: at % 100 === 0 })),
    );
    expect(cutActivity(units, { slots: 1, isCut: true })).toHaveLength(10);
    expect(cutActivity(units, { slots: 1, isCut: false }).length).toBeLessThanOrEqual(12);
  });

  it('are none of nothing', () => {
    expect(cutActivity([], { slots: 1, isCut: true })).toEqual([]);
  });
});
