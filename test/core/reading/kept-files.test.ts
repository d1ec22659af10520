import { describe, expect, it } from 'vitest';
import { KeptFiles } from '../../../core/reading/kept-files.ts';

const fileOf = (number: number) => ({ key: `${number}`, bytes: 0, sha256: `${number}`, records: 0 });

describe('files of activity', () => {
  it('are kept until they are taken, as far as there is room, which what was taken leaves', () => {
    const kept = new KeptFiles(4 * 6_000);
    const bytes = () => new Uint8Array(2_000);
    expect([0, 1, 2].map((number) => kept.keep(fileOf(number), bytes()))).toEqual([true, true, false]);
    expect([0, 1, 2].map((number) => kept.take(fileOf(number))?.length)).toEqual([2_000, 2_000, undefined]);
    expect(kept.take(fileOf(0))).toBeUndefined();
    expect([3, 4, 5].map((number) => kept.keep(fileOf(number), bytes()))).toEqual([true, true, false]);
  });

  it('are kept once where several have the same bytes', () => {
    const kept = new KeptFiles();
    expect([kept.keep(fileOf(0), new Uint8Array(9)), kept.keep(fileOf(0), new Uint8Array(9))]).toEqual([true, false]);
  });
});
