import { expect, it } from 'vitest';
import { MeasuredValues } from '../../../../core/backup/loss-alarm/many-edited.ts';
import { manifest } from '../../../cli/pretend-product.ts';

const valuesOf = (number: number) => number.toString(16).padStart(32, '0');
const of = (objects: number) => new MeasuredValues({ counts: { ...manifest().counts, objects } });

it('holds 40 bytes an object at most, whatever the values', () => {
  for (const objects of [100_000, 105_000, 210_000]) expect(of(objects).bytes / objects).toBeLessThanOrEqual(40);
});

it('counts objects of a type that are in both, once each, and those with other values', () => {
  const values = of(4);
  const lines = [1, 2, 3, 4].map((at) => ({ object: String(at), type: at < 4 ? '7' : '8', values: valuesOf(at) }));
  for (const line of lines) values.expect(line);
  // As it was; edited; gone; of another type now. One that moved while it was read comes twice.
  values.see({ object: '1', type: '7', values: valuesOf(1) });
  for (const _ of [1, 2]) values.see({ object: '2', type: '7', values: valuesOf(99) });
  values.see({ object: '4', type: '7', values: valuesOf(99) });
  values.see({ object: '5', type: '7', values: valuesOf(99) });
  expect(values.edited).toEqual([
    { typeId: '7', both: 2, edited: 1 },
    { typeId: '8', both: 0, edited: 0 },
  ]);
});

it('says nothing of objects of which one of the nights has no digest', () => {
  const values = of(2);
  values.expect({ object: '1', type: '7' });
  values.expect({ object: '2', type: '7', values: valuesOf(2) });
  values.see({ object: '1', type: '7', values: valuesOf(1) });
  values.see({ object: '2', type: '7' });
  expect(values.edited).toEqual([{ typeId: '7', both: 0, edited: 0 }]);
});
