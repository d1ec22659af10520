import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { MachineName } from '../functions/step-list.ts';

/**
 * The state machines' names are made of the stack's, so that nobody starts the restore of another site in the console. And a
 * machine's ARN can stand in the rights of its own role, and of its functions, which have to be there before it.
 */
const endings: Readonly<Record<MachineName, string>> = { backup: '-Backup', restore: '-Restore', drill: '-Drill' };

export function machineName(machine: MachineName): string {
  return `${Aws.STACK_NAME}${endings[machine]}`;
}

export function machineArn(scope: Construct, machine: MachineName): string {
  return arnOf(scope, 'stateMachine', machineName(machine));
}

/** Pattern of the ARNs of a machine's executions, but for those of its maps. */
export function executionArns(scope: Construct, machine: MachineName): string {
  return arnOf(scope, 'execution', `${machineName(machine)}:*`);
}

/** Pattern of the ARNs of the children of its distributed maps: `<machine>/<label of the map>:<id>`. */
export function childArns(scope: Construct, machine: MachineName): string {
  return arnOf(scope, 'execution', `${machineName(machine)}/*`);
}

function arnOf(scope: Construct, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
