import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  paginateListMapRuns,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

/** An execution that has ended. */
export interface Ended {
  readonly arn: string;
  readonly status: string;
  /** Undefined where it failed. */
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** How many events its history has, without those of children. */
  readonly events: number;
}

const engine = new SFNClient();
const emulator = new SFNClient({ endpoint: process.env.AWS_ENDPOINT_URL ?? '' });

/** The definition of a machine as it was deployed, with the addresses of its functions and of the bucket in it. */
export async function deployedDefinition(stateMachineArn: string): Promise<string> {
  const { definition = '' } = await emulator.send(new DescribeStateMachineCommand({ stateMachineArn }));
  return definition;
}

/** Gives a definition to the engine; under the name of a deployed machine it has that machine's address too. */
export async function createMachine(name: string, definition: string): Promise<string> {
  const roleArn = 'arn:aws:iam::000000000000:role/engine';
  const { stateMachineArn = '' } = await engine.send(new CreateStateMachineCommand({ name, definition, roleArn }));
  return stateMachineArn;
}

/** Runs a machine of the engine to its end. */
export async function execute(stateMachineArn: string, input: object): Promise<Ended> {
  const started = await engine.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  return untilEnded(started.executionArn ?? '');
}

/** The execution of a machine that was started last, which the command may have started. */
export async function newestExecution(stateMachineArn: string): Promise<Ended> {
  const { executions = [] } = await engine.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
  return untilEnded(executions[0]?.executionArn ?? '');
}

async function untilEnded(executionArn: string): Promise<Ended> {
  for (;;) {
    const { status = '', output, error, cause } = await engine.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') {
      const events = await eventsOf(executionArn);
      return { arn: executionArn, status, output: output && JSON.parse(output), error, cause, events };
    }
    await sleep(200);
  }
}

async function eventsOf(executionArn: string): Promise<number> {
  const pages = await Array.fromAsync(paginateGetExecutionHistory({ client: engine }, { executionArn }));
  return pages.flatMap(({ events = [] }) => events).length;
}

export interface MapRun {
  readonly label: string;
  readonly maxConcurrency: number;
  readonly items: number;
}

/** The distributed maps of an execution, in their order. */
export async function mapRunsOf(executionArn: string): Promise<MapRun[]> {
  const pages = await Array.fromAsync(paginateListMapRuns({ client: engine }, { executionArn }));
  const runs = pages.flatMap(({ mapRuns = [] }) => mapRuns);
  const described = await Promise.all(
    runs.map(({ mapRunArn }) => engine.send(new DescribeMapRunCommand({ mapRunArn }))),
  );
  return described.map(({ mapRunArn = '', maxConcurrency = 0, itemCounts }) => ({
    label: /\/([^/:]+):/.exec(mapRunArn)?.[1] ?? '',
    maxConcurrency,
    items: itemCounts?.total ?? 0,
  }));
}
