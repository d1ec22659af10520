import { idOf } from '../../model/ids.ts';
import type { ApiRecord, JsonRecord } from '../../model/json.ts';
import type { ItemKind } from '../../model/restore.ts';
import type { LiveConfiguration, LiveType } from '../../reading/live-configuration.ts';
import { automaticName } from '../../reading/stored-configuration.ts';
import { namedId } from '../configuration/plan-named.ts';
import type { ConfigurationMap } from '../configuration-map.ts';
import type { ConfigurationPlan, Planned } from '../plan-files.ts';

/** A thing of the configuration that a restore has made and that is there. */
export interface MadeThing {
  readonly kind: ItemKind;
  /** Its id on the site. */
  readonly id: string;
  readonly where: string;
  /** It has the key, name or path of what the restore was about to make when it was stopped: people may have made it. */
  readonly isUnknown?: boolean;
}

type List = 'schemas' | 'statusTypes' | 'referenceTypes' | 'icons' | 'types' | 'attributes';

/**
 * What a restore has made of a configuration and is still there. By the ids that it noted; where it was stopped before it had
 * noted them, by key, name and path: it set out to make these things only where nothing of the kind was.
 * @param lostIcons source ids of icons that the restore could not make
 */
export function madeConfiguration(
  plan: ConfigurationPlan,
  map: ConfigurationMap,
  live: LiveConfiguration,
  lostIcons: ReadonlySet<string>,
): readonly MadeThing[] {
  const ids: Record<List, Map<string, string>> = {
    schemas: new Map(),
    statusTypes: new Map(),
    referenceTypes: new Map(),
    icons: new Map(),
    types: new Map(),
    attributes: new Map(),
  };
  const made: MadeThing[] = [];
  const types = new Map([...live.existing.values()].flatMap((schema) => schema.types.map((type) => [type.id, type])));
  const take = <T extends Planned, R>(
    [kind, list]: readonly [ItemKind, List],
    planned: readonly T[],
    there: (item: T) => readonly R[],
    { id, isIt }: { id: (record: R) => string; isIt: (item: T, record: R) => boolean },
  ) => {
    const taken = new Set(planned.flatMap((item) => item.target ?? notedId(map, list, item.source) ?? []));
    for (const item of planned) {
      const noted = item.target ?? notedId(map, list, item.source);
      const found = there(item).find((record) =>
        noted === undefined ? !map.isComplete && !taken.has(id(record)) && isIt(item, record) : id(record) === noted,
      );
      if (!found) continue;
      taken.add(id(found));
      ids[list].set(item.source, id(found));
      if (item.action === 'create')
        made.push({ kind, id: id(found), where: item.where, ...(noted === undefined && { isUnknown: true }) });
    }
  };
  const byId = (record: ApiRecord): string => idOf(record);

  take(['schema', 'schemas'], plan.schemas, () => live.schemas, {
    id: byId,
    isIt: ({ key, name }, record) => record.objectSchemaKey === key && record.name === name,
  });
  const schemaOf = (source: string | null) => live.existing.get(ids.schemas.get(source ?? '') ?? '');
  const isNamed = ({ name }: { readonly name: string }, record: JsonRecord) => record.name === name;
  take(
    ['status-type', 'statusTypes'],
    plan.statusTypes,
    ({ schema }) => (schema === null ? live.globalStatusTypes : (schemaOf(schema)?.statusTypes ?? [])),
    { id: namedId, isIt: isNamed },
  );
  take(
    ['reference-type', 'referenceTypes'],
    plan.referenceTypes,
    ({ schema }) => (schema === null ? live.globalReferenceTypes : (schemaOf(schema)?.referenceTypes ?? [])),
    { id: namedId, isIt: isNamed },
  );
  // What stands for an icon that could not be uploaded is the site's own.
  const icons = plan.icons.filter(({ source }) => !lostIcons.has(source));
  take(['icon', 'icons'], icons, () => live.icons, { id: byId, isIt: isNamed });
  take(['object-type', 'types'], plan.types, ({ schema }) => schemaOf(schema)?.types ?? [], {
    id: (type: LiveType) => type.id,
    isIt: ({ name, parent }, type) =>
      type.name === name && type.parentId === (parent === null ? undefined : ids.types.get(parent)),
  });
  take(
    ['attribute', 'attributes'],
    plan.attributes.filter(({ role }) => role !== 'system'),
    ({ type }) => types.get(ids.types.get(type) ?? '')?.attributes ?? [],
    { id: byId, isIt: isNamed },
  );
  // What comes with a type is not made by itself, and cannot be removed by itself.
  const automatic = new Set(types.values().map((type) => automaticName(type.attributes)));
  return made.filter(({ kind, id }) => kind !== 'attribute' || !automatic.has(id));
}

function notedId(map: ConfigurationMap, list: List, source: string): string | undefined {
  return list === 'types' ? map.types[source]?.target : map[list][source];
}
