import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compareWithSite, type SeenObject } from '../../../core/comparison/compare-with-site.ts';
import { ExpectedObjects } from '../../../core/comparison/expected-objects.ts';
import { comparableValues, objectDigest } from '../../../core/comparison/object-values.ts';
import type { ApiRecord } from '../../../core/model/json.ts';
import type { AssetsReader, ObjectPageQuery } from '../../../core/ports/assets-reader.ts';
import { defaultKind } from '../../../core/reading/attribute-kinds.ts';

describe('a comparison at 500,000 objects', () => {
  const count = 500_000;
  const [typeId, attributeId] = ['7', '70'];
  const kinds = new Map([[attributeId, { type: 0, defaultTypeId: defaultKind.text }]]);
  const valueLength = 400;
  /** So many different values; each object holds a text of its own. */
  const variety = 1_000;

  const objectAt = (number: number): ApiRecord => ({
    id: String(10_000_000 + number),
    attributes: [
      {
        objectTypeAttributeId: attributeId,
        objectAttributeValues: [{ value: String(number % variety).padEnd(valueLength, '.') }],
      },
    ],
  });
  const pageOf = ({ startAt, maxResults }: ObjectPageQuery) => {
    const size = Math.min(maxResults, count - startAt);
    return {
      objects: Array.from({ length: size }, (_, index) => objectAt(startAt + index)),
      attributes: [],
      isLast: startAt + size === count,
      bytes: 0,
    };
  };
  const endless = {
    objects: async (query: ObjectPageQuery) => pageOf(query),
    countObjects: async () => count,
  } as Partial<AssetsReader> as AssetsReader;

  v8.setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  /** Bytes in use once nothing is left to be collected. */
  const bytesHeld = () => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };

  it('holds ids and digests, and no values', async () => {
    const atFirst = bytesHeld();
    const digests = Array.from({ length: variety }, (_, number) =>
      objectDigest(comparableValues(objectAt(number), kinds)),
    );
    const expected = new ExpectedObjects(count);
    for (let number = 0; number < count; number += 1) {
      expected.expect(number, String(10_000_000 + number), digests[number % variety] ?? '');
    }
    expect(expected.bytes / count).toBeLessThanOrEqual(40);
    const whenExpected = bytesHeld();
    // Nothing but what it says that it holds.
    expect((whenExpected - atFirst - expected.bytes) / count).toBeLessThan(4);

    let pages = 0;
    const measured: number[] = [];
    const tally = { equal: 0, differs: 0, strangers: 0 };
    const comparison = {
      typeIds: [typeId],
      ...{ expected, kinds, proves: true },
      onObject: ({ seen }: SeenObject) => {
        tally[seen ?? 'strangers'] += 1;
      },
      afterPage: async () => {
        pages += 1;
        if (pages === 1_250) measured.push(bytesHeld() - whenExpected);
      },
    };
    let progress = await compareWithSite(endless, comparison, null, () => pages < 1_250);
    expect(tally).toEqual({ equal: 1_250 * 399 + 1, differs: 0, strangers: 0 });
    // The ids of the type that is being read, each with the sweep that saw it.
    const [bytes = Number.NaN] = measured;
    expect(bytes / count).toBeLessThan(valueLength / 4);
    // What one invocation leaves to the next: an id of the type that is being read, and a byte of each object.
    expect(JSON.stringify(progress).length / count).toBeLessThan(20);

    progress = await compareWithSite(endless, comparison, progress, () => true);
    expect(progress).toBeNull();
    expect(tally).toEqual({ equal: count, differs: 0, strangers: 0 });
    // When all is read, nothing is held but what is expected.
    expect((bytesHeld() - whenExpected) / count).toBeLessThan(4);
  }, 300_000);
});
