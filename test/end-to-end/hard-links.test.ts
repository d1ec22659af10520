import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { damages } from './damaged-files.ts';
import { verified } from './night-judge.ts';
import type { ReadNight } from './night-reader.ts';
import { NightSeries } from './night-series.ts';

const layouts = ['object', 'type'] as const;

/** Types of two objects each, all with a history and a comment, so that in either layout most of a night is carried over. */
function site(types: number): SimulatedSite {
  const made = new SimulatedSite();
  const schema = made.addSchema({ key: 'FAC' });
  for (let number = 1; number <= types; number += 1) {
    const type = made.addType({ schema, name: `Type ${number}` });
    for (const name of ['one', 'two']) {
      const object = made.addObject({ type, name });
      made.addHistory({ object, attribute: 'Name', oldValue: 'before', newValue: name });
      made.addComment({ object, text: `of ${name} of ${number}` });
    }
  }
  return made;
}

describe.each(layouts)('hard links, files by %s', (activityFiles) => {
  it('a flipped bit is named in every night that shares the file, and gone from the night that reads it again', async () => {
    const activityMaxAgeDays = 5;
    const nights = await NightSeries.of(site(10), { activityMaxAgeDays, activityFiles, hardLinks: true });
    const [first, second] = [await nights.night(), await nights.night()];
    const [before, now] = [nights.inodes(first), nights.inodes(second)];
    const shared = [...now].filter(([path, inode]) => before.get(path) === inode).map(([path]) => path);
    expect(shared.length).toBeGreaterThan(now.size / 2);

    // The one that stays longest: it is read last.
    const third = await nights.night();
    const sharedByAll = shared.filter((path) => nights.inodes(third).get(path) === now.get(path));
    const path = sharedByAll.at(-1) ?? '';
    damages['flipped in a bit'](join(nights.directory, second.manifest.name, path));
    const made = [first, second, third];
    const damagedIn = async () => {
      const found: boolean[] = [];
      for (const { manifest } of made) {
        const problems = await verified(nights.directory, manifest.name);
        if (problems.length > 0)
          expect(problems).toEqual([expect.stringContaining(`verify: ${manifest.name}/${path} is damaged`)]);
        found.push(problems.length > 0);
      }
      return found;
    };
    expect(await damagedIn()).toEqual([true, true, true]);

    while (made.length < 3 + activityMaxAgeDays && (await damagedIn()).at(-1)) made.push(await nights.night());
    const repaired = made.at(-1) as ReadNight;
    expect(await damagedIn()).toEqual([...made.slice(1).map(() => true), false]);
    expect(nights.inodes(repaired).get(path)).not.toBe(now.get(path));
    expect(await nights.wrongWith(repaired)).toEqual([]);
    // No inode is older than the age.
    expect(made.length).toBeLessThanOrEqual(1 + activityMaxAgeDays);
  });

  it('no file of a night is older than the age, by its inode', async () => {
    const activityMaxAgeDays = 3;
    const nights = await NightSeries.of(site(6), { activityMaxAgeDays, activityFiles, hardLinks: true });
    const firstSeen = new Map<number, number>();
    for (let night = 0; night < 8; night += 1) {
      const made = nights.inodes(await nights.night());
      expect(made.size).toBe(activityFiles === 'object' ? 24 : 12);
      const ages = [...made.values()].map((inode) => {
        firstSeen.set(inode, firstSeen.get(inode) ?? night);
        return night - (firstSeen.get(inode) ?? night);
      });
      expect(Math.max(...ages)).toBeLessThan(activityMaxAgeDays);
      if (night > 0) expect(Math.max(...ages)).toBeGreaterThan(0);
    }
  });
});

describe.each(layouts)('without hard links, files by %s', (activityFiles) => {
  it.each(['flipped in a bit', 'removed', 'edited'] as const)(
    'a file that is %s is named in its night alone, and the next night asks the site again and says so',
    async (damage) => {
      const nights = await NightSeries.of(site(10), { activityMaxAgeDays: 14, activityFiles });
      const [first, second] = [await nights.night(), await nights.night()];
      const [before, now] = [nights.inodes(first), nights.inodes(second)];
      expect([...now.values()].filter((inode) => new Set(before.values()).has(inode))).toEqual([]);
      // Not of the share that the next night reads: that one comes by the oldest dates.
      const [id = ''] = [...second.lines.values()]
        .filter(({ history }) => history.read === second.manifest.startedAt)
        .map(({ object }) => object);
      const path = [...now.keys()].find((key) => key.includes('/history/') && holds(nights, second, key, id)) ?? '';
      const key = join(nights.directory, second.manifest.name, path);
      if (damage === 'edited') writeFileSync(key, readFileSync(key, 'utf8').replace('before', 'forged'));
      else damages[damage](key);

      const problems = await verified(nights.directory, second.manifest.name);
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toContain(path);
      expect(await verified(nights.directory, first.manifest.name)).toEqual([]);
      const third = await nights.night();
      expect(third.manifest.status).toBe('complete');
      expect(third.lines.get(id)?.history.read).toBe(third.manifest.startedAt);
      expect(third.manifest.schemas.map(({ base }) => base.backup)).toEqual([second.manifest.name]);
      expect(third.manifest.notices).toMatchObject([
        { kind: 'carried-file-damaged', message: expect.stringContaining(`${second.manifest.name}/${path}`) },
      ]);
      expect(await nights.wrongWith(third)).toEqual([]);
      // The others are copies of the first night's still, by way of the second.
      expect(third.manifest.activity.history.carried).toBeGreaterThan(10);
      rmSync(join(nights.directory, second.manifest.name), { recursive: true });
      expect(await nights.wrongWith(third)).toEqual([]);
    },
  );
});

function holds({ directory }: NightSeries, { manifest }: ReadNight, path: string, id: string): boolean {
  return (
    path.endsWith(`/${id}.json`) ||
    readFileSync(join(directory, manifest.name, path), 'utf8').includes(`"object":"${id}"`)
  );
}
