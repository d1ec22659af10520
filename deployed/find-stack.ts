import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { AwsRefusedError, messageOf, nameOf, StackNotFoundError, WrongInputError } from '../core/errors.ts';
import { optionalOutputs, stackOutputs } from '../functions/environment.ts';
import { askAws } from './ask-aws.ts';
import { type StackAddress, type StackClients, stackClients } from './stack-clients.ts';

/** What a stack tells the command line: names and addresses of everything in it. */
type OutputValues = Readonly<Record<keyof typeof stackOutputs, string>>;

export interface FoundStack {
  readonly name: string;
  readonly region: string;
  /** Id of the account that it was deployed to. */
  readonly account: string;
  readonly clients: StackClients;
  readonly outputs: OutputValues;
  /** Name of the function that deletes old backups; undefined where the stack was not told what to keep. */
  readonly pruneFunction: string | undefined;
  /** ARN of the topic to which alarms go; undefined where the stack was deployed before it said that. */
  readonly alarmTopic: string | undefined;
  /** Undefined where the stack makes no restore drills. */
  readonly drill: FoundDrill | undefined;
}

/** Names and addresses of what is a drill's in a stack. */
export interface FoundDrill {
  readonly machine: string;
  readonly secret: string;
  readonly schedule: string;
  readonly checkFunction: string;
}

/** Throws WrongInputError where the stack makes no drills. */
export function needDrill({ name, drill }: FoundStack): FoundDrill {
  if (drill) return drill;
  throw new WrongInputError(
    `The stack ${name} makes no restore drills. Set "drill" in cdk.json, and deploy it again: npx cdk deploy ${name}`,
  );
}

/**
 * Finds a stack by its name, and by its outputs what is in it. Throws StackNotFoundError where there is none of this name,
 * or not one that this program made; AwsRefusedError.
 */
export async function findStack(address: StackAddress): Promise<FoundStack> {
  const clients = stackClients(address);
  const region = await askAws(`find the stack ${address.stack}`, clients.cloudFormation.config.region());
  const found = await describe(address, region, clients);
  const values = valuesOf(found);
  return {
    ...{ name: address.stack, region, account: accountOf(found), clients },
    ...{ outputs: outputsOf(found), pruneFunction: values.get(optionalOutputs.pruneFunction) },
    alarmTopic: values.get(optionalOutputs.alarmTopic),
    drill: drillOf(found),
  };
}

async function describe({ stack }: StackAddress, region: string, { cloudFormation }: StackClients): Promise<Stack> {
  const notThere = (cause?: unknown) =>
    new StackNotFoundError(
      `There is no stack ${stack} in ${region} in this account of AWS. Is it another region (--region) or another account (--profile)?`,
      { cause },
    );
  try {
    const answer = await askAws(
      `find the stack ${stack}`,
      cloudFormation.send(new DescribeStacksCommand({ StackName: stack })),
    );
    const [found] = answer.Stacks ?? [];
    if (!found) throw notThere();
    return found;
  } catch (error) {
    // CloudFormation has no error of its own for this: it calls the name invalid.
    const { cause } = error instanceof AwsRefusedError ? error : {};
    if (nameOf(cause) !== 'ValidationError') throw error;
    if (/does not exist/.test(messageOf(cause))) throw notThere(cause);
    throw new StackNotFoundError(`${stack} cannot be the name of a stack: ${messageOf(cause)}`, { cause });
  }
}

/** Of the stack's own ARN: `arn:aws:cloudformation:<region>:<account>:stack/...`. */
function accountOf({ StackId: arn = '', StackName: name }: Stack): string {
  const [, , , , account] = arn.split(':');
  if (account) return account;
  throw new AwsRefusedError(`CloudFormation does not say which account the stack ${name} belongs to.`);
}

const valuesOf = ({ Outputs: outputs = [] }: Stack) =>
  new Map(outputs.map(({ OutputKey: key, OutputValue: value }) => [key, value]));

/** Undefined too where one of them is missing: another version has deployed it, which `doctor` says. */
function drillOf(stack: Stack): FoundDrill | undefined {
  const byKey = valuesOf(stack);
  const machine = byKey.get(optionalOutputs.drillMachine);
  const secret = byKey.get(optionalOutputs.drillSecret);
  const schedule = byKey.get(optionalOutputs.drillSchedule);
  const checkFunction = byKey.get(optionalOutputs.checkDrillFunction);
  return machine && secret && schedule && checkFunction ? { machine, secret, schedule, checkFunction } : undefined;
}

function outputsOf(stack: Stack): OutputValues {
  const { StackName: name, StackStatus: status } = stack;
  const byKey = valuesOf(stack);
  const missing = Object.values(stackOutputs).filter((key) => !byKey.get(key));
  if (missing.length === Object.keys(stackOutputs).length) {
    throw new StackNotFoundError(
      `The stack ${name} is not one of assets-backup, or was not deployed to its end (${status}): it has none of its outputs.`,
    );
  }
  if (missing.length > 0) {
    throw new StackNotFoundError(
      `The stack ${name} was deployed by another version of assets-backup: it lacks the outputs ${missing.join(', ')}. Deploy it again with this one (npx cdk deploy ${name}).`,
    );
  }
  const entries = Object.entries(stackOutputs).map(([field, key]) => [field, byKey.get(key)]);
  return Object.fromEntries(entries) as OutputValues;
}
