import type { AttributeFields } from '../../ports/assets-writer.ts';
import { kind } from '../../reading/attribute-kinds.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { KnownObjects } from '../id-map/known-objects.ts';
import type { ConfigurationPlan, PlannedAttribute } from '../plan-files.ts';
import type { PeopleFile } from '../values/people.ts';
import { mapAqlIds } from './map-aql.ts';

/** What the ids and names in a restriction are on the target. */
export interface OnTarget {
  readonly map: ConfigurationMap;
  readonly known: KnownObjects;
  readonly mapped: ReadonlyMap<string, string | null>;
  /** Target keys of schemas by source key. */
  readonly schemaKeys: ReadonlyMap<string, string>;
  readonly sameSite: boolean;
}

export function onTarget({
  plan,
  map,
  known,
  people,
  sameSite,
}: {
  readonly plan: ConfigurationPlan;
  readonly map: ConfigurationMap;
  readonly known: KnownObjects;
  readonly people: PeopleFile;
  readonly sameSite: boolean;
}): OnTarget {
  const schemaKeys = plan.schemas.flatMap(({ sourceKey, key }) =>
    sourceKey === key ? [] : [[sourceKey, key] as const],
  );
  return { map, known, mapped: new Map(people.mapped), schemaKeys: new Map(schemaKeys), sameSite };
}

/**
 * The restrictions of an attribute as the target is to have them: ids in filters, statuses and groups are the target's. What
 * has no counterpart there is left off, and is a loss.
 */
export function restrictionsOnTarget(
  { restrictions, kind: of }: PlannedAttribute,
  input: OnTarget,
  onLost: (reason: string) => void,
): AttributeFields {
  const { minimumCardinality, maximumCardinality, uniqueAttribute, regexValidation, qlQuery } = restrictions;
  const fields = { minimumCardinality, maximumCardinality, uniqueAttribute };
  const multi =
    of?.type === kind.status
      ? statusesOf(restrictions.statuses, input, onLost)
      : groupsOf(restrictions.groups, input, onLost);
  const filter = qlQuery === '' ? '' : filterOf(qlQuery, input, onLost);
  return {
    ...fields,
    ...(regexValidation !== '' && { regexValidation }),
    ...(filter !== '' && { qlQuery: filter }),
    ...(multi.length > 0 && { typeValueMulti: multi }),
  };
}

function statusesOf(ids: readonly string[], { map }: OnTarget, onLost: (reason: string) => void): string[] {
  const mapped = ids.flatMap((id) => map.statusTypes[id] ?? []);
  if (mapped.length < ids.length)
    onLost(`${ids.length - mapped.length} of the statuses that it is restricted to are not on the target`);
  return mapped;
}

function groupsOf(names: readonly string[], { mapped }: OnTarget, onLost: (reason: string) => void): string[] {
  return names.flatMap((name) => {
    const to = mapped.has(name) ? mapped.get(name) : name;
    if (to === null || to === undefined) onLost('the users file leaves out a group that it is restricted to');
    return to ?? [];
  });
}

/** On the same site an id that was not restored is still the id of the same thing. */
function filterOf(
  query: string,
  { map, known, schemaKeys, sameSite }: OnTarget,
  onLost: (reason: string) => void,
): string {
  const same = <T>(mapped: T | undefined, itself: T) => mapped ?? (sameSite ? itself : undefined);
  const { query: mapped, unmapped } = mapAqlIds(query, {
    objectType: (id) => same(map.types[id]?.target, id),
    objectSchema: (id) => same(map.schemas[id], id),
    object: (id) => same(known.get(id)?.id, id),
    // An object's id is the number in its key (reference, section 0).
    objectKey: (key) => same(known.get(key.slice(key.lastIndexOf('-') + 1))?.key, key),
    schemaKeyOrName: (text) => schemaKeys.get(text) ?? text,
  });
  if (unmapped.length === 0) return mapped;
  onLost(`its filter names ${unmapped.join(', ')}, which the target does not have, and is left off`);
  return '';
}
