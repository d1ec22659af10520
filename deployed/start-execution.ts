import { randomBytes } from 'node:crypto';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { MachineName } from '../functions/step-list.ts';
import { askAws } from './ask-aws.ts';
import { deployedMachineArn, type Execution } from './executions.ts';
import type { FoundStack } from './find-stack.ts';

/**
 * Starts a machine of the stack with the input that a person would give it in the console. Its name is made here: should
 * the answer be lost, the SDK asks again with the same name, and AWS starts nothing twice. Throws AwsRefusedError.
 */
export async function startExecution(stack: FoundStack, machine: MachineName, input: object): Promise<Execution> {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const name = `command-${time}-${randomBytes(4).toString('hex')}`;
  const answer = await askAws(
    `start the ${machine}`,
    stack.clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: deployedMachineArn(stack, machine),
        name,
        input: JSON.stringify(input),
      }),
    ),
  );
  const { executionArn: arn = '', startDate: startedAt = new Date() } = answer;
  return { arn, name, machine, status: 'RUNNING', startedAt };
}
