import { expect, it } from 'vitest';
import { carriedOf, catchingUp, gapOfObjects, groupedGaps, sayingCarried } from '../../../core/backup/grouped-gaps.ts';
import type { Gap } from '../../../core/model/outcome.ts';

const because = { error: catchingUp, reason: 'Time was up.', schemaKey: 'S1' };

function late(ids: readonly string[], kept: readonly (string | undefined)[]): Gap {
  return { ...sayingCarried(gapOfObjects('history', ids.length, ids, catchingUp), carriedOf(kept)), ...because };
}

it('sums of how many objects an older copy is kept, and says the oldest date once', () => {
  const [gap, ...others] = groupedGaps([
    late(['1', '2'], ['2026-11-20T02:00:00.000Z', undefined]),
    late(['3'], [undefined]),
    late(['4', '5'], ['2026-11-22T02:00:00.000Z', '2026-11-19T02:00:00.000Z']),
  ]);
  expect(others).toEqual([]);
  expect(gap).toEqual({
    ...because,
    kind: 'history',
    what: 'history of 5 objects (1, 2, 3, 4, 5), catching up; of 3 an older copy is kept, the oldest of 2026-11-19',
    objects: 5,
    objectIds: ['1', '2', '3', '4', '5'],
    carried: { objects: 3, oldest: '2026-11-19T02:00:00.000Z' },
  });
  expect(groupedGaps([gap as Gap])).toEqual([gap]);
});

it('says nothing of copies where none is kept', () => {
  const [gap] = groupedGaps([late(['1'], [undefined]), late(['2'], [])]);
  expect(gap?.what).toBe('history of 2 objects (1, 2), catching up');
  expect(gap).not.toHaveProperty('carried');
});
