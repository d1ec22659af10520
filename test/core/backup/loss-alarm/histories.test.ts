import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSamePlace } from '../../../../core/backup/loss-alarm/accepted-losses.ts';
import { LivedNights, places } from './lived-nights.ts';

// Histories of nights: what becomes of the objects of three types from night to night, and what a person accepts.

const runs = { numRuns: 40 };

/** Of each type what is left or added, in per cent of what there is. */
const change = fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(60, 79, 80, 81, 95, 97, 100, 100, 103, 130)));
const history = fc.record({
  counts: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 400 }))),
  changes: fc.array(change, { minLength: 3, maxLength: 14 }),
  accepted: fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
});
const changedBy = (counts: readonly number[], changes: readonly number[]) =>
  counts.map((count, type) => Math.floor((count * (changes[type] ?? 100)) / 100));

/** By the words of the setting, in whole numbers. */
const isFewer = (before: number, now: number, percent: number) =>
  before - now >= 10 && (before - now) * 100 >= percent * before;
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('over any history of nights', () => {
  it('a night is suspicious just where it has so much less than the newest one, or than those 7 days older, that are not', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ counts, changes }) => {
        const nights = new LivedNights();
        let now: readonly number[] = counts;
        await nights.night(now);
        const unsuspicious: (readonly number[] | undefined)[] = [now];
        for (const changed of changes) {
          now = changedBy(now, changed);
          const { suspicions } = await nights.night(now);
          const measures = [
            ['last', unsuspicious.findLast((one) => one)],
            ['week', unsuspicious.slice(0, -6).findLast((one) => one)],
          ] as const;
          const told = new Set<string>();
          const expected = measures.flatMap(([measure, before]) => {
            if (!before) return [];
            const types = [0, 1, 2]
              .filter((type) => isFewer(before[type] ?? 0, now[type] ?? 0, 20))
              .map((type) => String(type + 1));
            const all = isFewer(sum(before), sum(now), 5) ? ['all'] : [];
            const fresh = [...types, ...all].filter((place) => !told.has(place));
            for (const place of fresh) told.add(place);
            return fresh.map((place) => `fewer-objects ${place} ${measure}`);
          });
          expect(places(suspicions)).toEqual(expected);
          unsuspicious.push(suspicions.length === 0 ? now : undefined);
        }
      }),
      runs,
    );
  });

  it('one that nobody has accepted is never a measure, and the night after is suspicious until it is regained', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ counts, changes }) => {
        const nights = new LivedNights();
        const suspicious = new Set<string>();
        let now: readonly number[] = counts;
        let best = await nights.night(now);
        for (const changed of changes) {
          const left = changedBy(now, changed).map((count, type) => Math.min(count, now[type] ?? 0));
          now = left;
          const made = await nights.night(now);
          for (const { against } of made.measured) expect(suspicious.has(against ?? '')).toBe(false);
          if (made.suspicions.length === 0) best = made;
          else suspicious.add(made.name);
        }
        if (suspicious.size > 0) {
          const again = await nights.night(best.schemas[0]?.objectTypes.map(({ stored }) => stored) ?? []);
          expect(again.measured[0]?.against).toBe(best.name);
          expect(again.suspicions.filter(({ measure }) => measure === 'last')).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('nothing rings twice once it is accepted, while there is as much', async () => {
    const runsOfTails = { numRuns: 10, endOnFailure: true };
    await fc.assert(
      fc.asyncProperty(history, async ({ counts, changes, accepted }) => {
        const nights = new LivedNights();
        let now: readonly number[] = counts;
        await nights.night(now);
        for (const [at, changed] of changes.entries()) {
          now = changedBy(now, changed);
          const made = await nights.night(now);
          if (made.suspicions.length === 0 || !accepted[at]) continue;
          await nights.accept(made);
          expect(await nights.suspicious(made)).toEqual([]);
          const next = await nights.night(now);
          expect(next.measured[0]?.against).toBe(made.name);
          for (const suspicion of next.suspicions)
            expect(made.suspicions.some((one) => isSamePlace(one, suspicion))).toBe(false);
        }
        // From here on all stays, and what rings is accepted: older nights that were larger come into sight as the days pass.
        const rung = new Set<string>();
        for (let night = 0; night < 34; night += 1) {
          const made = await nights.night(now);
          for (const { objectTypeId = 'all' } of made.suspicions) {
            expect(rung.has(objectTypeId)).toBe(false);
            rung.add(objectTypeId);
          }
          if (made.suspicions.length > 0) await nights.accept(made);
        }
      }),
      runsOfTails,
    );
  });

  it('of 3 % a night, no night is suspicious for a week, and every one after it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 100_000 }), async (start) => {
        const nights = new LivedNights();
        const rung: boolean[] = [];
        let count = start;
        for (let night = 0; night < 12; night += 1) {
          rung.push((await nights.night([count])).suspicions.length > 0);
          count = Math.floor(count * 0.97);
        }
        expect(rung).toEqual([...Array(7).fill(false), ...Array(5).fill(true)]);
      }),
      { numRuns: 10 },
    );
  });
});

