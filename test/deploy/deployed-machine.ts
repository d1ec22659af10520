import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { createS3Client } from '../../adapters/aws/s3-client.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import type { JsonValue } from '../../local/interpreter/json.ts';
import { loadMachine } from '../../local/interpreter/load-machine.ts';
import type { MachineHost } from '../../local/interpreter/machine-host.ts';
import { type EndedExecution, runMachine } from '../../local/interpreter/run-machine.ts';

/**
 * Runs the definition as it was deployed, with the functions and the bucket that it names, by our interpreter: the
 * emulator's own engine cannot run a map whose concurrency is an expression.
 */
export async function runDeployedMachine(
  stateMachineArn: string,
  input: JsonValue,
): Promise<{ readonly execution: EndedExecution; readonly invoked: readonly string[] }> {
  const states = new SFNClient();
  const lambda = new LambdaClient({ requestHandler: { requestTimeout: 900_000 } });
  const s3 = createS3Client();
  const { definition = '' } = await states.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const name = `driven-${Date.now()}`;
  const executionId = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const invoked: string[] = [];
  const host: MachineHost = {
    clock: systemClock,
    async invoke(functionArn, payload) {
      invoked.push(functionArn);
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(payload)) }),
      );
      const result = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null') as JsonValue;
      if (answer.FunctionError === undefined) return result;
      const { errorType, errorMessage } = result as { errorType: string; errorMessage: string };
      throw Object.assign(new Error(errorMessage), { name: errorType });
    },
    async readItems(bucket, key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
  };
  const execution = await runMachine(loadMachine(definition, {}), { input, name, executionId }, host);
  return { execution, invoked };
}
