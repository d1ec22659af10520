import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpectedObjects, type Seen } from '../../../core/comparison/expected-objects.ts';

const digest = fc.stringMatching(/^[0-9a-f]{32}$/);
/** Ids as documented, and such as no site has shown yet: none of them may be taken for another one. */
const id = fc.oneof(
  fc.nat().map(String),
  // Far apart, and alike in their last bits.
  fc.nat({ max: 40 }).map((number) => String(number * 2 ** 32)),
  fc.nat({ max: 40 }).map((number) => String(number * 2 ** 20)),
  fc.constantFrom('0', '00', '01', '1', '-1', '1.0', '999999999999999', '9007199254740992', '9007199254740993'),
  fc.uuid(),
  fc.string(),
);
const objects = fc.uniqueArray(fc.record({ id, digest }), { maxLength: 60, selector: (object) => object.id });
const sights = fc.array(fc.record({ at: fc.nat(), isAlike: fc.boolean(), other: digest }), { maxLength: 80 });

describe('the objects that are expected', () => {
  it('are found by their ids, and hold what was seen of them last: as a map would', () => {
    fc.assert(
      fc.property(objects, id, sights, (all, stranger, seen) => {
        const expected = new ExpectedObjects(all.length);
        for (const [index, object] of all.entries())
          expect(expected.expect(index * 7, object.id, object.digest)).toBe(true);
        const model = new Map<string, Seen>(all.map((object) => [object.id, 'unseen']));
        for (const { at, isAlike, other } of seen) {
          const object = all[at % Math.max(1, all.length)];
          if (!object) continue;
          const now = isAlike ? object.digest : other;
          const what = now === object.digest ? 'equal' : 'differs';
          expect(expected.see(object.id, now)).toBe(what);
          model.set(object.id, what);
        }
        for (const [index, object] of all.entries()) {
          expect(expected.seen(object.id)).toBe(model.get(object.id));
          expect(expected.numberOf(object.id)).toBe(index * 7);
        }
        expect(expected.count).toBe(all.length);
        if (model.has(stranger)) return;
        expect(expected.seen(stranger)).toBeUndefined();
        expect(expected.numberOf(stranger)).toBeUndefined();
        expect(expected.see(stranger, '0'.repeat(32))).toBeUndefined();
      }),
    );
  });

  it('are one for each id: the first', () => {
    const expected = new ExpectedObjects(3);
    expect(expected.expect(4, '10', 'a'.repeat(32))).toBe(true);
    expect(expected.expect(5, '10', 'b'.repeat(32))).toBe(false);
    // One object may be expected as itself, and as what a restore has made of it.
    expect(expected.expect(4, '11', 'c'.repeat(32))).toBe(true);
    expect([expected.count, expected.numberOf('10'), expected.numberOf('11')]).toEqual([2, 4, 4]);
    expect(expected.see('10', 'b'.repeat(32))).toBe('differs');
  });

  it('hand on what was seen, as a text of a byte each', () => {
    fc.assert(
      fc.property(objects, sights, (all, seen) => {
        const expecting = () => {
          const expected = new ExpectedObjects(all.length);
          for (const [index, object] of all.entries()) expected.expect(index, object.id, object.digest);
          return expected;
        };
        const [before, after] = [expecting(), expecting()];
        for (const { at, isAlike, other } of seen) {
          const object = all[at % Math.max(1, all.length)];
          if (object) before.see(object.id, isAlike ? object.digest : other);
        }
        after.takeUp(JSON.parse(JSON.stringify(before.sight)) as string);
        for (const object of all) expect(after.seen(object.id)).toBe(before.seen(object.id));
        expect(before.sight.length).toBe(4 * Math.ceil(all.length / 3));
        expect(() => new ExpectedObjects(0).takeUp(btoa('x'))).toThrow(
          '1 objects were expected before, and 0 are now.',
        );
      }),
    );
  });

  it('take at most 40 bytes each, whatever their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 200_000 }), (count) => {
        expect(new ExpectedObjects(count).bytes / count).toBeLessThanOrEqual(40);
      }),
      { examples: [[500_000], [1_000_000]], numRuns: 30 },
    );
  });

  it('are never more than was said', () => {
    const expected = new ExpectedObjects(1);
    expected.expect(0, '1', 'a'.repeat(32));
    expect(() => expected.expect(1, '2', 'b'.repeat(32))).toThrow(RangeError);
  });
});
