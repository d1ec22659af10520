import { describe, expect, it } from 'vitest';
import { type Bound, type Figure, isMissed, units } from '../../bench/figure.ts';
import { table } from '../../bench/table.ts';

const figure = (measured: number, bound?: Bound): Figure => ({
  what: 'peak memory',
  measured,
  unit: units.megabytes,
  ...(bound && { bound }),
});

describe('a limit', () => {
  it.each([
    [400, { kind: 'at most', value: 400 }, false],
    [401, { kind: 'at most', value: 400 }, true],
    [95, { kind: 'at least', value: 95 }, false],
    [94.9, { kind: 'at least', value: 95 }, true],
    [Number.NaN, { kind: 'at most', value: 400 }, true],
    [Number.NaN, { kind: 'at least', value: 95 }, true],
    [1_000, { kind: 'floor', value: 1 }, false],
  ] satisfies [number, Bound, boolean][])('%d against %j', (measured, bound, missed) => {
    expect(isMissed(figure(measured, bound))).toBe(missed);
  });
});

describe('the table', () => {
  it('sets numbers below each other and marks what was missed', () => {
    const figures = [figure(1_503, { kind: 'at most', value: 400 }), figure(8, { kind: 'floor', value: 4 }), figure(7)];
    expect(table([{ heading: 'large', figures, notes: ['a note'] }]).split('\n')).toEqual([
      'figure         measured  floor or limit  ratio',
      '',
      'large',
      '  peak memory  1,503 MB        ≤ 400 MB   3.76  <- MISSED',
      '  peak memory      8 MB      floor 4 MB   2.00',
      '  peak memory      7 MB',
      '    a note',
    ]);
  });
});
