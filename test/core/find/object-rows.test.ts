import { describe, expect, it } from 'vitest';
import { Changes } from '../../../core/find/changes.ts';
import { ObjectRows } from '../../../core/find/object-rows.ts';

const digest = (number: number) => number.toString(16).padStart(32, '0');

describe('rows of objects', () => {
  it.each([65_000, 66_000, 500_000])(
    'of %i objects take at most 140 bytes each, however many nights there are',
    (count) => {
      const rows = new ObjectRows();
      for (let id = 1; id <= count; id += 1) rows.take(rows.add(String(id)), digest(id), digest(id + 1));
      const { bytes } = rows;
      expect(bytes / count).toBeLessThanOrEqual(140);
      for (let id = 1; id <= count; id += 97) rows.take(rows.rowOf(String(id)) ?? -1, digest(id + 2), digest(id));
      expect([rows.count, rows.bytes]).toEqual([count, bytes]);
    },
  );

  it('tell what is other: the record alone, or its values; without digests of values it may be these', () => {
    const rows = new ObjectRows();
    const row = rows.add('a');
    rows.take(row, digest(1), digest(1));
    expect(rows.take(row, digest(1), digest(1))).toBe('same');
    expect(rows.take(row, digest(2), digest(1))).toBe('touched');
    expect(rows.take(row, digest(3), digest(2))).toBe('changed');
    expect(rows.take(row, digest(4), undefined)).toBe('changed');
    expect(rows.take(row, digest(5), undefined)).toBe('changed');
    expect(rows.take(row, digest(5), digest(2))).toBe('same');
    expect(rows.take(row, digest(6), digest(2))).toBe('touched');
    // Whatever a digest looks like.
    expect(rows.take(row, 'of another form', digest(2))).toBe('touched');
    expect(rows.take(row, 'of another form', digest(2))).toBe('same');
  });
});

it('changes come back as they were put in, of large rows and late nights too', () => {
  const changes = new Changes();
  const last = 2 ** 30 - 1;
  const some = [
    [0, { kind: 'deleted', older: 65_534, newer: 0 }],
    [last, { kind: 'appeared', older: 1, newer: 65_534 }],
    [last, { kind: 'touched', older: 3, newer: 2 }],
    [7, { kind: 'changed', older: 2, newer: 1 }],
  ] as const;
  for (const [row, change] of some) changes.add(row, change);
  for (let at = 0; at < 5_000; at += 1) changes.add(1, { kind: 'changed', older: at + 1, newer: at });
  expect(changes.of([0, last])).toEqual(
    new Map([
      [0, [some[0][1]]],
      [last, [some[1][1], some[2][1]]],
    ]),
  );
  expect(changes.of([1]).get(1)).toHaveLength(5_000);
});
