import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyExistsError, nameOf, VersionConflictError } from '../../core/errors.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';
import { sideBySide } from '../../core/side-by-side.ts';
import { collected, inFlight, keysInOrder, oddKeys, type StorePlace, times } from './store-place.ts';

/** What every adapter of the WorkStore port promises. `makePlace` gives a new, empty place for each test. */
export function describeWorkStore(name: string, makePlace: () => Promise<StorePlace<WorkStore>>): void {
  describe(`work store: ${name}`, () => {
    let place: StorePlace<WorkStore>;
    let store: WorkStore;

    beforeEach(async () => {
      place = await makePlace();
      store = place.open();
    });
    afterEach(async () => {
      await place.dispose?.();
    });

    test('has nothing where nothing was written', async () => {
      expect(await store.read('locks/site')).toBeUndefined();
      expect(await collected(store.list(''))).toEqual([]);
    });

    test('reads what was created, with its version', async () => {
      const version = await store.create('locks/site', 'mine');

      expect(await store.read('locks/site')).toEqual({ text: 'mine', version });
      expect(await place.open().read('locks/site')).toEqual({ text: 'mine', version });
    });

    test('takes an empty text for a text', async () => {
      const version = await store.create('empty', '');

      expect(await store.read('empty')).toEqual({ text: '', version });
      await expect(store.create('empty', 'full')).rejects.toThrow(KeyExistsError);
      expect(await store.replace('empty', 'full', version)).toBe((await store.read('empty'))?.version);
    });

    test.each(['Größe 種類 👩‍🚀', '\ufeffwith a byte order mark', 'a\u0000b', 'line\r\nline\n', 'x'.repeat(300_000)])(
      'gives back the text %#',
      async (text) => {
        await store.write('text', text);

        expect((await store.read('text'))?.text).toBe(text);
      },
    );

    test('writes whatever was there', async () => {
      await store.write('state', 'first');
      const first = await store.read('state');
      await store.write('state', 'second');
      const second = await store.read('state');

      expect([first?.text, second?.text]).toEqual(['first', 'second']);
      expect(first?.version).not.toBe(second?.version);
    });

    test('refuses to create a key that exists, and leaves the old text', async () => {
      await store.create('locks/site', 'old');

      await expect(store.create('locks/site', 'new')).rejects.toThrow(KeyExistsError);
      await expect(store.create('locks/site', 'new')).rejects.toThrow(/locks\/site/);
      expect((await store.read('locks/site'))?.text).toBe('old');
    });

    test('lets exactly one of 20 win who create a key at once', async () => {
      const clients = [store, place.open()];

      const outcomes = await Promise.allSettled(
        times(20, (writer) => (clients[writer % 2] ?? store).create('locks/site', `writer ${writer}`)),
      );

      expect(reasons(outcomes)).toEqual(times(19, () => 'KeyExistsError'));
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect((await store.read('locks/site'))?.text).toBe(`writer ${winner}`);
    });

    test('replaces the version that was read, and gives the next one', async () => {
      const first = await store.create('locks/site', 'one');
      const second = await store.replace('locks/site', 'two', first);
      const third = await store.replace('locks/site', 'three', second);

      expect(new Set([first, second, third]).size).toBe(3);
      expect(await store.read('locks/site')).toEqual({ text: 'three', version: third });
    });

    test('replaces a version that write made', async () => {
      await store.write('locks/site', 'written');
      const read = await store.read('locks/site');

      await store.replace('locks/site', 'replaced', read?.version ?? '');

      expect((await store.read('locks/site'))?.text).toBe('replaced');
    });

    test('refuses to replace what has changed since, and leaves it', async () => {
      const old = await store.create('locks/site', 'one');
      await store.write('locks/site', 'two');

      await expect(store.replace('locks/site', 'three', old)).rejects.toThrow(VersionConflictError);
      await expect(store.replace('locks/site', 'three', old)).rejects.toThrow(/locks\/site/);
      expect((await store.read('locks/site'))?.text).toBe('two');
    });

    test('refuses to replace what is not there, and does not create it', async () => {
      const version = await store.create('other', 'text');

      await expect(store.replace('missing', 'text', version)).rejects.toThrow(VersionConflictError);
      expect(await store.read('missing')).toBeUndefined();
    });

    test('lets exactly one of 20 win who replace a version at once', async () => {
      const version = await store.create('locks/site', 'start');
      const clients = [store, place.open()];

      const outcomes = await Promise.allSettled(
        times(20, (writer) => (clients[writer % 2] ?? store).replace('locks/site', `writer ${writer}`, version)),
      );

      expect(reasons(outcomes)).toEqual(times(19, () => 'VersionConflictError'));
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect((await store.read('locks/site'))?.text).toBe(`writer ${winner}`);
    });

    test('loses no step of those who count by reading and replacing', async () => {
      await store.create('count', '0');

      await Promise.all(times(5, () => countTo(place.open(), 10)));

      expect((await store.read('count'))?.text).toBe('50');
    });

    test('shows a whole text, old or new, while it is replaced', async () => {
      const texts = ['a'.repeat(200_000), 'b'.repeat(100_000)];
      const other = place.open();
      await store.write('state', 'a'.repeat(200_000));

      const writing = (async () => {
        for (let round = 0; round < 30; round += 1) await store.write('state', texts[round % 2] ?? '');
      })();
      const seen = new Set<string | undefined>();
      for (let round = 0; round < 100; round += 1) seen.add((await other.read('state'))?.text);
      await writing;

      expect([...seen].filter((text) => text === undefined || !texts.includes(text))).toEqual([]);
    });

    test('knows odd keys again', async () => {
      for (const key of oddKeys) await store.create(key, key);

      for (const key of oddKeys) expect((await store.read(key))?.text).toBe(key);
      expect(new Set(await collected(store.list('odd/')))).toEqual(new Set(oddKeys));
    });

    test('lists in the order of UTF-8 bytes, by a prefix wherever it ends', async () => {
      for (const key of [...keysInOrder.toReversed(), 'orders', 'other/x']) await store.write(key, '');

      expect(await collected(store.list('order/'))).toEqual(keysInOrder);
      expect(await collected(store.list('order'))).toEqual([...keysInOrder, 'orders']);
      expect(await collected(store.list('order/a'))).toEqual(keysInOrder.filter((key) => key.startsWith('order/a')));
      expect(await collected(store.list('ot'))).toEqual(['other/x']);
      expect(await collected(store.list('x'))).toEqual([]);
    });

    test('lists more than a page of S3, each key once', async () => {
      const keys = times(1_005, (index) => `batches/${String(index).padStart(4, '0')}`);
      await sideBySide(keys, inFlight, async (key) => {
        await store.create(key, '');
      });

      expect(await collected(store.list('batches/'))).toEqual(keys);
    });
  });
}

async function countTo(store: WorkStore, steps: number): Promise<void> {
  for (let done = 0; done < steps; ) {
    const read = await store.read('count');
    if (read === undefined) throw new Error('the count is gone');
    try {
      await store.replace('count', String(Number(read.text) + 1), read.version);
      done += 1;
    } catch (error) {
      if (!(error instanceof VersionConflictError)) throw error;
    }
  }
}

function reasons(outcomes: readonly PromiseSettledResult<unknown>[]): string[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [nameOf(outcome.reason)] : []));
}
