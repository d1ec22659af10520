import { expect, it } from 'vitest';
import { openBackup } from '../../../core/backup-format/open-backup.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import type { ObjectType } from '../../../simulator/site/records.ts';
import { livelySite } from '../../end-to-end/lively-site.ts';
import type { ReadNight } from '../../end-to-end/night-reader.ts';
import { NightSeries } from '../../end-to-end/night-series.ts';
import { betweenTypes } from '../../end-to-end/watched-reader.ts';
import { diffed } from './diffed.ts';

it('an object that stands in a backup under two types is told once, and is neither new nor gone', async () => {
  const nights = await NightSeries.of(livelySite([10, 5]), { activityFiles: 'object' });
  const { site } = nights;
  const [from, to] = [...site.types.values()] as [ObjectType, ObjectType];
  const moved = site.object(7);
  const both = await nights.night({
    decorate: betweenTypes({ from, to }, () => {
      if (moved.typeId === from.id) site.moveObject(moved, to);
    }),
  });
  expect(both.manifest.notices).toContainEqual(
    expect.objectContaining({ kind: 'moved-while-reading', objectIds: ['7'] }),
  );
  const after = await nights.night();
  site.deleteObject(moved);
  const without = await nights.night();
  const { backups } = openLocalStores(nights.directory);
  const open = ({ manifest }: ReadNight) => openBackup(backups, manifest.name);
  const told = async (left: ReadNight, right: ReadNight) => {
    const { objects, summary } = await diffed(nights.directory, await open(left), await open(right));
    const counts = summary.objects.reduce((sum, { added, removed, changed }) => sum + added + removed + changed, 0);
    return { lines: objects.map(({ id, change }) => [id, change]), counts };
  };
  const once = (change: string) => ({ lines: [['7', change]], counts: 1 });
  expect(await told(both, both)).toEqual({ lines: [], counts: 0 });
  expect(await told(both, after)).toEqual(once('changed'));
  expect(await told(after, both)).toEqual(once('changed'));
  expect(await told(both, without)).toEqual(once('removed'));
  expect(await told(without, both)).toEqual(once('added'));
});