describe('what is accepted', () => {
  it('rings again where it falls further by the threshold, also against older measures', async () => {
    const nights = new LivedNights({ typePercent: 20, allPercent: 100, atLeast: 10, editedPercent: 50 });
    for (let night = 0; night < 9; night += 1) await nights.night([100]);
    const half = await nights.night([50]);
    await nights.accept(half);
    // By 10 % a night, and by 18 % since it was accepted.
    expect((await nights.night([45])).suspicions).toEqual([]);
    expect((await nights.night([41])).suspicions).toEqual([]);
    const further = await nights.night([40]);
    expect(further.suspicions).toMatchObject([{ measure: 'week', before: 50, now: 40 }]);
    expect(further.suspicions[0]?.message).toContain('50 had been accepted since');
  });

  it('rings again where it has come back and goes again', async () => {
    const nights = new LivedNights();
    await nights.night([100, 100]);
    await nights.accept(await nights.night([100, undefined]));
    await nights.night([100, 100]);
    const gone = await nights.night([100, undefined]);
    expect(places(gone.suspicions)).toEqual(['object-type-gone 2 last']);
    expect(await nights.suspicious(gone)).toHaveLength(1);
  });

  it('is told no more of the nights between, which had as little', async () => {
    const nights = new LivedNights();
    await nights.night([100, 100]);
    const [first, second] = [await nights.night([100, 50]), await nights.night([100, 50])];
    const less = await nights.night([100, 39]);
    await nights.accept(first);
    expect(await nights.suspicious(second)).toEqual([]);
    expect(places(await nights.suspicious(less))).toEqual(['fewer-objects 2 last', 'fewer-objects all last']);
  });

  it('of one type explains as much of all schemas together', async () => {
    const nights = new LivedNights();
    await nights.night([100, 100]);
    const fewer = await nights.night([100, 50]);
    expect(places(fewer.suspicions)).toEqual(['fewer-objects 2 last', 'fewer-objects all last']);
    await nights.accept(fewer, '2');
    expect(await nights.suspicious(fewer)).toEqual([]);
    expect((await nights.night([100, 50])).suspicions).toEqual([]);
  });

  it('of one type leaves what is suspicious about another', async () => {
    const nights = new LivedNights();
    await nights.night([100, 100, 100]);
    const fewer = await nights.night([50, 50, undefined]);
    await nights.accept(fewer, '3');
    expect(places(await nights.suspicious(fewer))).toEqual([
      'fewer-objects 1 last',
      'fewer-objects 2 last',
      'fewer-objects all last',
    ]);
    const next = await nights.night([50, 50, undefined]);
    expect(places(next.suspicions)).toEqual(['fewer-objects 1 last', 'fewer-objects 2 last', 'fewer-objects all last']);
  });
});
