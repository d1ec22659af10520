import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityFileKinds } from '../../core/model/activity.ts';
import { emptySiteLike } from '../../simulator/seeds/empty.ts';
import { randomSite } from '../../simulator/seeds/random-site.ts';
import type { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { compareSites } from './equal-sites.ts';
import { backUp, testDirectory } from './local-run.ts';
import { type FinishedRestore, restore } from './restore-run.ts';

/** Three files share the cases. `npm run test:deep` runs 10,000, from another start each time; `npm test` the same 300 always. */
const parts = 3;
const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const cases = isDeep ? 10_000 : 300;
const clones = isDeep ? 1_000 : 30;
const hours = 3_600_000;

/** Site seeds and sizes; the size is about the number of objects. */
const site = fc.record({ seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }), size: fc.integer({ min: 1, max: 45 }) });

/** What no restore can write, by the documentation: announced, and no loss of content. */
const isUnwritable = ({ reason }: { reason: string }) => reason.includes('the API lets nobody set');

function expectProven(restored: FinishedRestore): void {
  expect(restored.error).toBeUndefined();
  expect(restored.report?.differences).toEqual([]);
  expect(restored.report?.losses.filter((loss) => !isUnwritable(loss))).toEqual([]);
}

/** In either layout of activity: by which, the seed says. */
async function backUpOnce(source: SimulatedSite, directory: string, seed: number): Promise<string> {
  const activityFiles = activityFileKinds[seed % activityFileKinds.length];
  writeFileSync(join(directory, 'settings.json'), JSON.stringify({ activityFiles }));
  const simulator = await startSimulator({ site: source });
  try {
    const run = await backUp(simulator, { directory });
    expect(run.result?.status).toBe('complete');
    return run.result?.backup ?? '';
  } finally {
    await simulator.close();
  }
}

export function describeRoundTrip(part: number): void {
  const runs = (total: number) => ({
    numRuns: Math.ceil(total / parts),
    ...(!isDeep && { seed: 20261124 + part }),
  });

  describe('a random site', () => {
    it(
      `that is backed up and restored to an empty site is equal, modulo ids, keys and times (part ${part})`,
      async () => {
        const property = fc.asyncProperty(site, async ({ seed, size }) => {
          const source = randomSite(seed, size);
          const directory = testDirectory();
          const folder = await backUpOnce(source, directory, seed);
          const target = emptySiteLike(source);
          const simulator = await startSimulator({ site: target });
          const restored = await restore(simulator, directory, { folder }).finally(() => simulator.close());
          expectProven(restored);
          expect(compareSites(source, target, { objects: restored.objects, history: true })).toEqual([]);
        });
        await fc.assert(property, runs(cases));
      },
      12 * hours,
    );

    it(
      `that is cloned beside itself under other keys is equal, and untouched (part ${part})`,
      async () => {
        const property = fc.asyncProperty(site, async ({ seed, size }) => {
          const source = randomSite(seed, size);
          const directory = testDirectory();
          const folder = await backUpOnce(source, directory, seed);
          const keys = [...source.schemas.values()].filter(({ canManage }) => canManage).map(({ key }) => key);
          const itself = new Map(source.objects.all().map(({ id }) => [id, id]));
          const objectSchemas = keys.map((key) => ({
            oldObjectSchemaKey: key,
            newObjectSchemaKey: `C${key}`,
          }));
          const simulator = await startSimulator({ site: source });
          const restored = await restore(simulator, directory, { folder, objectSchemas }).finally(() =>
            simulator.close(),
          );
          expectProven(restored);
          const original = randomSite(seed, size);
          const schemas = new Map(keys.map((key) => [key, `C${key}`]));
          expect(compareSites(original, source, { objects: restored.objects, schemas, history: true })).toEqual([]);
          expect(compareSites(original, source, { objects: itself })).toEqual([]);
        });
        await fc.assert(property, runs(clones));
      },
      3 * hours,
    );
  });
}
