import type { Loss } from '../../model/restore.ts';
import { referredSchemas, type StoredSchema } from '../../reading/stored-configuration.ts';
import type { ConfigurationPlan, PlannedAttribute } from '../plan-files.ts';
import { pairReferrer, pairSchema } from './pair-schema.ts';

import { planAttributes } from './plan-attributes.ts';
import { planIcons } from './plan-icons.ts';
import { planReferenceTypes, planStatusTypes } from './plan-named.ts';
import { planTypes } from './plan-types.ts';
import { type ConfigurationPlanInput, Planning } from './planning.ts';
import { schemaNames } from './schema-names.ts';

export interface PlannedConfiguration {
  readonly plan: ConfigurationPlan;
  readonly losses: readonly Loss[];
  readonly approvals: readonly string[];
}

/**
 * What is to be made of the target's configuration, from the backup and from the target as it is. Pure: the same input
 * gives the same plan. Throws TargetRefusedError where a schema may not be written into.
 */
export function planConfiguration(input: ConfigurationPlanInput): PlannedConfiguration {
  const planning = new Planning(input);
  const { source, target } = input;
  // What is lost or to be approved in schemas that nobody chose is not this restore's matter.
  const aside = new Planning(input);
  const isReferrer = ({ id }: StoredSchema) => input.referring.has(id);
  const pairs = source.schemas.map((schema) =>
    isReferrer(schema) ? pairReferrer(aside, schema) : pairSchema(planning, schema),
  );
  const used = pairs.filter(({ planned }) => planned.action !== 'skip');
  const [referring, written] = [
    used.filter(({ planned }) => planned.isReferrer),
    used.filter(({ planned }) => !planned.isReferrer),
  ];
  const icons = planIcons(planning, written);
  const types = [
    ...written.flatMap((pair) => planTypes(planning, pair)),
    ...referring.flatMap((pair) => planTypes(aside, pair)),
  ];
  const attributes = [...planAttributes(planning, written, types), ...planAttributes(aside, referring, types)];
  const statusTypes = [
    ...planStatusTypes(planning, null, source.globalStatusTypes, target.globalStatusTypes),
    ...written.flatMap((pair) =>
      planStatusTypes(planning, pair, pair.source.statusTypes, pair.target?.statusTypes ?? []),
    ),
  ];
  const referenceTypes = [
    ...planReferenceTypes(planning, null, source.globalReferenceTypes, target.globalReferenceTypes),
    ...written.flatMap((pair) =>
      planReferenceTypes(planning, pair, pair.source.referenceTypes, pair.target?.referenceTypes ?? []),
    ),
  ];
  const schemas = pairs.map(({ planned }) => planned);
  const names = schemaNames(input, { pairs, sameSite: planning.sameSite });
  const plan = {
    schemas,
    statusTypes,
    referenceTypes,
    icons,
    types,
    attributes,
    schemaNames: names,
    outside: outsideOf(planning, attributes),
    relaxed: [],
  };
  return { plan, losses: planning.losses, approvals: planning.approvals };
}

function outsideOf(planning: Planning, attributes: readonly PlannedAttribute[]): ConfigurationPlan['outside'] {
  const { schemas } = planning.input.source;
  const restored = new Set(schemas.flatMap(({ types }) => types.map(({ id }) => id)));
  const types = attributes.flatMap(({ reference }) =>
    reference && !restored.has(reference.type) ? [reference.type] : [],
  );
  const pairs = (ids: Iterable<string>, find: (id: string) => string | undefined) =>
    Object.fromEntries([...ids].flatMap((id) => (find(id) === undefined ? [] : [[id, find(id) ?? '']])));
  return {
    types: pairs(new Set(types), (id) => planning.outsideType(id)),
    schemas: pairs(referredSchemas(planning.input.source), (id) => planning.outsideSchema(id)),
  };
}
