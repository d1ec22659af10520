import { expect, it } from 'vitest';
import { LivedNights } from './lived-nights.ts';

const againstOf = ({ measured }: { measured: readonly { against: string | null }[] }) =>
  measured.map(({ against }) => against?.slice(0, 10) ?? null);

it('are the last night, and the newest that are 7 and 30 days older', async () => {
  const nights = new LivedNights();
  const found: (string | null)[][] = [];
  for (let night = 0; night < 33; night += 1) found.push(againstOf(await nights.night([100])));
  expect(found[0]).toEqual([null, null, null]);
  expect(found[6]).toEqual(['2026-01-07', null, null]);
  expect(found[7]).toEqual(['2026-01-08', '2026-01-02', null]);
  expect(found[30]).toEqual(['2026-01-31', '2026-01-25', '2026-01-02']);
  // Nights that were left out: the next older one.
  expect(againstOf(await nights.night([100], { days: 20 }))).toEqual(['2026-02-03', '2026-02-03', '2026-01-24']);
});

it('are none that is suspicious, until it is accepted', async () => {
  const nights = new LivedNights();
  for (let night = 0; night < 8; night += 1) await nights.night([100, 100]);
  const smaller = await nights.night([100, 50]);
  expect(smaller.suspicions).toHaveLength(2);
  const next = await nights.night([100, 50]);
  expect(againstOf(next)).toEqual(['2026-01-09', '2026-01-04', null]);
  await nights.accept(smaller);
  expect(againstOf(await nights.night([100, 50]))).toEqual(['2026-01-11', '2026-01-05', null]);
});

it('are opened only where they may be one', async () => {
  const nights = new LivedNights();
  for (let night = 0; night < 60; night += 1) await nights.night([100]);
  const { backups } = nights;
  const read = backups.read.bind(backups);
  let opened = 0;
  backups.read = (key) => {
    opened += 1;
    return read(key);
  };
  await nights.night([100]);
  expect(opened).toBe(3);
});
