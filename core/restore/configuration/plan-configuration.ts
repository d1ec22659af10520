import type { Loss } from '../../model/restore.ts';
import type { StoredSchema } from '../../reading/stored-configuration.ts';
import type { ConfigurationPlan } from '../plan-files.ts';
import { pairReferrer, pairSchema } from './pair-schema.ts';
import { planAttributes } from './plan-attributes.ts';
import { planIcons } from './plan-icons.ts';
import { planReferenceTypes, planStatusTypes } from './plan-named.ts';
import { planTypes } from './plan-types.ts';
import { type ConfigurationPlanInput, Planning } from './planning.ts';

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
  const plan = { schemas, statusTypes, referenceTypes, icons, types, attributes };
  return { plan, losses: planning.losses, approvals: planning.approvals };
}
