import fc from 'fast-check';
import { expect, it } from 'vitest';
import { putElsewhere } from '../../../core/diff/put-elsewhere.ts';

const orders = fc
  .uniqueArray(fc.string(), { maxLength: 8 })
  .chain((left) =>
    fc.record({ left: fc.constant(left), right: fc.shuffledSubarray(left, { minLength: left.length }) }),
  );

/** As many as can stay in any case: the longest run that both have, by trying all. */
function longestRun(left: readonly string[], right: readonly string[]): number {
  let longest = 0;
  for (let chosen = 0; chosen < 2 ** right.length; chosen += 1) {
    const run = right.filter((_, index) => chosen & (1 << index)).map((id) => left.indexOf(id));
    if (run.every((place, index) => index === 0 || place > (run[index - 1] ?? 0)))
      longest = Math.max(longest, run.length);
  }
  return longest;
}

it('names what was put elsewhere: all others stand in one order, and there are no fewer', () => {
  fc.assert(
    fc.property(orders, ({ left, right }) => {
      const moved = putElsewhere(left, right);
      const rest = (order: readonly string[]) => order.filter((id) => !moved.has(id));
      expect(rest(left)).toEqual(rest(right));
      expect(rest(left)).toHaveLength(longestRun(left, right));
    }),
  );
});
