import { describe, expect, it } from 'vitest';
import { type NeededReference, needsInCircles, roundsOf } from '../../../../core/restore/plan/makeable-objects.ts';

const need = (object: number, made: readonly number[], least = 1, attribute = 'a'): NeededReference => ({
  ...{ object, attribute, least, made },
});

describe('the rounds in which objects can be made', () => {
  it('follow what each cannot be made without', () => {
    const { rounds, blocked } = roundsOf([need(3, [2]), need(2, [1]), need(1, [0])]);

    expect([...rounds]).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(blocked).toEqual([]);
  });

  it('wait for as many of several as are needed, and for every attribute', () => {
    const { rounds, blocked } = roundsOf([
      need(1, [0, 2]),
      need(2, [1]),
      need(3, [0, 1], 2),
      need(4, [0]),
      need(4, [2], 1, 'b'),
    ]);

    expect(Object.fromEntries(rounds)).toEqual({ 1: 1, 2: 2, 3: 2, 4: 3 });
    expect(blocked).toEqual([]);
  });

  it('leave out a circle, what refers to itself, and what needs such an object', () => {
    const circle = [need(1, [2]), need(2, [1])];
    const [itself, outside, free] = [need(3, [3]), need(4, [1]), need(5, [0])];
    const { rounds, blocked } = roundsOf([...circle, itself, outside, free]);

    expect([...rounds.keys()]).toEqual([5]);
    expect(blocked).toEqual([...circle, itself, outside]);
    expect([...needsInCircles(blocked)]).toEqual([...circle, itself]);
  });

  it('name what is lacking, where nothing is in a circle', () => {
    const lacking = need(1, []);

    expect(roundsOf([lacking]).blocked).toEqual([lacking]);
    expect(needsInCircles([lacking]).size).toBe(0);
  });
});
