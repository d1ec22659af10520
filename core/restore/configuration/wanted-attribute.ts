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
  readonly plan: Pick<ConfigurationPlan, 'schemaNames' | 'outside'>;
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
  return { map, known, mapped: new Map(people.mapped), plan, sameSite };
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

/** The options of a select as the backup lists them, which before the objects are more where their values need more. */
export function finalOptions({ fields, restrictions }: PlannedAttribute): AttributeFields {
  return fields.options === undefined ? {} : { options: restrictions.options };
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
  { map, known, plan: { schemaNames, outside }, sameSite }: OnTarget,
  onLost: (reason: string) => void,
): string {
  const same = <T>(mapped: T | undefined, itself: T) => mapped ?? (sameSite ? itself : undefined);
  const inFilters = new Map(schemaNames.inFilters);
  const ofObjectKeys = new Map(schemaNames.ofObjectKeys);
  const { query: mapped, unmapped } = mapAqlIds(query, {
    objectType: (id) => same(map.types[id]?.target ?? outside.types[id], id),
    objectSchema: (id) => same(map.schemas[id] ?? outside.schemas[id], id),
    object: (id) => same(known.get(id)?.id, id),
    // An object's id is the number in its key (reference, section 0).
    objectKey(key) {
      const [schema, id] = [key.slice(0, key.lastIndexOf('-')), key.slice(key.lastIndexOf('-') + 1)];
      const today = ofObjectKeys.get(schema.toLowerCase());
      return same(known.get(id)?.key, today === undefined ? key : `${today}-${id}`);
    },
    schemaKeyOrName: (text) => inFilters.get(text.toLowerCase()) ?? text,
  });
  if (unmapped.length === 0) return mapped;
  onLost(`its filter names ${unmapped.join(', ')}, which the target does not have, and is left off`);
  return '';
}
