import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenObjects } from '../../../core/reading/seen-objects.ts';

const id = fc.oneof(
  fc.nat(3_000).map(String),
  fc.constantFrom('0', '007', '-1', '1e3', '999999999999999', '9007199254740993', 'a-1', ''),
);

describe('objects that were seen', () => {
  it('are those of a map, in the same order, whatever their ids are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.integer({ min: 0, max: 4 })), { maxLength: 200 }), (seen) => {
        const map = new Map(seen);
        const objects = new SeenObjects(seen);
        expect([...objects]).toEqual([...map]);
        expect([...objects.ids()]).toEqual([...map.keys()]);
        for (const one of [...map.keys(), 'never']) expect(objects.sweepOf(one)).toBe(map.get(one));
        for (const sweep of [0, 1, 4]) {
          expect(objects.countOf(sweep)).toBe([...map.values()].filter((last) => last === sweep).length);
        }
      }),
    );
  });

  it('may be more than there was room for', () => {
    const objects = new SeenObjects();
    for (let number = 0; number < 5_000; number += 1) objects.set(`${number}`, 1 + (number % 2));
    expect([...objects]).toHaveLength(5_000);
    expect(objects.countOf(2)).toBe(2_500);
  });
});
