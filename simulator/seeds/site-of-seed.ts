import type { SimulatedSite } from '../site/simulated-site.ts';
import { awkwardSite } from './awkward.ts';
import { circlesSite } from './circles.ts';
import { configurationSite } from './configuration.ts';
import { demoSite } from './demo.ts';
import { emptySite, siteWithoutAssets } from './empty.ts';
import { largeSite } from './large.ts';
import { randomSite } from './random-site.ts';

/** The site that a seed's name means, as on the command line: `demo`, `large:50000`. Undefined for an unknown name. */
export function siteOfSeed(seed: string): SimulatedSite | undefined {
  const [name, number] = seed.split(':');
  const count = number === undefined ? undefined : Number(number);
  if (count !== undefined && !Number.isInteger(count)) return undefined;
  switch (name) {
    case 'demo':
      return demoSite();
    case 'large':
      return largeSite({ objects: count ?? 10_000 });
    case 'awkward':
      return awkwardSite();
    case 'configuration':
      return configurationSite();
    case 'circles':
      return circlesSite();
    case 'random':
      return randomSite(count ?? 1, 200);
    case 'empty':
      return emptySite();
    case 'no-assets':
      return siteWithoutAssets();
    default:
      return undefined;
  }
}
