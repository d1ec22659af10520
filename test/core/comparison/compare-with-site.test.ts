import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssetsSite } from '../../../adapters/atlassian/assets-site.ts';
import {
  type ComparisonProgress,
  compareWithSite,
  type SeenObject,
} from '../../../core/comparison/compare-with-site.ts';
import { ExpectedObjects } from '../../../core/comparison/expected-objects.ts';
import { comparableValues, kindsOf, objectDigest } from '../../../core/comparison/object-values.ts';
import { idOf, type ObjectTypeId } from '../../../core/model/ids.ts';
import type { AssetsReader } from '../../../core/ports/assets-reader.ts';
import type { AttributeKind } from '../../../core/reading/attribute-kinds.ts';
import { randomSite } from '../../../simulator/seeds/random-site.ts';
import type { StoredObject } from '../../../simulator/site/records.ts';
import type { SimulatedSite } from '../../../simulator/site/simulated-site.ts';
import { type Simulator, startSimulator } from '../../../simulator/start-simulator.ts';
import { ample, loginSettings, RecordingReporter } from '../../adapters/atlassian/test-site.ts';
import { VirtualClock } from '../../virtual-clock.ts';

async function readerOf({ url, credentials }: Simulator): Promise<AssetsReader> {
  const settings = loginSettings({ siteName: url, apiUrl: url, ...credentials });
  const site = createAssetsSite({
    settings,
    clock: new VirtualClock({ runs: true }),
    reporter: new RecordingReporter(),
  });
  return site.reader(await site.discover(), ample);
}

/** What is expected of a site as it is now: all of its objects, as an object's number its place. */
interface Left {
  readonly typeIds: readonly string[];
  readonly kinds: Map<string, AttributeKind | undefined>;
  readonly objects: readonly (readonly [id: string, digest: string])[];
}

async function leftOf(reader: AssetsReader, site: SimulatedSite): Promise<Left> {
  const typeIds = [...site.types.keys()].map(String);
  const kinds = new Map<string, AttributeKind | undefined>();
  for (const id of typeIds) {
    for (const [attribute, of] of kindsOf(await reader.attributes(id as ObjectTypeId))) kinds.set(attribute, of);
  }
  const objects = [];
  for (const { id } of site.objects.all()) {
    const object = await reader.object(String(id) as ReturnType<typeof idOf<'object'>>);
    if (object) objects.push([idOf(object) as string, objectDigest(comparableValues(object, kinds))] as const);
  }
  return { typeIds, kinds, objects };
}

/** All that a comparison tells, each time with a fresh memory but for what was handed back. */
async function compared(reader: AssetsReader, { typeIds, kinds, objects }: Left, pagesEach: number, proves = true) {
  const seen: Pick<SeenObject, 'typeId' | 'number' | 'seen'>[] = [];
  const types: [string, readonly string[], boolean][] = [];
  let progress: ComparisonProgress | null = null;
  let calls = 0;
  let pages = 0;
  for (;;) {
    const expected = new ExpectedObjects(objects.length);
    for (const [number, [id, digest]] of objects.entries()) expected.expect(number, id, digest);
    let begun = 0;
    progress = await compareWithSite(
      reader,
      {
        ...{ typeIds, kinds, expected, proves },
        onObject: ({ object, typeId, number, seen: what }) =>
          seen.push({ typeId, number, seen: what, ...(number === undefined && { id: idOf(object) }) }),
        afterPage: async () => {
          pages += 1;
        },
        onType: async (id, ids, isProven) => {
          types.push([id, ids, isProven]);
        },
      },
      JSON.parse(JSON.stringify(progress)) as ComparisonProgress | null,
      () => {
        begun += 1;
        return begun <= pagesEach;
      },
    );
    calls += 1;
    if (!progress) {
      const sight = Object.fromEntries(objects.map(([id]) => [id, expected.seen(id)]));
      return { calls, found: { seen, types, sight, pages } };
    }
  }
}

