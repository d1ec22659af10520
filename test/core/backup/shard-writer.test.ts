import { expect, it } from 'vitest';
import { mostBytes, ShardWriter } from '../../../core/backup/shard-writer.ts';
import { schemaKeys } from '../../../core/backup-format/keys.ts';
import { StorageError } from '../../../core/errors.ts';
import type { ApiRecord } from '../../../core/model/json.ts';
import type { BackupStore } from '../../../core/ports/backup-store.ts';
import { openLocalStores } from '../../../local/local-stores.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const backup = '2026-11-30_02-00-00';
const type = { id: '7', name: 'Server', objectCount: 3, attributes: null, schema: { id: '1', key: 'S', folder: 'S' } };

/** Objects as they come of a page: the bytes of all of them lie in one buffer. */
function pageOf(ids: readonly string[], label = 'n') {
  const objects = ids.map((id) => ({ id, label, objectKey: `S-${id}`, attributes: [] }) as unknown as ApiRecord);
  const room = new TextEncoder().encode(JSON.stringify(objects));
  let at = 1;
  const received = objects.map((object) => {
    const { length } = JSON.stringify(object);
    at += length + 1;
    return { object, besides: { attributes: [], received: room.subarray(at - length - 1, at - 1) } };
  });
  return { objects, room, received };
}

async function writerOf(change: (backups: BackupStore) => Partial<BackupStore> = () => ({})) {
  const { backups, work } = openLocalStores(testDirectory());
  const store = new Proxy(backups, {
    get: (target, name: keyof BackupStore) => change(target)[name] ?? target[name]?.bind(target),
  });
  const reporter = { event: () => {}, advanced: () => {} } as never;
  const place = { backup, keys: schemaKeys(backup, 'S'), type: type as never, attributes: new Map() };
  return { backups, writer: new ShardWriter({ backups: store, work, reporter }, place) };
}

const textOf = async (backups: BackupStore, key = '') => new TextDecoder().decode(await backups.read(key));

it('stores what was received, then gives it back', async () => {
  const { backups, writer } = await writerOf();
  const [one, two] = [pageOf(['1', '2']), pageOf(['2', '3'])];
  for (const { object, besides } of [...one.received, ...two.received]) writer.take(writer.entryOf(object, besides));
  await writer.flush();
  expect([one.room.length, two.room.length]).toEqual([0, 0]);
  const [meta] = writer.shards.objectsMeta;
  expect(JSON.parse(await textOf(backups, meta))).toEqual([...one.objects, two.objects[1]]);
});

it('keeps what could not be stored until it is', async () => {
  for (const failing of [1, 2]) {
    let calls = 0;
    const { backups, writer } = await writerOf((store) => ({
      create: async (key, bytes) => {
        calls += 1;
        if (calls === failing) throw new StorageError('The disk is full.');
        await store.create(key, bytes);
      },
    }));
    const { objects, room, received } = pageOf(['1', '2', '3']);
    for (const { object, besides } of received) writer.take(writer.entryOf(object, besides));
    await expect(writer.flush()).rejects.toThrow(StorageError);
    expect(room.length).toBeGreaterThan(0);
    await writer.flush();
    expect(writer.shards.strays).toEqual([]);
    expect(JSON.parse(await textOf(backups, writer.shards.objectsMeta[0]))).toEqual(objects);
  }
});

it('counts what waits anew after each shard', async () => {
  const { writer } = await writerOf();
  const bytesOfOne = mostBytes / 8;
  for (const shard of [0, 1, 2]) {
    const ids = Array.from({ length: 8 }, (_, index) => String(10 * shard + index));
    const { received } = pageOf(ids, 'x'.repeat(bytesOfOne));
    for (const [index, { object, besides }] of received.entries()) {
      writer.take(writer.entryOf(object, besides));
      expect(writer.isFull()).toBe(index === 7);
    }
    await writer.flush();
  }
});
