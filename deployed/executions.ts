import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  type ExecutionStatus,
  ListExecutionsCommand,
} from '@aws-sdk/client-sfn';
import { AwsRefusedError, nameOf, WrongInputError } from '../core/errors.ts';
import { type MachineName, machineSteps } from '../functions/step-list.ts';
import { askAws } from './ask-aws.ts';
import { type FoundStack, needDrill } from './find-stack.ts';

/** An execution of one of the stack's machines, as AWS tells it. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machine: MachineName;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
  /** JSON. */
  readonly input?: string;
  /** JSON; where it succeeded. */
  readonly output?: string;
  /** Name of the error and what led to it, where it failed. */
  readonly error?: string;
  readonly cause?: string;
}

/** The machines that a stack has. */
export function machinesOf({ drill }: FoundStack): readonly MachineName[] {
  return (Object.keys(machineSteps) as MachineName[]).filter((machine) => machine !== 'drill' || drill !== undefined);
}

/** Whether it will not change any more. */
export function hasEnded({ status }: Pick<Execution, 'status'>): boolean {
  return status !== 'RUNNING' && status !== 'PENDING_REDRIVE';
}

/** Throws WrongInputError of a machine that the stack does not have. */
export function deployedMachineArn(stack: FoundStack, machine: MachineName): string {
  if (machine === 'drill') return needDrill(stack).machine;
  return machine === 'backup' ? stack.outputs.backupMachine : stack.outputs.restoreMachine;
}

/** ARN of the secret of a machine. Throws WrongInputError of a machine that the stack does not have. */
export function deployedSecret(stack: FoundStack, machine: MachineName): string {
  if (machine === 'drill') return needDrill(stack).secret;
  return machine === 'backup' ? stack.outputs.backupSecret : stack.outputs.restoreSecret;
}

/** Throws AwsRefusedError. */
export async function describeExecution(
  { clients }: FoundStack,
  machine: MachineName,
  arn: string,
  abortSignal?: AbortSignal,
): Promise<Execution> {
  const answer = await askAws(
    `ask how the ${machine} stands`,
    clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn: arn }), {
      ...(abortSignal && { abortSignal }),
    }),
  );
  const { name, status = 'RUNNING', startDate = new Date(), stopDate, input, output, error, cause } = answer;
  return {
    arn,
    name: name ?? arn,
    machine,
    status,
    startedAt: startDate,
    ...(stopDate && { stoppedAt: stopDate }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

/** The last executions of a machine, newest first; of one status only, where one is named. */
export async function lastExecutions(
  stack: FoundStack,
  machine: MachineName,
  count: number,
  statusFilter?: ExecutionStatus,
): Promise<readonly ExecutionListItem[]> {
  const answer = await askAws(
    `list the executions of ${stack.name}`,
    stack.clients.stepFunctions.send(
      new ListExecutionsCommand({
        stateMachineArn: deployedMachineArn(stack, machine),
        maxResults: count,
        ...(statusFilter && { statusFilter }),
      }),
    ),
  );
  return answer.executions ?? [];
}

/** The execution that was started last of those that run now, of whichever machine. */
export async function newestRunning(stack: FoundStack): Promise<Execution | undefined> {
  const running = await Promise.all(
    machinesOf(stack).map(async (machine) =>
      (await lastExecutions(stack, machine, 1, 'RUNNING')).map((execution) => ({ machine, ...execution })),
    ),
  );
  const started = ({ startDate }: { startDate?: Date | undefined }) => startDate?.getTime() ?? 0;
  const newest = running.flat().toSorted((one, other) => started(other) - started(one))[0];
  return newest?.executionArn === undefined ? undefined : describeExecution(stack, newest.machine, newest.executionArn);
}

/** The execution that a person named, by its name or its ARN. Throws WrongInputError where the stack has none such. */
export async function namedExecution(stack: FoundStack, text: string): Promise<Execution> {
  for (const machine of machinesOf(stack)) {
    const prefix = `${deployedMachineArn(stack, machine).replace(':stateMachine:', ':execution:')}:`;
    const arn = text.startsWith('arn:') ? text : `${prefix}${text}`;
    if (!arn.startsWith(prefix)) continue;
    try {
      return await describeExecution(stack, machine, arn);
    } catch (error) {
      const isMissing = error instanceof AwsRefusedError && missing.includes(nameOf(error.cause));
      if (!isMissing) throw error;
    }
  }
  throw new WrongInputError(
    `The stack ${stack.name} has no execution ${text}. \`assets-backup status --stack ${stack.name}\` names the last ones.`,
  );
}

/** The second: what was given is no name that an execution can have. */
const missing = ['ExecutionDoesNotExist', 'InvalidArn'];
