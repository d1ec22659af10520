import { describe, expect, it } from 'vitest';
import type { LocalRestoreOptions } from '../../local/local-restore.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { SeededRandom } from '../../simulator/seeds/seeded-random.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { compareSites } from './equal-sites.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

const moments: readonly Moment[] = ['before', 'after'];

/** Restores into an empty site, killed at these writes one after the other, and then in peace. */
async function killedRestore(
  make: () => SimulatedSite,
  kills: readonly { share: number; moment: Moment }[],
  options: Pick<LocalRestoreOptions, 'remainingMilliseconds'> = {},
) {
  const site = make();
  const run = await backUp(await testSimulator({ site }));
  const input = { folder: run.result?.backup ?? '' };
  const counting = new Killer();
  const whole = await restore(await testSimulator({ site: emptySiteLike(site) }), run.directory, input, {
    ...options,
    decorate: counting.decorate,
  });
  const targetSite = emptySiteLike(site, { workspaceId: 'b0000000-0000-0000-0000-000000000002' });
  const target = await testSimulator({ site: targetSite });
  for (const { share, moment } of kills) {
    const killer = new Killer(1 + Math.floor(counting.writes * share), moment);
    await restore(target, run.directory, input, { ...options, decorate: killer.decorate });
  }
  const resumed = await restore(target, run.directory, input, options);
  return { site, targetSite, target, whole, resumed, directory: run.directory, input };
}

describe('a restore that is killed and started again', () => {
  const sites: [string, () => SimulatedSite][] = [
    ['of every configuration feature', () => configurationSite()],
    ['of circles', () => circlesSite()],
    ['of random site 3', () => randomSite(3, 30)],
    ['of random site 11', () => randomSite(11, 40)],
  ];
  const random = new SeededRandom(20261124);
  const cases = Array.from({ length: 20 }, (_, index) => {
    const [name, make] = sites[index % sites.length] ?? ['', () => randomSite(1)];
    const share = random.between(0, 9_999) / 10_000;
    return { name, make, share, moment: moments[index % 2] ?? 'before', percent: Math.round(share * 100) };
  });

  it.each(cases)(
    '$name, $moment the write at $percent %, is as if it had not been',
    async ({ make, share, moment }) => {
      const { site, targetSite, whole, resumed } = await killedRestore(make, [{ share, moment }]);
      expect(resumed.error).toBeUndefined();
      expect(compareSites(site, targetSite, { objects: resumed.objects, history: true })).toEqual([]);
      expect(resumed.report?.differences).toEqual([]);
      expect(resumed.result?.outcome).toBe(whole.result?.outcome);
      expect(resumed.report?.losses).toEqual(whole.report?.losses);
    },
  );

  it.each(cases.slice(0, 8))(
    '$name, $moment the write at $percent %, is so too where no invocation ever has time',
    async ({ make, share, moment }) => {
      const noTime = { remainingMilliseconds: () => 0 };
      const { site, targetSite, whole, resumed } = await killedRestore(make, [{ share, moment }], noTime);
      expect(resumed.error).toBeUndefined();
      expect(compareSites(site, targetSite, { objects: resumed.objects, history: true })).toEqual([]);
      expect(resumed.report?.differences).toEqual([]);
      expect(resumed.report?.losses).toEqual(whole.report?.losses);
    },
  );

  it('five times in a row comes to the same end, and then has nothing left to do', async () => {
    const kills = [0.2, 0.35, 0.5, 0.6, 0.7].map((share, index) => ({ share, moment: moments[index % 2] ?? 'before' }));
    const { site, targetSite, target, resumed, directory, input } = await killedRestore(() => randomSite(8, 40), kills);
    expect(compareSites(site, targetSite, { objects: resumed.objects, history: true })).toEqual([]);
    const before = target.requests.writes.length;
    const again = await restore(target, directory, input);
    expect(again.report?.differences).toEqual([]);
    expect(again.result).toMatchObject({ created: 0, updated: 0, comments: 0 });
    expect(target.requests.writes.length).toBe(before);
  });
});
