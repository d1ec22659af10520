import { divideBudget } from '../model/request-budget.ts';
import type { Run } from '../model/run.ts';
import type { Services } from '../ports/services.ts';
import type { WorkStore } from '../ports/work-store.ts';
import { checkSiteLock } from '../runs/site-lock.ts';
import { needJson, readJson, writeItems } from '../work-store/json-file.ts';
import { failureLimit } from './gaps.ts';
import {
  type BackupPlan,
  type ConfigurationRecord,
  type TypeBatch,
  type TypeToExport,
  workKeys,
} from './work-files.ts';

/** Batches for each worker: enough that none ends long before the others. */
const batchesPerSlot = 4;
/** A batch travels through state (256 KiB): at some 600 bytes a type this is a quarter of it. */
const mostTypes = 100;
const mostObjects = 20_000;

/** Cuts all types of all schemas into batches for the map "Export objects"; large types are batches of their own. */
export async function planObjects(
  services: Services,
  { run }: { run: Run },
): Promise<{ count: number; key: string; slots: number }> {
  const { work, reporter, budget, concurrency } = services;
  await checkSiteLock(services, run);
  const keys = workKeys(run.backup);
  const types = await plannedTypes(work, run.backup);
  const objects = types.reduce((sum, type) => sum + type.objectCount, 0);
  const batchTypes = cutBatches(types, objects, concurrency.objects);
  // A worker with nothing to do would keep its share of the budget from the others.
  const slots = Math.max(1, Math.min(concurrency.objects, batchTypes.length));
  const batches = batchTypes.map(
    (batch, index): TypeBatch => ({
      number: index + 1,
      types: batch,
      budget: divideBudget(budget, slots),
      failureLimit: failureLimit(types.length),
    }),
  );
  await writeItems(work, keys.objectBatches, batches);
  reporter.planned('objects', objects);
  return { count: batches.length, key: keys.objectBatches, slots };
}

/** Every type of every planned schema whose configuration could be read. */
export async function plannedTypes(work: WorkStore, backup: string): Promise<TypeToExport[]> {
  const keys = workKeys(backup);
  const types: TypeToExport[] = [];
  for (const schema of (await needJson<BackupPlan>(work, keys.plan)).schemas) {
    const record = await readJson<ConfigurationRecord>(work, keys.configuration(schema.id));
    for (const type of record?.objectTypes ?? []) types.push({ ...type, schema });
  }
  return types;
}

/** Largest first, so that no worker starts a large type when the others are about to end. */
export function cutBatches(types: readonly TypeToExport[], objects: number, slots: number): TypeToExport[][] {
  const wanted = Math.min(mostObjects, Math.ceil(objects / (slots * batchesPerSlot)));
  const batches: TypeToExport[][] = [];
  let room = 0;
  for (const type of types.toSorted((a, b) => b.objectCount - a.objectCount)) {
    const batch = batches.at(-1);
    if (batch && batch.length < mostTypes && type.objectCount <= room) batch.push(type);
    else {
      batches.push([type]);
      room = wanted;
    }
    room -= type.objectCount;
  }
  return batches;
}
