import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LocalRestoreOptions } from '../../local/local-restore.ts';
import { circlesSite } from '../../simulator/seeds/circles.ts';
import { configurationSite } from '../../simulator/seeds/configuration.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { SeededRandom } from '../../simulator/seeds/seeded-random.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { roomyPlace } from '../roomy-place.ts';
import { compareSites } from './equal-sites.ts';
import { Killer, type Moment } from './killed-restores.ts';
import { backUp, testDirectory, testSimulator } from './local-run.ts';
import { restore } from './restore-run.ts';

const moments: readonly Moment[] = ['before', 'after'];

type Options = Pick<LocalRestoreOptions, 'remainingMilliseconds'>;

const place = mkdtempSync(join(roomyPlace(), 'assets-backup-killed-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** A backup, and the restore of it that nobody disturbs: once for all deaths of a site. */
async function undisturbed(make: () => SimulatedSite, options: Options) {
  const site = make();
  const { directory, result } = await backUp(await testSimulator({ site }), { directory: mkdtempSync(`${place}/`) });
  const input = { folder: result?.backup ?? '' };
  const counting = new Killer();
  const whole = await restore(await testSimulator({ site: emptySiteLike(site) }), directory, input, {
    ...options,
    decorate: counting.decorate,
  });
  return { site, directory, input, whole, writes: counting.writes };
}

const made = new Map<string, ReturnType<typeof undisturbed>>();

/** Restores into an empty site, killed at these writes one after the other, and then in peace. */
async function killedRestore(
  { name, make }: { readonly name: string; readonly make: () => SimulatedSite },
  kills: readonly { share: number; moment: Moment }[],
  options: Options = {},
) {
  const key = `${name}${options.remainingMilliseconds ? ', without time' : ''}`;
  const first = made.get(key) ?? undisturbed(make, options);
  made.set(key, first);
  const { site, input, whole, writes, directory: from } = await first;
  const directory = testDirectory();
  cpSync(from, directory, { recursive: true });
  const targetSite = emptySiteLike(site, { workspaceId: 'b0000000-0000-0000-0000-000000000002' });
  const target = await testSimulator({ site: targetSite });
  for (const { share, moment } of kills) {
    const killer = new Killer(1 + Math.floor(writes * share), moment);
    await restore(target, directory, input, { ...options, decorate: killer.decorate });
  }
  const resumed = await restore(target, directory, input, options);
  return { site, targetSite, target, whole, resumed, directory, input };
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
    async ({ share, moment, ...source }) => {
      const { site, targetSite, whole, resumed } = await killedRestore(source, [{ share, moment }]);
      expect(resumed.error).toBeUndefined();
      expect(compareSites(site, targetSite, { objects: resumed.objects, history: true })).toEqual([]);
      expect(resumed.report?.differences).toEqual([]);
      expect(resumed.result?.outcome).toBe(whole.result?.outcome);
      expect(resumed.report?.losses).toEqual(whole.report?.losses);
    },
  );

  it.each(cases.slice(0, 8))(
    '$name, $moment the write at $percent %, is so too where no invocation ever has time',
    async ({ share, moment, ...source }) => {
      const noTime = { remainingMilliseconds: () => 0 };
      const { site, targetSite, whole, resumed } = await killedRestore(source, [{ share, moment }], noTime);
      expect(resumed.error).toBeUndefined();
      expect(compareSites(site, targetSite, { objects: resumed.objects, history: true })).toEqual([]);
      expect(resumed.report?.differences).toEqual([]);
      expect(resumed.report?.losses).toEqual(whole.report?.losses);
    },
  );

  it('five times in a row comes to the same end, and then has nothing left to do', async () => {
    const kills = [0.2, 0.35, 0.5, 0.6, 0.7].map((share, index) => ({ share, moment: moments[index % 2] ?? 'before' }));
    const source = { name: 'of random site 8', make: () => randomSite(8, 40) };
    const { site, targetSite, target, resumed, directory, input } = await killedRestore(source, kills);
    expect(compareSites(site, targetSite, { objects: resumed.objects, history: true })).toEqual([]);
    const before = target.requests.writes.length;
    const again = await restore(target, directory, input);
    expect(again.report?.differences).toEqual([]);
    expect(again.result).toMatchObject({ created: 0, updated: 0, comments: 0 });
    expect(target.requests.writes.length).toBe(before);
  });
});
