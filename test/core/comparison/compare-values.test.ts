import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ComparedValue, compareValues } from '../../../core/comparison/compare-values.ts';

/** Few texts, so that the same one often stands on both sides, and several times. */
const text = fc.constantFrom('a', 'b', 'c');
const left = fc.array(fc.record({ there: fc.option(text, { nil: undefined }), name: fc.nat() }), { maxLength: 8 });
const right = fc.array(text, { maxLength: 8 });
const shuffled = <T>(values: readonly T[]) =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

const counts = (texts: readonly (string | undefined)[]) => (wanted: string) =>
  texts.filter((one) => one === wanted).length;
const textsOf = (values: readonly ComparedValue[]) => values.map(({ there }) => there).toSorted();

it('compares values as a multiset: each text as often as the other side lacks it', () => {
  fc.assert(
    fc.property(left, right, (values, texts) => {
      const { lost, missing, surplus } = compareValues(values, texts);
      const [here, there] = [counts(textsOf(values)), counts(texts)];
      expect(lost).toEqual(values.filter((value) => value.there === undefined));
      let more = 0;
      for (const one of ['a', 'b', 'c']) {
        expect(counts(textsOf(missing))(one)).toBe(Math.max(0, here(one) - there(one)));
        more += Math.max(0, there(one) - here(one));
      }
      expect(surplus).toBe(more);
      // What neither is lost nor missing stands on both sides.
      expect(values.length - lost.length - missing.length).toBe(texts.length - surplus);
    }),
  );
});

it('finds the same whatever the order, and names the very values of the left', () => {
  const both = fc
    .tuple(left, right)
    .chain(([values, texts]) => fc.tuple(fc.constant(values), fc.constant(texts), shuffled(values), shuffled(texts)));
  fc.assert(
    fc.property(both, ([values, texts, otherValues, otherTexts]) => {
      const [one, other] = [compareValues(values, texts), compareValues(otherValues, otherTexts)];
      expect(textsOf(other.missing)).toEqual(textsOf(one.missing));
      expect([other.lost.length, other.surplus]).toEqual([one.lost.length, one.surplus]);
      for (const value of [...one.lost, ...one.missing]) expect(values).toContain(value);
    }),
  );
});
