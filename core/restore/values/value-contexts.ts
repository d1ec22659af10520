import type { RestoreChoices } from '../../model/restore.ts';
import type { ReadValue } from '../../reading/value.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import type { ValueAttribute } from './prepare-object.ts';

/** The attributes of a plan as the values of objects meet them, by source id; undefined for values that are not restored by choice or nature. */
export function valueAttributes(
  { attributes }: ConfigurationPlan,
  { include }: RestoreChoices,
  kindsOfValues: ReadonlyMap<string, number>,
): (id: string) => ValueAttribute | undefined {
  const known = new Map<string, ValueAttribute | undefined>();
  for (const { source, name, kind, role, action, reason, fields } of attributes) {
    const isNamed = include.attributes.some((text) => text === source || text === name);
    const isWanted = include.attributes.length === 0 || isNamed || role === 'name' || fields.label === true;
    if (role === 'system' || !isWanted) known.set(source, undefined);
    else {
      const lost = action === 'skip' || action === 'conflict' ? reason : undefined;
      known.set(source, { name, kind: kind ?? { type: kindsOfValues.get(source) ?? 0 }, ...(lost && { lost }) });
    }
  }
  return (id) => {
    if (known.has(id)) return known.get(id);
    const lost = 'the backup does not hold the definition of this attribute';
    return { name: `attribute ${id}`, kind: { type: kindsOfValues.get(id) ?? 0 }, lost };
  };
}

export const lacksStatus = 'the target does not have the status that it names';
export const storesNoStatus = 'the backup does not hold the status that it names';

/**
 * The status of the backup that a value names: by its id, or else the only one of a name among those of the schema and the global ones,
 * and of these among those that the attribute takes.
 */
export function storedStatus({
  attributes,
  types,
  statusTypes,
}: ConfigurationPlan): (
  status: ReadValue,
  attribute: string,
) => { readonly source: string } | { readonly lost: string } {
  const schemaOfType = new Map(types.map(({ source, schema }) => [source, schema]));
  const byId = new Map(attributes.map((attribute) => [attribute.source, attribute]));
  return ({ id, names }, attributeId) => {
    if (id !== undefined) return { source: id };
    const { type = '', restrictions } = byId.get(attributeId) ?? {};
    const allowed = restrictions?.statuses ?? [];
    const open = statusTypes.filter(
      ({ source, schema }) =>
        (schema === null || schema === schemaOfType.get(type)) && (allowed.length === 0 || allowed.includes(source)),
    );
    const found = names.map((name) => open.filter((status) => [status.name, status.displayName].includes(name)));
    const [only, ...others] = found.find((statuses) => statuses.length > 0) ?? [];
    if (only && others.length === 0) return only;
    const why = only ? 'it has several of that name' : 'it has none of that name';
    return { lost: `the backup holds no id of the status, only a name, and ${why}` };
  };
}
