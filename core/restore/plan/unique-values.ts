import { comparable } from '../../comparison/spellings.ts';
import { recordsOf, textOf } from '../../model/json.ts';
import type { BackupSource } from '../../reading/backup-source.ts';
import type { LiveConfiguration } from '../../reading/live-configuration.ts';
import type { StoredObjects } from '../../reading/stored-objects.ts';
import { idsIn } from '../../reading/value.ts';
import type { ConfigurationPlan } from '../plan-files.ts';

/**
 * Values by which an object may be found in a schema that exists: those of attributes that are unique on both sides. By the
 * object's number: the attribute's id on the target, and the value in the spelling by which values are compared.
 */
export async function uniqueValues(
  source: BackupSource,
  { plan, scan, target }: { plan: ConfigurationPlan; scan: StoredObjects; target: LiveConfiguration },
): Promise<ReadonlyMap<number, readonly (readonly [string, string])[]>> {
  const found = new Map<number, (readonly [string, string])[]>();
  const unique = uniqueAttributes(plan, target);
  const attributes = new Map(
    plan.attributes
      .filter(({ target: id }) => id !== undefined && unique.has(id))
      .map((attribute) => [attribute.source, attribute]),
  );
  if (attributes.size === 0) return found;
  for (const shard of scan.shards) {
    for (const object of await source.objects(shard.file)) {
      const number = scan.numberOf.get(String(object.id));
      for (const entry of recordsOf(object.attributes)) {
        const { kind, target: id } = attributes.get(textOf(entry.objectTypeAttributeId) ?? '') ?? {};
        if (number === undefined || !kind || id === undefined) continue;
        const values = idsIn(entry, kind).map((text) => [id, comparable(text, kind)] as const);
        found.set(number, [...(found.get(number) ?? []), ...values]);
      }
    }
  }
  return found;
}

/** Ids of the target's attributes that are unique on both sides. */
export function uniqueAttributes({ attributes }: ConfigurationPlan, target: LiveConfiguration): Set<string> {
  const types = [...target.existing.values()].flatMap((schema) => schema.types);
  const there = new Set(
    types.flatMap((type) =>
      type.attributes.filter(({ uniqueAttribute }) => uniqueAttribute === true).map(({ id }) => String(id)),
    ),
  );
  return new Set(
    attributes.flatMap(({ target: id, restrictions }) =>
      restrictions.uniqueAttribute && id !== undefined && there.has(id) ? [id] : [],
    ),
  );
}
