import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyExistsError, MissingKeyError } from '../../core/errors.ts';
import type { BackupStore } from '../../core/ports/backup-store.ts';
import { sideBySide } from '../../core/side-by-side.ts';
import {
  bytesOf,
  collected,
  inFlight,
  joined,
  keysInOrder,
  noise,
  oddKeys,
  type StorePlace,
  times,
} from './store-place.ts';

/** What every adapter of the BackupStore port promises. `makePlace` gives a new, empty place for each test. */
export function describeBackupStore(name: string, makePlace: () => Promise<StorePlace<BackupStore>>): void {
  describe(`backup store: ${name}`, () => {
    let place: StorePlace<BackupStore>;
    let store: BackupStore;

    beforeEach(async () => {
      place = await makePlace();
      store = place.open();
    });
    afterEach(async () => {
      await place.dispose?.();
    });

    test('gives back the bytes that were created', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);

      await store.create('2026-11-23_02-00-00/manifest.json', bytes);

      expect(equal(await store.read('2026-11-23_02-00-00/manifest.json'), bytes)).toBe(true);
    });

    test('takes what has more bytes than are asked for to be no file, and says how many they are', async () => {
      await store.create('b/file', bytesOf('12345'));

      expect(textOf(await store.read('b/file', 5))).toBe('12345');
      await expect(store.read('b/file', 4)).rejects.toMatchObject({
        name: 'MissingKeyError',
        problem: 'is 5 bytes of something else, where a file should be',
      });
    });

    test('shows a new file to another client at once', async () => {
      const other = place.open();

      await store.create('b/file', bytesOf('new'));

      expect(textOf(await other.read('b/file'))).toBe('new');
      expect(await collected(other.list(''))).toEqual([{ key: 'b/file', bytes: 3 }]);
    });

    test('refuses a key that exists, and leaves the old bytes', async () => {
      await store.create('b/file', bytesOf('old'));

      const second = store.create('b/file', bytesOf('another, longer text'));

      await expect(second).rejects.toThrow(KeyExistsError);
      await expect(second).rejects.toThrow(/b\/file/);
      await expect(place.open().create('b/file', bytesOf('old'))).rejects.toThrow(KeyExistsError);
      expect(textOf(await store.read('b/file'))).toBe('old');
    });

    test('lets exactly one of 20 win who create a key at once', async () => {
      const clients = [store, place.open()];

      const outcomes = await Promise.allSettled(
        times(20, (writer) => (clients[writer % 2] ?? store).create('b/file', bytesOf(`writer ${writer}`))),
      );

      const winners = outcomes.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []));
      const losses = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [nameOf(outcome.reason)] : []));
      expect(winners).toHaveLength(1);
      expect(losses).toEqual(times(19, () => 'KeyExistsError'));
      expect(textOf(await store.read('b/file'))).toBe(`writer ${winners[0]}`);
    });

    test('writes many files at once', async () => {
      await Promise.all(times(300, (index) => store.create(`b/${index}`, bytesOf(`file ${index}`))));

      const texts = await Promise.all(times(300, async (index) => textOf(await store.read(`b/${index}`))));
      expect(texts).toEqual(times(300, (index) => `file ${index}`));
    });

    test('writes a piece of a larger buffer as that piece only', async () => {
      const shared = bytesOf('a piece of a larger buffer');

      await store.create('b/piece', shared.subarray(2, 7));
      shared.fill(0);

      expect(textOf(await store.read('b/piece'))).toBe('piece');
    });

    test('takes an empty file for a file, not for a missing one', async () => {
      await store.create('b/empty', new Uint8Array());

      expect((await store.read('b/empty')).byteLength).toBe(0);
      expect(joined(await collected(store.stream('b/empty'))).byteLength).toBe(0);
      expect(await collected(store.list('b/'))).toEqual([{ key: 'b/empty', bytes: 0 }]);
      await expect(store.create('b/empty', bytesOf('full'))).rejects.toThrow(KeyExistsError);
    });

    test('keeps a large file whole, and streams what it reads', async () => {
      const bytes = noise(8 * 1024 * 1024 + 1);
      await store.create('b/large', bytes);

      const read = await store.read('b/large');
      const pieces = await collected(store.stream('b/large'));

      expect(equal(read, bytes)).toBe(true);
      expect(equal(joined(pieces), bytes)).toBe(true);
      expect(pieces.length).toBeGreaterThan(1);
      expect(await collected(store.list('b/large'))).toEqual([{ key: 'b/large', bytes: bytes.byteLength }]);
    });

    test('can be streamed again and again by those who stop early', async () => {
      const bytes = noise(1024 * 1024);
      await store.create('b/large', bytes);

      for (let round = 0; round < 200; round += 1) {
        for await (const piece of store.stream('b/large')) {
          expect(equal(piece, bytes.subarray(0, piece.byteLength))).toBe(true);
          break;
        }
      }

      expect(equal(joined(await collected(store.stream('b/large'))), bytes)).toBe(true);
    });

    test('says of a missing key which one it is', async () => {
      await store.create('b/file', bytesOf('a file'));

      for (const key of ['b/other', 'b/fil', 'b/file2', 'b', 'b/file/below', 'c/file']) {
        await expect(store.read(key)).rejects.toThrow(MissingKeyError);
        await expect(store.read(key)).rejects.toThrow(key);
        await expect(collected(store.stream(key))).rejects.toThrow(MissingKeyError);
      }
    });

    test('says only when asked for the first piece that a key is missing', async () => {
      const stream = store.stream('b/missing')[Symbol.asyncIterator]();

      await expect(stream.next()).rejects.toThrow(MissingKeyError);
    });

    test.each(oddKeys)('knows the odd key %j again', async (key) => {
      await store.create(key, bytesOf(`the text of ${key}`));

      expect(textOf(await store.read(key))).toBe(`the text of ${key}`);
      expect((await collected(store.list('odd/'))).map((found) => found.key)).toEqual([key]);
      expect((await collected(store.list(key))).map((found) => found.key)).toEqual([key]);
      await expect(store.create(key, bytesOf('again'))).rejects.toThrow(KeyExistsError);
    });

    test('does not take one odd key for another', async () => {
      for (const key of oddKeys) await store.create(key, bytesOf(key));

      const texts = await Promise.all(oddKeys.map(async (key) => textOf(await store.read(key))));
      expect(texts).toEqual(oddKeys);
      expect((await collected(store.list(''))).map(({ key }) => key)).toEqual(inUtf8Order(oddKeys));
    });

    test('lists in the order of UTF-8 bytes', async () => {
      await Promise.all(keysInOrder.toReversed().map((key) => store.create(key, bytesOf(key))));

      const listed = await collected(store.list('order/'));

      expect(listed.map(({ key }) => key)).toEqual(keysInOrder);
    });

    test('lists by a prefix wherever it ends', async () => {
      const keys = ['b/FAC/1', 'b/FAC/10', 'b/FAC/2', 'b/FACTS/1', 'b/USERS/1', 'c/FAC/1'];
      for (const key of keys) await store.create(key, bytesOf(key));

      const listed = async (prefix: string) => (await collected(store.list(prefix))).map(({ key }) => key);

      expect(await listed('')).toEqual(keys);
      expect(await listed('b')).toEqual(keys.slice(0, 5));
      expect(await listed('b/')).toEqual(keys.slice(0, 5));
      expect(await listed('b/FAC')).toEqual(keys.slice(0, 4));
      expect(await listed('b/FAC/')).toEqual(keys.slice(0, 3));
      expect(await listed('b/FAC/1')).toEqual(keys.slice(0, 2));
      expect(await listed('b/FAC/10')).toEqual(['b/FAC/10']);
      expect(await listed('b/FAC/10/')).toEqual([]);
      expect(await listed('b/fac')).toEqual([]);
      expect(await listed('d/')).toEqual([]);
    });

    test('lists more than a page of S3, each key once', async () => {
      const keys = times(1_005, (index) => `b/${String(index).padStart(4, '0')}`);
      await sideBySide(keys, inFlight, async (key) => {
        await store.create(key, bytesOf('x'));
      });

      const listed = await collected(store.list('b/'));

      expect(listed).toEqual(keys.map((key) => ({ key, bytes: 1 })));
    });

    test('may be stopped in the middle of a listing', async () => {
      for (const key of ['b/1', 'b/2', 'b/3']) await store.create(key, bytesOf(key));

      const first: string[] = [];
      for await (const { key } of store.list('b/')) {
        first.push(key);
        break;
      }

      expect(first).toEqual(['b/1']);
    });

    test('is empty at the beginning', async () => {
      expect(await collected(store.list(''))).toEqual([]);
      expect(await collected(store.folders())).toEqual([]);
      await expect(store.read('b/file')).rejects.toThrow(MissingKeyError);
    });

    test('names its folders once each, and no files at the top', async () => {
      const names = ['2026-11-23_02-00-00', '2026-11-24_02-00-00', 'odd & name'];
      for (const name of names) {
        await store.create(`${name}/manifest.json`, bytesOf('{}'));
        await store.create(`${name}/FAC/config/objectschema.json`, bytesOf('{}'));
      }
      await store.create('file-at-the-top', bytesOf('not a backup'));

      expect((await collected(store.folders())).sort()).toEqual(names);
    });
  });
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  // Of 8 MB vitest's own comparison takes seconds.
  return Buffer.compare(left, right) === 0;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

function inUtf8Order(keys: readonly string[]): string[] {
  return keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}
