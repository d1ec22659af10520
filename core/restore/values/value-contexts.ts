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

/** The status of the backup that a value names: by its id, or else as the only one of a name, of the schema's own before the global ones. */
export function storedStatus({
  attributes,
  types,
  statusTypes,
}: ConfigurationPlan): (status: ReadValue, attribute: string) => string | undefined {
  const schemaOfType = new Map(types.map(({ source, schema }) => [source, schema]));
  const schemaOf = new Map(attributes.map(({ source, type }) => [source, schemaOfType.get(type)]));
  const ofName = (name: string, schema: string | null | undefined) =>
    statusTypes.filter((status) => status.schema === schema && [status.name, status.displayName].includes(name));
  return ({ id, names }, attribute) => {
    if (id !== undefined) return id;
    const found = [schemaOf.get(attribute), null].flatMap((schema) => names.map((name) => ofName(name, schema)));
    const [only, ...others] = found.find((statuses) => statuses.length > 0) ?? [];
    return others.length === 0 ? only?.source : undefined;
  };
}
