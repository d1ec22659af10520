import { loadDefinition } from '../../functions/load-definition.ts';
import type { MachineName } from '../../functions/step-list.ts';

/** A definition of this program as CloudFormation would have deployed it. */
export function deployedDefinition(machine: MachineName): string {
  return loadDefinition(machine).replaceAll(
    /\$\{(\w+)\}/g,
    (_, token) => `arn:aws:lambda:eu-central-1:123456789012:function:${token}-1A2B`,
  );
}
