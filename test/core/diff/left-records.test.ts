import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Manifest, StoredFile } from '../../../core/backup-format/manifest.ts';
import { sha256 } from '../../../core/backup-format/manifest.ts';
import { arrayFile } from '../../../core/backup-format/record-files.ts';
import { LeftRecords } from '../../../core/diff/left-records.ts';
import type { BackupSource } from '../../../core/reading/backup-source.ts';

/** A backup of one type whose objects lie in these files, and how often each was read. */
function pretendSource(shards: readonly (readonly string[])[]) {
  const keys = shards.map((_, number) => `shard-${number}`);
  const reads = new Map<string, number>();
  const bytesOf = (key: string) =>
    arrayFile((shards[keys.indexOf(key)] ?? []).map((id) => JSON.stringify({ id, label: `of ${id}` })));
  const source: Pick<BackupSource, 'manifest' | 'file' | 'pieces'> = {
    manifest: { schemas: [{ objectTypes: [{ id: '1', objectsMeta: keys }] }] } as unknown as Manifest,
    file: (key) => ({ key, bytes: 0, sha256: sha256(bytesOf(key)), records: 0 }),
    async *pieces({ key }: StoredFile) {
      reads.set(key, (reads.get(key) ?? 0) + 1);
      yield bytesOf(key);
    },
  };
  return { source: source as BackupSource, reads };
}

const orders = fc
  .record({
    shards: fc.integer({ min: 1, max: 6 }),
    fates: fc.array(fc.constantFrom('asked-for' as const, 'gone' as const, undefined), { maxLength: 60 }),
    askedFor: fc.integer({ min: 1, max: 10 }),
    gone: fc.integer({ min: 0, max: 10 }),
    together: fc.integer({ min: 1, max: 12 }),
  })
  .chain((of) =>
    fc.record({
      of: fc.constant(of),
      order: fc.shuffledSubarray(
        of.fates.map((_, id) => String(id)),
        { minLength: of.fates.length },
      ),
    }),
  );

it('finds every object that is asked for, in any order, and every one that is gone, once', async () => {
  await fc.assert(
    fc.asyncProperty(orders, async ({ of: { shards, fates, askedFor, gone, together }, order }) => {
      const ids = fates.map((_, id) => String(id));
      const size = Math.ceil(ids.length / shards);
      const { source } = pretendSource(
        Array.from({ length: shards }, (_, shard) => ids.slice(shard * size, (shard + 1) * size)),
      );
      const records = new LeftRecords(source, (id) => fates[Number(id)], { askedFor, gone });
      const wanted = order.filter((id) => fates[Number(id)] === 'asked-for');
      for (let at = 0; at < wanted.length; at += together) {
        const some = wanted.slice(at, at + together);
        const found = await records.find('1', new Set(some));
        expect([...found.keys()].sort()).toEqual(some.toSorted());
        for (const [id, record] of found) expect(record).toEqual({ id, label: `of ${id}` });
      }
      const isGone = await Array.fromAsync(records.gone('1'));
      expect(isGone.map(({ id, label }) => [id, label]).sort()).toEqual(
        ids.flatMap((id) => (fates[Number(id)] === 'gone' ? [[id, `of ${id}`]] : [])).sort(),
      );
    }),
  );
});

it('reads each file once where both orders are alike', async () => {
  const ids = Array.from({ length: 60 }, (_, id) => String(id));
  const { source, reads } = pretendSource([ids.slice(0, 20), ids.slice(20, 40), ids.slice(40)]);
  const records = new LeftRecords(source, (id) => (Number(id) % 3 === 0 ? 'gone' : 'asked-for'));
  for (let at = 0; at < 60; at += 15)
    await records.find('1', new Set(ids.slice(at, at + 15).filter((id) => Number(id) % 3 > 0)));
  expect(await Array.fromAsync(records.gone('1'))).toHaveLength(20);
  expect([...reads.values()]).toEqual([1, 1, 1]);
});

it('names an object that no file of its type has', async () => {
  const { source } = pretendSource([['1']]);
  await expect(new LeftRecords(source, () => 'asked-for').find('1', new Set(['2']))).rejects.toThrow(
    'Object 2 stands in the lists of the backup, and in none of the files of its object type 1.',
  );
});
