import type { LiveSchema, LiveType } from '../../reading/live-configuration.ts';
import type { StoredType } from '../../reading/stored-configuration.ts';
import type { PlannedType } from '../plan-files.ts';
import { iconOf } from './plan-icons.ts';
import type { Planning, SchemaPair } from './planning.ts';

/** The types of one schema, parents before their children. */
export function planTypes(planning: Planning, pair: SchemaPair): PlannedType[] {
  const { source, target, planned: schema } = pair;
  const { own } = planning.input;
  const taken = new Set<string>();
  const plannedOf = new Map<string, PlannedType>();
  for (const type of source.types) {
    const parent = type.parentId === undefined ? undefined : plannedOf.get(type.parentId);
    const there = target && findType(type, parent, target, schema.isInPlace, taken);
    if (there) taken.add(there.id);
    const where = `${schema.key} / ${type.path.join(' / ')}`;
    const isUnfinished = there !== undefined && own.isUnfinished('object-type', type.id, schema.key);
    if (there && !schema.isInPlace && (there.record.inherited === true) !== (type.record.inherited === true)) {
      const reason = 'the type on the target hands its attributes down otherwise, which is left as it is';
      planning.lose('object-type', type.id, where, reason);
    }
    plannedOf.set(type.id, {
      source: type.id,
      where,
      ...(there
        ? {
            action: 'reuse',
            reason: isUnfinished ? 'an earlier restore made it' : 'it is there',
            precondition: `type ${there.id}`,
            target: there.id,
          }
        : planning.absent(pair, 'object-type', type.id, where, 'type of this path')),
      schema: source.id,
      parent: type.parentId ?? null,
      name: type.name,
      path: type.path,
      ...planning.described(type.record, true),
      icon: iconOf(type.record)?.id ?? null,
      inherited: type.record.inherited === true,
      abstractObjectType: type.record.abstractObjectType === true,
      finish: !schema.isManaged && !schema.isReferrer && (!there || isUnfinished),
    });
  }
  return [...plannedOf.values()];
}

/** The very type where it is the very schema; otherwise the one of this name below the parent that was found. */
function findType(
  type: StoredType,
  parent: PlannedType | undefined,
  target: LiveSchema,
  isInPlace: boolean,
  taken: ReadonlySet<string>,
): LiveType | undefined {
  const itself = isInPlace ? target.types.find(({ id }) => id === type.id) : undefined;
  if (itself) return itself;
  if (parent && parent.target === undefined) return undefined;
  return target.types.find(
    ({ id, name, parentId }) => !taken.has(id) && name === type.name && parentId === parent?.target,
  );
}
