import { expect, test } from 'vitest';
import { awkwardSite } from '../../simulator/seeds/awkward.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike, siteWithoutAssets } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { dumpSite, siteOfDump } from '../../simulator/site/dump.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';

const answers = (site: SimulatedSite) =>
  JSON.stringify([...site.allObjects()].map((object) => [object, site.history(String(object.id))])).replaceAll(
    /jwt-secret-media-token-\d+/g,
    '',
  );

test.each<[string, SimulatedSite]>([
  ['awkward', awkwardSite()],
  ['configuration', configurationSite({ idsAbove: 40 })],
  ['random', randomSite(7, 30)],
  ['empty', emptySiteLike(randomSite(7))],
  ['without Assets', siteWithoutAssets()],
])('a dump of a site is the same site again: %s', (_, site) => {
  const again = siteOfDump(dumpSite(site));
  expect(dumpSite(again)).toBe(dumpSite(site));
  expect(fingerprint(again)).toBe(fingerprint(site));
  expect(answers(again)).toBe(answers(site));
});

test('a site of a dump goes on with the next ids, and its copy does not hear of it', () => {
  const site = configurationSite();
  site.mediaFiles.set(site.nextUuid(), Buffer.from('image'));
  const again = siteOfDump(dumpSite(site));
  const before = fingerprint(site);
  const [type] = again.types.values();
  if (!type) throw new Error('the site has types');
  const made = again.addObject({ type, name: 'Newer' });
  again.addComment({ object: made, text: 'new' });
  expect(site.objects.get(made.id)).toBeUndefined();
  expect(made.id).toBe(Math.max(...site.objects.all().map(({ id }) => id)) + 1);
  expect(site.mediaFiles.has(again.nextUuid())).toBe(false);
  expect(fingerprint(site)).toBe(before);
});
