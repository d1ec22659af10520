import { expect, it } from 'vitest';
import { runCommandLine } from '../../../cli/command-line.ts';
import type { Manifest } from '../../../core/backup-format/manifest.ts';
import { madeAgain } from '../../../core/diff/made-again.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { pretendProduct } from '../../cli/pretend-product.ts';
import { RecordedIo } from '../../cli/recorded-io.ts';
import { backUp, testClock, testSimulator } from '../../end-to-end/local-run.ts';
import { companySite } from '../../end-to-end/restore-company.ts';
import { restore } from '../../end-to-end/restore-run.ts';
import { diffed } from './diffed.ts';

it('what a restore has made again is the thing that was deleted, with another key, as often as that happens', async () => {
  const company = companySite();
  const { site } = company;
  const simulator = await testSimulator({ site });
  const first = await backUp(simulator);
  const { directory } = first;
  const night = async (): Promise<Manifest> => {
    testClock.pass(86_400_000);
    const { manifest, error } = await backUp(simulator, { directory, activity: false });
    if (!manifest) throw error;
    return manifest;
  };
  const [laptop, kept] = company.laptops;
  if (!laptop || !kept || !first.manifest) throw new Error('There are two laptops and a backup.');
  const was = site.objectKey(laptop);
  const makeAgain = async (id: number, folder: string) => {
    site.deleteObject(site.object(id));
    const { objects, error } = await restore(simulator, directory, { folder });
    expect(error).toBeUndefined();
    return objects.get(String(id)) ?? '';
  };
  const second = await makeAgain(laptop.id, first.manifest.name);
  const between = await night();
  const third = await makeAgain(Number(second), between.name);
  const last = await night();
  const { work } = openLocalStores(directory);
  const madeOf = await madeAgain(work, first.manifest.site.workspaceId);
  expect(madeOf.get(third)).toBe(second);
  const { objects, configuration } = await diffed(directory, first.manifest, last, { madeOf });
  expect(configuration).toEqual([]);
  expect(objects).toEqual([
    expect.objectContaining({ change: 'changed', id: third, label: 'Laptop 0', from: { key: was }, attributes: [] }),
  ]);
  const { product } = pretendProduct(undefined, { openBackups: async (folder) => openLocalStores(folder).backups });
  const io = new RecordedIo();
  await runCommandLine(['diff', first.manifest.name, last.name, '--local', directory, '--json'], io, product);
  const told = io.stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { change?: string; id?: string });
  expect(told.flatMap(({ change, id }) => (change ? [[change, id]] : []))).toEqual([['changed', third]]);
  // A copy of what is still there is new.
  const copied = await diffed(directory, first.manifest, last, {
    madeOf: new Map([[third, String(kept.id)]]),
  });
  expect(copied.objects.map(({ change, id }) => [change, id])).toContainEqual(['added', third]);
});
