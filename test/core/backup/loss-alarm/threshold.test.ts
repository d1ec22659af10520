import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reaches } from '../../../../core/backup/loss-alarm/threshold.ts';

describe('a threshold', () => {
  it('is met exactly: by as many as it says, and not by one less', () => {
    const runs = fc.record({
      thousandths: fc.integer({ min: 1, max: 100_000 }),
      atLeast: fc.integer({ min: 1, max: 50 }),
      of: fc.integer({ min: 0, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(runs, ({ thousandths, atLeast, of }) => {
        const threshold = { percent: thousandths / 1000, atLeast };
        const share = Number((BigInt(thousandths) * BigInt(of) + 99_999n) / 100_000n);
        const least = Math.max(share, atLeast);
        expect(reaches(least, of, threshold)).toBe(true);
        expect(reaches(least - 1, of, threshold)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [7, 10_000, 0.07, true],
    [6, 10_000, 0.07, false],
    [1, 10_000_000, 1e-5, true],
    [20, 100, 20, true],
    [19, 100, 20, false],
    [0, 0, 20, false],
  ])('of %i of %i with %f %% is %s', (some, of, percent, is) => {
    expect(reaches(some, of, { percent, atLeast: 1 })).toBe(is);
  });
});
