import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verifyBackup } from '../../core/verify/verify-backup.ts';
import { openLocalStores } from '../../local/local-stores.ts';
import { SeededRandom } from '../../simulator/seeds/seeded-random.ts';
import type { ObjectType, StoredObject } from '../../simulator/site/records.ts';
import { SimulatedSite } from '../../simulator/site/simulated-site.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { backUp, RecordingReporter, testClock, testDirectory } from './local-run.ts';

// Twenty changes a second, by the clock of site and product, while a backup asks ten times a second.

/** `npm run test:deep` runs 200, from another start each time; `npm test` the same 10 always. */
const isDeep = process.env.npm_lifecycle_event === 'test:deep';
const changesASecond = 20;
const requestsAMinute = 600;

/** Two schemas of three types, of which each takes several pages. */
function busySite(random: SeededRandom) {
  const site = new SimulatedSite();
  const types = ['ONE', 'TWO'].map((key) => {
    const schema = site.addSchema({ key });
    return ['A', 'B', 'C'].map((name) => site.addType({ schema, name }));
  });
  for (const type of types.flat()) {
    for (let left = random.between(0, 60); left > 0; left -= 1) site.addObject({ type, name: `${type.name} ${left}` });
  }
  return { site, types };
}

/** Somebody who makes, deletes, changes and moves objects, as many as the time that has passed asks for. */
class Somebody {
  readonly #site: SimulatedSite;
  readonly #types: readonly (readonly ObjectType[])[];
  readonly #random: SeededRandom;
  /** Of objects that were there at the beginning. */
  readonly deleted = new Set<number>();
  changes = 0;
  #since: number | undefined;

  constructor(site: SimulatedSite, types: readonly (readonly ObjectType[])[], random: SeededRandom) {
    this.#site = site;
    this.#types = types;
    this.#random = random;
  }

  work(): void {
    this.#since ??= testClock.now();
    for (const due = ((testClock.now() - this.#since) / 1_000) * changesASecond; this.changes < due; this.changes += 1)
      this.#change();
  }

  #change(): void {
    const random = this.#random;
    const types = random.pick(this.#types);
    const objects = [...this.#site.objects.all()];
    const object = objects.length > 0 ? random.pick(objects) : undefined;
    const what = random.between(1, 4);
    if (what === 1 || !object) this.#site.createObject({ type: random.pick(types), name: `new ${this.changes}` });
    else if (what === 2) this.#delete(object);
    else if (what === 3) this.#site.updateObject(object, { Name: [`changed ${this.changes}`] });
    else
      this.#site.moveObject(
        object,
        random.pick(this.#types.find((own) => own.some(({ id }) => id === object.typeId)) ?? types),
      );
  }

  #delete(object: StoredObject): void {
    this.deleted.add(object.id);
    this.#site.deleteObject(object);
  }
}

async function backUpBusySite(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const { site, types } = busySite(random);
  const before = [...site.objects.all()].map(({ id }) => id);
  const keySort = random.pick(['numeric', 'text'] as const);
  const quirks = { maxPageSize: random.between(5, 30), keySort };
  const simulator = await startSimulator({ site, quirks, clock: testClock });
  const somebody = new Somebody(site, types, random);
  simulator.onRequest('*', () => somebody.work());
  const budget = { total: requestsAMinute, byClass: {} };
  const run = await backUp(simulator, {
    directory: testDirectory(),
    activity: false,
    site: { requestBudget: budget },
  }).finally(() => simulator.close());
  expect(run.error).toBeUndefined();
  if (!run.manifest) throw new Error('no manifest');
  expect(run.manifest.gaps).toEqual([]);
  expect(run.result?.status).toBe('complete');
  expect(somebody.changes).toBeGreaterThan(20);

  const { backups } = openLocalStores(run.directory);
  const stored = new Map<string, number>();
  for (const { objectsMeta } of run.manifest.schemas.flatMap(({ objectTypes }) => objectTypes)) {
    for (const key of objectsMeta) {
      for (const { id } of JSON.parse(new TextDecoder().decode(await backups.read(key))) as { id: string }[])
        stored.set(id, (stored.get(id) ?? 0) + 1);
    }
  }
  const lasting = before.filter((id) => !somebody.deleted.has(id)).map(String);
  expect(lasting.filter((id) => !stored.has(id))).toEqual([]);
  expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
  expect(run.manifest.counts.objects).toBe(stored.size);
  const verification = await verifyBackup({ backups, reporter: new RecordingReporter() }, run.manifest.name);
  expect(verification.problems).toEqual([]);
}

it('a site that changes twenty times a second is backed up completely: what lived throughout, once', async () => {
  const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const property = fc.asyncProperty(seeds, backUpBusySite);
  await fc.assert(property, { numRuns: isDeep ? 200 : 10, endOnFailure: true, ...(!isDeep && { seed: 20261129 }) });
}, 3_600_000);
