import type { WorkStore } from '../../ports/work-store.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { writeJson } from '../../work-store/json-file.ts';
import type { ReusedObject } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { ObjectDecision } from './plan-objects.ts';

const reusedAPart = 20_000;

/** Lists the objects that are on the target already; gives the number of files. */
export async function writeReused(
  work: WorkStore,
  keys: RestoreKeys,
  { scan, decisions }: { scan: StoredObjects; decisions: readonly (ObjectDecision | undefined)[] },
): Promise<number> {
  let part: ReusedObject[] = [];
  let parts = 0;
  const flush = async () => {
    if (part.length === 0) return;
    await writeJson(work, keys.reused(parts), part);
    parts += 1;
    part = [];
  };
  for (const [number, decision] of decisions.entries()) {
    if (!decision?.target) continue;
    const { id, key, isOwn } = decision.target;
    const { action, refersBy } = decision;
    part.push({
      source: scan.ids[number] ?? '',
      target: id,
      key,
      ...(isOwn && { isOwn }),
      ...(action === 'update' && { isUpdated: true }),
      ...(refersBy && { refersBy }),
    });
    if (part.length === reusedAPart) await flush();
  }
  await flush();
  return parts;
}
