import { expect, test } from 'vitest';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from '../end-to-end/equal-sites.ts';
import { rebuild } from './rebuild-site.ts';
import { start } from './start.ts';

async function expectRebuildable(source: SimulatedSite, idsAbove: number): Promise<void> {
  const before = fingerprint(source);
  const target = emptySiteLike(source, { idsAbove });
  const { client, simulator } = await start({ site: target });
  const objects = await rebuild(source, client);
  expect(compareSites(source, target, { objects })).toEqual([]);
  expect(simulator.requests.writesByEndpoint({ onlySuccessful: true })).toEqual(simulator.requests.writesByEndpoint());
  expect(fingerprint(source)).toBe(before);
}

test.each(Array.from({ length: 25 }, (_, seed) => seed))('random site %i can be written again by the rules', (seed) =>
  expectRebuildable(randomSite(seed, 25), seed % 3 === 0 ? 0 : 700_000),
);

test('sites with every configuration feature, and with circles, can be written again by the rules', async () => {
  await expectRebuildable(configurationSite(), 0);
  await expectRebuildable(circlesSite(), 700_000);
});
