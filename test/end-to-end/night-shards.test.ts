import { describe, expect, it } from 'vitest';
import { largeSite } from '../../simulator/seeds/large.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import type { ReadNight } from './night-reader.ts';
import { NightSeries } from './night-series.ts';

const objectsOf = (site: SimulatedSite) => [...site.objects.all()];

/** How many shards each type of a night has. */
const shardsOf = ({ manifest }: ReadNight) =>
  manifest.schemas.flatMap(({ objectTypes }) => objectTypes.map(({ activity }) => activity?.count ?? null));

describe('a type of several shards', () => {
  it('is whole on every night: as it is, changed here and there, grown, shrunk, moved, and in files of its objects', async () => {
    const site = largeSite({
      objects: 560,
      types: 2,
      schemas: 1,
      shareOfFirstType: 0.95,
      historyEntries: 1,
      shareWithComments: 0.4,
      attributes: 1,
    });
    const [type, other] = [...site.types.values()];
    if (!type || !other) throw new Error('The site has no types.');
    const nights = await NightSeries.of(site, { activityMaxAgeDays: 14, activityFiles: 'type', hardLinks: true });
    const night = async () => {
      const read = await nights.night();
      expect(await nights.wrongWith(read)).toEqual([]);
      return read;
    };
    const first = await night();
    expect(shardsOf(first)).toEqual([2, 1]);

    // Of one shard nothing changes, and what is read by age lies in the other: it is copied as it is.
    const [before, now] = [nights.inodes(first), nights.inodes(await night())];
    const copied = [...now].filter(([path, inode]) => before.get(path) === inode).map(([path]) => path);
    expect(copied.filter((path) => path.includes('/history/'))).toEqual([expect.stringMatching(/\.00002\.json$/)]);
    expect(now.size).toBe(before.size);

    for (const object of objectsOf(site).slice(0, 30)) {
      if (object.id % 3 === 0) site.deleteObject(object);
      else if (object.id % 3 === 1) site.moveObject(object, object.typeId === type.id ? other : type);
      else site.comment({ object, text: 'said' });
    }
    for (let number = 0; number < 10; number += 1) site.createObject({ type: other, name: `added ${number}` });
    expect(shardsOf(await night())).toEqual([2, 1]);

    // So many fewer that two shards would hold next to nothing.
    for (const object of objectsOf(site)
      .filter(({ typeId }) => typeId === type.id)
      .slice(0, 320))
      site.deleteObject(object);
    const fewer = await night();
    expect(shardsOf(fewer)).toEqual([1, 1]);
    expect(fewer.manifest.activity.history.read).toBeLessThan(30);

    nights.set({ activityMaxAgeDays: 14, activityFiles: 'object' });
    const byObject = await night();
    expect(shardsOf(byObject)).toEqual([null, null]);
    expect(byObject.manifest.activity.history.read).toBeLessThan(30);

    nights.set({ activityMaxAgeDays: 14, activityFiles: 'type' });
    for (const { id } of objectsOf(site).slice(0, 60))
      site.updateObject(site.object(id), { 'Attribute 1': `changed ${id}` });
    const last = await night();
    expect(shardsOf(last)).toEqual([1, 1]);
    expect(last.manifest.activity.history.read).toBeLessThan(90);
  });
});
