import { describe, expect, it } from 'vitest';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { drawIcon } from '../../simulator/site/icon-image.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { Killer } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

/** Two types whose icons have one name and different images. */
function siteOfTwins(): SimulatedSite {
  const site = new SimulatedSite();
  const schema = site.addSchema({ key: 'TWIN', name: 'Twins' });
  for (const [index, name] of ['One', 'Two'].entries()) {
    site.addType({ schema, name, icon: site.addIcon('Custom', drawIcon(90 + index, 16)) });
  }
  return site;
}

describe('two icons of one name', () => {
  it.each([1, 0.75, 0.5, 0.25, 0.1])(
    'stay two, also where the restore was killed at %d of its writes',
    async (share) => {
      const site = siteOfTwins();
      const run = await backUp(await testSimulator({ site }));
      const input = { folder: run.result?.backup ?? '' };
      const counting = new Killer();
      const peaceful = await testSimulator({ site: emptySiteLike(site) });
      await restore(peaceful, run.directory, input, { decorate: counting.decorate });
      const targetSite = emptySiteLike(site, { workspaceId: crypto.randomUUID() });
      const target = await testSimulator({ site: targetSite });
      const killer = new Killer(Math.ceil(counting.writes * share), 'after');
      await restore(target, run.directory, input, { decorate: killer.decorate });
      const restored = await restore(target, run.directory, input);
      expect(restored.error).toBeUndefined();
      expect(restored.report?.differences).toEqual([]);
      expect(compareSites(site, targetSite, { objects: new Map() })).toEqual([]);
    },
  );

  it('stay two where the answer to an upload is lost', async () => {
    const site = siteOfTwins();
    const run = await backUp(await testSimulator({ site }));
    const targetSite = emptySiteLike(site);
    const target = await testSimulator({ site: targetSite });
    target.faults.add({ endpoint: 'icon-create', skip: 1, times: 1, workDone: true, fault: { kind: 'close' } });
    const restored = await restore(target, run.directory, { folder: run.result?.backup ?? '' });
    expect(restored.report?.differences).toEqual([]);
    expect(compareSites(site, targetSite, { objects: new Map() })).toEqual([]);
  });
});
