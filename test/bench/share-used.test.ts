import { expect, it } from 'vitest';
import { shareUsed } from '../../bench/share-used.ts';

it.each([
  ['one a second of sixty a minute', [0, 1_000, 2_000, 3_000], 60, 100],
  ['one in two seconds', [0, 2_000, 4_000], 60, 50],
  ['more than the limit, which the other figure shows', [0, 500, 1_000], 60, 200],
])('%s', (_, arrivals, requestsPerMinute, percent) => {
  expect(shareUsed(arrivals, requestsPerMinute)).toBeCloseTo(percent);
});

it.each([[[]], [[5]], [undefined]])('nothing was measured by the arrivals %j, which no limit lets pass', (arrivals) => {
  const measured = shareUsed(arrivals, 60);
  expect(measured >= 95).toBe(false);
});
