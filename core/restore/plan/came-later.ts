import type { CameLater, RestoreInclude } from '../../model/restore.ts';
import type { WorkStore } from '../../ports/work-store.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import { workList } from '../../work-store/list-writer.ts';
import { type ConfigurationPlan, schemasWritten } from '../plan-files.ts';
import type { RestoreKeys } from '../restore-keys.ts';
import type { ObjectDecision } from './plan-objects.ts';
import type { NoticedObject } from './target-reading.ts';

interface LaterInput {
  readonly plan: ConfigurationPlan;
  readonly target: LiveConfiguration;
  readonly include: RestoreInclude;
  readonly decisions: readonly (ObjectDecision | undefined)[];
  /** Objects of the target that were made after the backup began. */
  readonly young: readonly NoticedObject[];
}

/** Names the objects of the chosen types that came after the backup, and are none of its objects: they stay. */
export async function writeCameLater(
  work: WorkStore,
  keys: RestoreKeys,
  { plan, target, include, decisions, young }: LaterInput,
): Promise<CameLater> {
  const counterparts = new Set(decisions.flatMap((decision) => decision?.target?.id ?? []));
  const names = namesOfTypes(plan, target, include);
  const lines = workList(work, keys.cameLater);
  const counts = new Map<string, number>();
  let objects = 0;
  for (const { id, key, typeId } of young) {
    const type = names.get(typeId);
    if (type === undefined || counterparts.has(id)) continue;
    objects += 1;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    await lines.add({ target: id, key, type });
  }
  await lines.close();
  const types = [...counts].map(([where, count]) => ({ where, objects: count }));
  return { objects, types: types.toSorted((a, b) => b.objects - a.objects), files: lines.files };
}

/** Of the chosen types of the target by their ids: `ASSETS / Hardware / Laptop`. Also of those that the backup does not have. */
function namesOfTypes(
  plan: ConfigurationPlan,
  { existing }: LiveConfiguration,
  { objectTypes, objects }: RestoreInclude,
): ReadonlyMap<string, string> {
  // Whoever names objects does not ask for others.
  if (objects.length > 0) return new Map();
  const sources = new Map(plan.types.map((type) => [type.target, type]));
  const types = schemasWritten(plan).flatMap(({ key, target }) =>
    (existing.get(target ?? '')?.types ?? []).map((type) => ({ key, type })),
  );
  return new Map(
    types.flatMap(({ key, type: { id, name, path } }) => {
      const { source, name: before } = sources.get(id) ?? {};
      const isChosen = [id, name, source, before].some((text) => text !== undefined && objectTypes.includes(text));
      return objectTypes.length === 0 || isChosen ? [[id, [key, ...path].join(' / ')] as const] : [];
    }),
  );
}
