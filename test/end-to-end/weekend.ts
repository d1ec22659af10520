import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import { fingerprint } from '../../simulator/site/fingerprint.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { backUp, HurriedClock, testDirectory } from './local-run.ts';
import { type FinishedRestore, restore } from './restore-run.ts';
import { type Deed, type DeedKind, doDeed } from './weekend-deeds.ts';
import { snapshotOf, WeekendModel } from './weekend-model.ts';

/** What happens: somebody does something, or restores some of the types. */
export type WeekendEvent = Deed | { readonly kind: 'restore'; readonly types: number };

export interface Weekend {
  readonly seed: number;
  readonly size: number;
  readonly events: readonly WeekendEvent[];
}

const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const hour = 3_600_000;

/** Backs a site up, lets the weekend pass, restores all of it twice; gives what is not as it should be. */
export async function liveThrough({ seed, size, events }: Weekend): Promise<string[]> {
  const site = randomSite(seed, size);
  freeReferences(site);
  const clock = new HurriedClock();
  const simulator = await startSimulator({ site, clock });
  try {
    const { directory, result } = await backUp(simulator, { directory: testDirectory(), clock });
    const model = new WeekendModel(site);
    await clock.sleep(hour / 6);
    const run = async (types: readonly string[]) => {
      const before = snapshotOf(site);
      const input = { folder: result?.backup ?? '', processHistory: false, include: { objectTypes: types } };
      const restored = await restore(simulator, directory, input, { clock });
      const { error, report, objects } = restored;
      const wrong = model.check(before, { objects, isWhole: types.length === 0 });
      if (error || !report) wrong.push(`it ended with ${error ?? restored.result?.message}`);
      for (const { where, what } of report?.differences ?? [])
        wrong.push(`it tells of a difference: ${where}, ${what}`);
      return { restored, wrong };
    };

    for (const [number, event] of events.entries()) {
      if (event.kind !== 'restore') {
        doDeed({ site, model, deed: event, number });
        continue;
      }
      const all = [...site.types.keys()].map(String);
      const chosen = all.filter((_, index) => (event.types >> (index % 8)) % 2 === 1);
      const { wrong } = await run(chosen.length > 0 ? chosen : all.slice(0, 1));
      if (wrong.length > 0) return [`restore ${number}`, ...wrong];
    }

    const first = await run([]);
    const after = fingerprint(site);
    const written = simulator.requests.writes.length;
    const second = await run([]);
    // Whoever changes values or moves an object may make it impossible to bring a link back; no new name does.
    const isPure = events.every(({ kind }) => !['edit', 'unlink', 'move'].includes(kind));
    const lost = lossesOf(first.restored);
    return [
      ...first.wrong,
      ...(isPure ? lost.map((loss) => `nothing had to be lost: ${loss}`) : []),
      ...second.wrong.map((what) => `the second time: ${what}`),
      ...difference(lost, lossesOf(second.restored)),
      ...(fingerprint(site) === after ? [] : ['the second time changed the site']),
      ...(lost.length > 0
        ? []
        : simulator.requests.writes.slice(written).map(({ path }) => `the second time wrote to ${path}`)),
    ];
  } finally {
    await simulator.close();
  }
}

/** A required reference into a circle cannot be written again where its attribute is there with its demands. */
function freeReferences(site: SimulatedSite): void {
  for (const attribute of site.attributes.values())
    if (attribute.kind === 'reference') attribute.minimumCardinality = 0;
  site.configurationChanged();
}

function lossesOf({ report }: FinishedRestore): string[] {
  // What no restore can write, by the documentation, is announced each time and is no loss of content.
  return (report?.losses ?? [])
    .filter(({ reason }) => !reason.includes('the API lets nobody set'))
    .map(({ kind, source, attribute, values, reason }) => `${kind} ${source} ${attribute} ${values}: ${reason}`)
    .sort();
}

function difference(first: readonly string[], second: readonly string[]): string[] {
  return [
    ...first
      .filter((loss) => !second.includes(loss))
      .map((loss) => `the second time does not tell of the loss ${loss}`),
    ...second.filter((loss) => !first.includes(loss)).map((loss) => `the second time tells of the loss ${loss} too`),
  ];
}

const number = fc.nat(10_000);

const deed = (kinds: readonly DeedKind[]): fc.Arbitrary<WeekendEvent> =>
  fc.record({ kind: fc.constantFrom(...kinds), which: number, other: number });

const partialRestore: fc.Arbitrary<WeekendEvent> = fc.record({
  kind: fc.constant('restore' as const),
  types: fc.integer({ min: 1, max: 255 }),
});

export interface WeekendKind {
  readonly name: string;
  readonly deeds: readonly DeedKind[];
  readonly hasPartialRestores: boolean;
  /** Of `npm test`; `npm run test:deep` runs 25 times as many, from another start each time. */
  readonly cases: number;
}

/** At most 40 objects, so that additions leave room for them. */
function weekends({ deeds, hasPartialRestores }: WeekendKind): fc.Arbitrary<Weekend> {
  const deletion = deed(['delete']);
  const event = hasPartialRestores
    ? fc.oneof(
        { weight: 3, arbitrary: deletion },
        { weight: 3, arbitrary: deed(deeds) },
        { weight: 2, arbitrary: partialRestore },
      )
    : fc.oneof(deletion, deed(deeds));
  return fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    size: fc.integer({ min: 3, max: 28 }),
    events: fc.array(event, { minLength: 3, maxLength: 12 }),
  });
}

export function describeWeekend(kind: WeekendKind): void {
  describe('a weekend in place, and a restore', () => {
    it(
      `${kind.name}: what was deleted is back, what people did stands, and once more is not told otherwise`,
      async () => {
        const property = fc.asyncProperty(weekends(kind), async (weekend) => {
          expect(await liveThrough(weekend)).toEqual([]);
        });
        const numRuns = isDeep ? 25 * kind.cases : kind.cases;
        await fc.assert(property, { numRuns, ...(!isDeep && { seed: 20261128, endOnFailure: true }) });
      },
      12 * hour,
    );
  });
}
