import { describe, expect, it } from 'vitest';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

describe('a restore whose invocations never have time', () => {
  const sites = [
    ['of every configuration feature', () => configurationSite()],
    ['of random site 6', () => randomSite(6, 200)],
  ] as const;
  it.each(sites)('%s makes headway in each of them, and ends equal', async (_, make) => {
    const site = make();
    const run = await backUp(await testSimulator({ site }));
    const targetSite = emptySiteLike(site);
    const restored = await restore(
      await testSimulator({ site: targetSite }),
      run.directory,
      { folder: run.result?.backup ?? '' },
      { remainingMilliseconds: () => 0 },
    );
    expect(restored.error).toBeUndefined();
    expect(restored.report?.differences).toEqual([]);
    expect(compareSites(site, targetSite, { objects: restored.objects, history: true })).toEqual([]);
    const started = restored.reporter.events.filter(({ name }) => name === 'step.started');
    expect(started.length).toBeGreaterThan(15);
  });
});
