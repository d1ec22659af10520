import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseObjects } from '../../../core/drill/choose-objects.ts';
import { SampleCandidates, type ScannedObject } from '../../../core/drill/sample-candidates.ts';

const kinds = ['text', 'reference', 'user', 'date'];
const kindOf = (attribute: string) => kinds[Number(attribute) % kinds.length];

/** Objects of some types, each with some of its type's attributes and references to any of them. */
const backups = fc
  .array(
    fc.record({
      type: fc.integer({ min: 1, max: 6 }).map(String),
      filled: fc.uniqueArray(fc.integer({ min: 0, max: 7 }).map(String), { maxLength: 8 }),
      to: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((objects) =>
    objects.map(({ type, filled, to }, index): ScannedObject => {
      const attributes = filled.map((one) => String(Number(type) * 8 + Number(one)));
      const reference = attributes.find((one) => kindOf(one) === 'reference');
      const refersTo = reference === undefined ? [] : to.map((id) => ({ attribute: reference, to: String(id) }));
      return { id: String(index), type, filled: attributes, refersTo };
    }),
  );

function sampleOf(objects: readonly ScannedObject[], sample: number, seed = 'one night'): ReadonlySet<string> {
  const candidates = new SampleCandidates(seed, sample);
  for (const object of objects) candidates.add(object);
  return chooseObjects(candidates, { sample, kindOf });
}

const placesOf = (objects: readonly ScannedObject[]) =>
  new Set(objects.flatMap(({ type, filled }) => filled.map((attribute) => `${type} ${attribute}`)));

describe('a sample', () => {
  it('has as many objects as were asked for, or one a type, or all that there are', () => {
    fc.assert(
      fc.property(backups, fc.integer({ min: 1, max: 80 }), (objects, sample) => {
        const types = new Set(objects.map(({ type }) => type)).size;
        expect(sampleOf(objects, sample).size).toBe(Math.min(objects.length, Math.max(sample, types)));
      }),
    );
  });

  it('has an object of each type, and none that the backup has not', () => {
    fc.assert(
      fc.property(backups, fc.integer({ min: 1, max: 20 }), (objects, sample) => {
        const chosen = sampleOf(objects, sample);
        const taken = objects.filter(({ id }) => chosen.has(id));
        expect(taken.length).toBe(chosen.size);
        expect(new Set(taken.map(({ type }) => type))).toEqual(new Set(objects.map(({ type }) => type)));
      }),
    );
  });

  it('fills every attribute of every type that any object fills, where there is room', () => {
    fc.assert(
      fc.property(backups, (objects) => {
        const all = placesOf(objects);
        const room = all.size + new Set(objects.map(({ type }) => type)).size;
        const chosen = sampleOf(objects, room);
        expect(placesOf(objects.filter(({ id }) => chosen.has(id)))).toEqual(all);
      }),
    );
  });

  it('has every kind of value, where there is room for one object a kind beside those of the types', () => {
    fc.assert(
      fc.property(backups, (objects) => {
        const wordsOf = (some: readonly ScannedObject[]) => new Set(some.flatMap(({ filled }) => filled.map(kindOf)));
        const room = new Set(objects.map(({ type }) => type)).size + kinds.length;
        const chosen = sampleOf(objects, room);
        expect(wordsOf(objects.filter(({ id }) => chosen.has(id)))).toEqual(wordsOf(objects));
      }),
    );
  });

  it('keeps a reference of each attribute that refers, where there is room', () => {
    fc.assert(
      fc.property(backups, (objects) => {
        const chosen = sampleOf(objects, 2 * placesOf(objects).size + 12);
        const ids = new Set(objects.map(({ id }) => id));
        const taken = objects.filter(({ id }) => chosen.has(id));
        const referring = (isKept: (to: string) => boolean, some: readonly ScannedObject[]) =>
          new Set(
            some.flatMap(({ type, refersTo }) =>
              refersTo.filter(({ to }) => isKept(to)).map(({ attribute }) => `${type} ${attribute}`),
            ),
          );
        expect(referring((to) => chosen.has(to), taken)).toEqual(referring((to) => ids.has(to), taken));
      }),
    );
  });

  it('is the same for the same drill', () => {
    fc.assert(
      fc.property(backups, (objects) => {
        expect([...sampleOf(objects, 5)]).toEqual([...sampleOf(objects, 5)]);
      }),
    );
  });

  it('has had every object after some drills, where there is room beside what is to be tried each time', () => {
    fc.assert(
      fc.property(backups, (objects) => {
        const types = new Set(objects.map(({ type }) => type)).size;
        const room = types + placesOf(objects).size + objects.flatMap(({ refersTo }) => refersTo).length + 2;
        const had = new Set<string>();
        for (let night = 0; night < 400 && had.size < objects.length; night += 1)
          for (const id of sampleOf(objects, room, `night ${night}`)) had.add(id);
        expect(had.size).toBe(objects.length);
      }),
      { numRuns: 20 },
    );
  });

  it('takes an object that stands in two files once, with the type of the first', () => {
    const candidates = new SampleCandidates('one night', 5);
    const object = { id: '1', filled: [], refersTo: [] };
    expect(candidates.add({ ...object, type: '1' })).toBe(true);
    expect(candidates.add({ ...object, type: '2' })).toBe(false);
    expect(candidates.types).toEqual(['1']);
    expect(candidates.typeOf('1')).toBe('1');
  });
});
