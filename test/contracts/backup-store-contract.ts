import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../core/backup-format/manifest.ts';
import { ChangedFileError, KeyExistsError, MissingKeyError } from '../../core/errors.ts';
import type { BackupStore, FileToCopy } from '../../core/ports/backup-store.ts';
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

/**
 * What every adapter of the BackupStore port promises. `makePlace` gives a new, empty place for each test.
 * @param copiesAreConditional false: of an emulator, whose copies go over whatever is there
 */
export function describeBackupStore(
  name: string,
  makePlace: () => Promise<StorePlace<BackupStore>>,
  { copiesAreConditional = true } = {},
): void {
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

    test('gives some bytes of a file, and fewer where it ends', async () => {
      const bytes = noise(600_000);
      await store.create('b/large', bytes);
      await store.create('b/empty', new Uint8Array());

      for (const [from, count] of [
        ...[
          [0, 1],
          [0, 600_000],
          [0, 700_000],
          [1, 2],
          [262_143, 3],
          [599_999, 1],
        ],
        ...[
          [599_999, 5],
          [600_000, 1],
          [700_000, 10],
          [5, 0],
        ],
      ] as const) {
        const part = await store.readPart?.('b/large', from, count);
        expect(equal(part ?? bytes, bytes.subarray(from, from + count)), `${count} from ${from}`).toBe(true);
      }
      expect((await store.readPart?.('b/empty', 0, 5))?.byteLength).toBe(0);
      for (const key of ['b/other', 'b', 'b/large/below'])
        await expect(store.readPart?.(key, 0, 1)).rejects.toThrow(MissingKeyError);
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

    test.each([
      ['a text', bytesOf('what was read last night')],
      ['an empty file', new Uint8Array()],
      ['a large file', noise(8 * 1024 * 1024 + 1)],
    ])('copies %s, and leaves it where it was', async (_, bytes) => {
      const from = await created(store, 'old/file', bytes);

      await store.copy(from, 'new/deeper/copy');

      for (const key of ['old/file', 'new/deeper/copy']) expect(equal(await place.open().read(key), bytes)).toBe(true);
      expect(await collected(store.list('new/'))).toEqual([{ key: 'new/deeper/copy', bytes: bytes.byteLength }]);
    });

    test('copies a copy', async () => {
      const from = await created(store, 'first/file', bytesOf('the same every night'));

      await store.copy(from, 'second/file');
      await place.open().copy({ ...from, key: 'second/file' }, 'third/file');

      expect(textOf(await store.read('third/file'))).toBe('the same every night');
    });

    test('copies many files at once', async () => {
      const files = await Promise.all(times(100, (index) => created(store, `old/${index}`, bytesOf(`file ${index}`))));

      await Promise.all(files.map((file, index) => store.copy(file, `new/${index}`)));

      const texts = await Promise.all(times(100, async (index) => textOf(await store.read(`new/${index}`))));
      expect(texts).toEqual(times(100, (index) => `file ${index}`));
    });

    test('copies from every odd key to every other', async () => {
      const files = await Promise.all(oddKeys.map((key) => created(store, key, bytesOf(`the text of ${key}`))));

      await Promise.all(files.map((file) => store.copy(file, `copies/${file.key}`)));

      const texts = await Promise.all(oddKeys.map(async (key) => textOf(await store.read(`copies/${key}`))));
      expect(texts).toEqual(oddKeys.map((key) => `the text of ${key}`));
    });

    test.runIf(copiesAreConditional)('copies over nothing that is there', async () => {
      const from = await created(store, 'old/file', bytesOf('new'));
      await store.create('new/file', bytesOf('old, and longer'));

      const copy = store.copy(from, 'new/file');

      await expect(copy).rejects.toThrow(KeyExistsError);
      await expect(copy).rejects.toThrow(/new\/file/);
      await expect(store.copy(from, 'old/file')).rejects.toThrow(KeyExistsError);
      expect(textOf(await store.read('new/file'))).toBe('old, and longer');
      expect(textOf(await store.read('old/file'))).toBe('new');
    });

    test.runIf(copiesAreConditional)('lets exactly one of 20 win who copy to a key at once', async () => {
      const clients = [store, place.open()];
      const files = await Promise.all(times(20, (index) => created(store, `old/${index}`, bytesOf(`file ${index}`))));

      const outcomes = await Promise.allSettled(
        files.map((file, index) => (clients[index % 2] ?? store).copy(file, 'new/file')),
      );

      const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
      const losses = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [nameOf(outcome.reason)] : []));
      expect(winners).toHaveLength(1);
      expect(losses).toEqual(times(19, () => 'KeyExistsError'));
      expect(textOf(await store.read('new/file'))).toBe(`file ${winners[0]}`);
    });

    test('copies nothing that is missing, and leaves nothing', async () => {
      const from = await created(store, 'old/file', bytesOf('a file'));

      for (const key of ['old/other', 'old', 'old/file/below', 'older/file']) {
        const copy = store.copy({ ...from, key }, 'new/file');
        await expect(copy).rejects.toThrow(MissingKeyError);
        await expect(copy).rejects.toThrow(key);
      }

      expect(await collected(store.list('new/'))).toEqual([]);
    });

    test('copies nothing that has other bytes than it had, and leaves nothing', async () => {
      const from = await created(store, 'old/file', bytesOf('a file'));

      for (const other of [{ sha256: sha256(bytesOf('b file')) }, { bytes: 5 }, { bytes: 7 }]) {
        const copy = store.copy({ ...from, ...other }, 'new/file');
        await expect(copy).rejects.toThrow(ChangedFileError);
        await expect(copy).rejects.toThrow(/old\/file/);
      }

      expect(await collected(store.list('new/'))).toEqual([]);
      await store.copy(from, 'new/file');
      expect(textOf(await store.read('new/file'))).toBe('a file');
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

async function created(store: BackupStore, key: string, bytes: Uint8Array): Promise<FileToCopy> {
  await store.create(key, bytes);
  return { key, bytes: bytes.byteLength, sha256: sha256(bytes) };
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
