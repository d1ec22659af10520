import { expect, it } from 'vitest';
import { giveBack, giveBackIfWhole } from '../../core/give-back.ts';

it('bytes have no length when they are given back, with all else in their buffer', () => {
  const room = new Uint8Array([1, 2, 3, 4]);
  const part = room.subarray(1, 3);
  giveBack(part);
  giveBack(room);
  expect([part.length, room.length, room.buffer.byteLength]).toEqual([0, 0, 0]);
});

it('a part stays where others may have the rest', () => {
  const room = new Uint8Array([1, 2, 3, 4]);
  const part = room.subarray(1, 3);
  giveBackIfWhole(part);
  expect([...part]).toEqual([2, 3]);
  giveBackIfWhole(room);
  expect(room.length).toBe(0);
});