type Deed = 'delete' | 'lose a value' | 'leave' | 'double';

/** What people do to a site meanwhile: to each object by its place, and so many new ones. */
function change(site: SimulatedSite, deeds: readonly Deed[], fresh: number): void {
  const all = [...site.objects.all()];
  for (const [index, object] of all.entries()) {
    const deed = deeds[index % deeds.length];
    if (deed === 'delete') site.deleteObject(object);
    if (deed === 'lose a value') site.objects.setValues(object, new Map([...object.values].slice(0, -1)));
    if (deed === 'double') site.objects.setValues(object, new Map(firstDoubled(object)));
  }
  const [type] = all.map(({ typeId }) => site.type(typeId));
  for (let number = 0; type && number < fresh; number += 1) site.addObject({ type, name: `fresh ${number}` });
}

const firstDoubled = ({ values }: StoredObject) =>
  [...values].map(([id, texts], index) => [id, index === 0 ? [...texts, ...texts] : texts] as [number, string[]]);

/** The values that an answer shows: what refers to an object that is gone is not shown. */
function shownValues(site: SimulatedSite): Map<string, string> {
  const isGone = (attribute: number, text: string) =>
    site.attribute(attribute).kind === 'reference' && !site.objects.get(Number(text));
  return new Map(
    [...site.objects.all()].map(({ id, values }) => [
      String(id),
      JSON.stringify(
        [...values]
          .map(
            ([attribute, texts]) => [attribute, texts.filter((text) => !isGone(attribute, text)).toSorted()] as const,
          )
          .filter(([, texts]) => texts.length > 0)
          .toSorted(([a], [b]) => a - b),
      ),
    ]),
  );
}

describe('a comparison with a site', () => {
  const sites = fc.record({
    seed: fc.nat({ max: 10_000 }),
    size: fc.integer({ min: 1, max: 30 }),
    deeds: fc.array(fc.constantFrom<Deed>('delete', 'lose a value', 'leave', 'double'), { minLength: 1, maxLength: 7 }),
    fresh: fc.nat({ max: 4 }),
    maxPageSize: fc.integer({ min: 2, max: 6 }),
    pagesEach: fc.integer({ min: 1, max: 3 }),
  });

  it('tells what is gone, what is alike, what is not and what is new; handed back after every page as in one go', async () => {
    const verdicts = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(sites, async ({ seed, size, deeds, fresh, maxPageSize, pagesEach }) => {
        const site = randomSite(seed, size);
        const simulator = await startSimulator({ site, quirks: { maxPageSize } });
        try {
          const reader = await readerOf(simulator);
          const left = await leftOf(reader, site);
          const before = shownValues(site);
          change(site, deeds, fresh);
          const whole = await compared(reader, left, Number.POSITIVE_INFINITY);
          const cut = await compared(reader, left, pagesEach);
          expect(cut.found).toEqual(whole.found);
          expect(whole.calls).toBe(1);
          expect(cut.calls).toBe(Math.max(1, Math.ceil(whole.found.pages / pagesEach)));

          const now = shownValues(site);
          const wanted = left.objects.map(([id]) => {
            if (!now.has(id)) return [id, 'unseen'];
            return [id, now.get(id) === before.get(id) ? 'equal' : 'differs'];
          });
          expect(whole.found.sight).toEqual(Object.fromEntries(wanted));
          const strangers = whole.found.seen.filter(({ number }) => number === undefined);
          expect(strangers).toHaveLength([...now.keys()].filter((id) => !before.has(id)).length);
          expect(whole.found.types.flatMap(([, ids]) => ids).toSorted()).toEqual([...now.keys()].toSorted());
          expect(whole.found.types.map(([id]) => id)).toEqual(left.typeIds);
          for (const [, verdict] of wanted) verdicts.add(verdict);
        } finally {
          await simulator.close();
        }
      }),
      { numRuns: 25 },
    );
    expect(verdicts).toEqual(new Set(['unseen', 'equal', 'differs']));
  });
});
