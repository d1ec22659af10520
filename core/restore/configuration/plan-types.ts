import type { LiveSchema, LiveType } from '../../reading/live-configuration.ts';
import type { StoredType } from '../../reading/stored-configuration.ts';
import type { PlannedSchema, PlannedType } from '../plan-files.ts';
import { iconOf } from './plan-icons.ts';
import type { Planning, SchemaPair } from './planning.ts';
import { moved, renamed, sameBut } from './told-changes.ts';

/** The types of one schema, parents before their children. */
export function planTypes(planning: Planning, pair: SchemaPair): PlannedType[] {
  const { source, target, planned: schema } = pair;
  const { own, choices, typesWithObjects } = planning.input;
  const known = new Map(
    source.types.map(({ id }) => [
      id,
      planning.known('types', id, pair, (known) => target?.types.find((type) => type.id === known)),
    ]),
  );
  // What is known stands for nothing else, whatever its name is by now.
  const taken = new Set(known.values().map((type) => type?.id));
  const plannedOf = new Map<string, PlannedType>();
  for (const type of source.types) {
    const parent = type.parentId === undefined ? undefined : plannedOf.get(type.parentId);
    const there = known.get(type.id) ?? (target && findType(type, parent, target, taken));
    if (there) taken.add(there.id);
    const path = there?.path ?? [...(parent?.path ?? []), type.name];
    const where = `${schema.key} / ${path.join(' / ')}`;
    const isUnfinished =
      there !== undefined &&
      own.isUnfinished('object-type', type.id, schema) &&
      !planning.isLeft('object-type', type.id);
    if (there && !schema.isInPlace && (there.record.inherited === true) !== (type.record.inherited === true)) {
      const reason = 'the type on the target hands its attributes down otherwise, which is left as it is';
      planning.lose('object-type', type.id, where, reason);
    }
    const becomes = there
      ? {
          action: 'reuse' as const,
          reason: isUnfinished ? 'an earlier restore made it' : reasonFor(type, there, { parent, schema }),
          precondition: `type ${there.id}`,
          target: there.id,
        }
      : planning.absent(pair, 'object-type', type.id, where, 'type of this path');
    const isAbstract = type.record.abstractObjectType === true;
    const getsObjects = isAbstract && choices.processObjects && typesWithObjects.has(type.id);
    if (getsObjects && becomes.action === 'create') {
      const reason =
        'it is abstract and yet has objects, which no site takes for an abstract type: it is made as one that holds objects';
      planning.lose('object-type', type.id, where, reason);
    }
    plannedOf.set(type.id, {
      source: type.id,
      where,
      ...becomes,
      schema: source.id,
      parent: type.parentId ?? null,
      name: type.name,
      path,
      ...planning.described(type.record, true),
      icon: iconOf(type.record)?.id ?? null,
      inherited: type.record.inherited === true,
      abstractObjectType: isAbstract && !getsObjects,
      ...(there?.record.abstractObjectType === true && { holdsNoObjects: true }),
      attributeOrder: type.attributeIds,
      finish: !schema.isManaged && !schema.isReferrer && (becomes.action === 'create' || isUnfinished),
    });
  }
  return [...plannedOf.values()];
}

function reasonFor(
  type: StoredType,
  there: LiveType,
  { parent, schema }: { parent: PlannedType | undefined; schema: PlannedSchema },
): string {
  const isMoved = there.parentId !== parent?.target;
  const places = [type.path, there.path].map((path) => path.slice(0, -1).join(' / ') || 'the top') as [string, string];
  const changes = `${renamed([type.name, there.name])}${isMoved ? moved(places) : ''}`;
  return sameBut(changes, schema.isInPlace);
}

/** The type of this name below the parent that was found. */
function findType(
  type: StoredType,
  parent: PlannedType | undefined,
  target: LiveSchema,
  taken: ReadonlySet<string | undefined>,
): LiveType | undefined {
  if (parent && parent.target === undefined) return undefined;
  return target.types.find(
    ({ id, name, parentId }) => !taken.has(id) && name === type.name && parentId === parent?.target,
  );
}
