import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import * as v from 'valibot';
import { AwsRefusedError, messageOf } from '../core/errors.ts';
import { undoScopes } from '../core/model/undo-scopes.ts';
import type { SetupReport } from '../core/operations/check-setup.ts';
import type { SetupCheck } from '../core/operations/one-check.ts';
import type { MachineName } from '../functions/step-list.ts';
import packageFile from '../package.json' with { type: 'json' };
import { askAws } from './ask-aws.ts';
import { whoIsTold } from './check-alarms.ts';
import { definitionDifference } from './compare-definition.ts';
import { deployedMachineArn, deployedSecret } from './executions.ts';
import type { FoundStack } from './find-stack.ts';
import { type NamedSchedule, nightlyOf, noStartAhead, readSchedule } from './schedule.ts';

/** What a check of one's own finds: its sentence, and a remedy where there is something to do; `ok` where that can wait. */
type Finding = Omit<SetupCheck, 'name'>;

/**
 * Everything that can be checked before the first night: from inside, by a function with the rights and the way out of the
 * backup, and from here, with the operator's rights. A check that cannot be made is one that failed; nothing is thrown for it.
 */
export async function checkStack(stack: FoundStack, now: Date): Promise<SetupReport> {
  const checks = (
    await Promise.all([
      checksFromInside(stack, { name: 'check from inside', function: stack.outputs.checkSetupFunction }),
      own('backup secret', () => secretFilled(stack, 'backup')),
      own('restore secret', () => secretFilled(stack, 'restore')),
      own('schedule', () => scheduleEnabled(stack, nightlyOf(stack), now)),
      own('backup machine', () => definitionCurrent(stack, 'backup')),
      own('restore machine', () => definitionCurrent(stack, 'restore')),
      checkDrills(stack, now),
      own('alarms', () => whoIsTold(stack)),
      own('pruning', () => whetherPruned(stack)),
      own('version', () => sameVersion(stack)),
    ])
  ).flat();
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function own(name: string, find: () => Finding | Promise<Finding>): Promise<SetupCheck[]> {
  try {
    return [{ name, ...(await find()) }];
  } catch (error) {
    if (!(error instanceof AwsRefusedError)) throw error;
    return [{ name, ok: false, detail: messageOf(error), remedy: mayNotLook }];
  }
}

const mayNotLook = 'Mend that, or ask somebody with these rights to run `assets-backup doctor`.';

const setupReport = v.looseObject({
  checks: v.array(
    v.looseObject({ name: v.string(), ok: v.boolean(), detail: v.string(), remedy: v.nullish(v.string(), null) }),
  ),
});

interface InsideCheck {
  readonly name: string;
  /** The name of the function that makes it. */
  readonly function: string;
}

async function checksFromInside(
  { name: stack, clients }: FoundStack,
  { name, function: called }: InsideCheck,
): Promise<SetupCheck[]> {
  const broken = (detail: string): SetupCheck => ({
    name,
    ok: false,
    detail,
    remedy: `Look into the log of the function ${called} in CloudWatch, or ${deployAgain(stack)}`,
  });
  try {
    const { Payload, FunctionError } = await askAws(
      "call the stack's check",
      clients.lambda.send(new InvokeCommand({ FunctionName: called, Payload: '{}' })),
    );
    const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
    if (FunctionError !== undefined) return [broken(failureOf(answer))];
    const parsed = v.safeParse(setupReport, answer);
    if (!parsed.success) return [broken('The function answered something that is no report.')];
    return parsed.output.checks.map((check) => ({ ...check, remedy: check.remedy && named(check.remedy, stack) }));
  } catch (error) {
    if (!(error instanceof AwsRefusedError)) throw error;
    return [{ name, ok: false, detail: messageOf(error), remedy: mayNotLook }];
  }
}

/** Without the option, CDK deploys nothing while the template is that of the last time, whatever was changed by hand since. */
function deployAgain(stack: string): string {
  return `deploy the stack again: npx cdk deploy ${stack} --revert-drift`;
}

/** The core does not know the name of the stack that it runs in. */
function named(remedy: string, stack: string): string {
  return remedy.replaceAll(/(--stack|cdk deploy) NAME\b/g, `$1 ${stack}`);
}

function failureOf(answer: unknown): string {
  const failure = v.safeParse(v.looseObject({ errorType: v.string(), errorMessage: v.string() }), answer);
  const { errorType, errorMessage } = failure.success ? failure.output : { errorType: '', errorMessage: '' };
  return `The function failed${errorType === '' ? '' : ` (${errorType}: ${errorMessage})`}.`;
}

/** A scope to delete cannot be tried without deleting something. */
const deleteScopes = `To undo a restore, and for nothing else, a scoped token needs ${undoScopes.join(', ')}: that is not tried here.`;

/** Made without a value, a secret has no current version. */
async function secretFilled(stack: FoundStack, machine: 'backup' | 'restore'): Promise<Finding> {
  const { name, clients } = stack;
  const secret = deployedSecret(stack, machine);
  const { VersionIdsToStages: versions = {} } = await askAws(
    `look at the ${machine} secret`,
    clients.secrets.send(new DescribeSecretCommand({ SecretId: secret })),
  );
  const isFilled = Object.values(versions).some((stages) => stages.includes('AWSCURRENT'));
  const scopes = machine === 'restore' ? ` ${deleteScopes}` : '';
  if (isFilled) return { ok: true, detail: `It has a value.${scopes}`, remedy: null };
  return machine === 'backup'
    ? { ok: false, detail: 'It is empty.', remedy: `Fill it: assets-backup login --stack ${name}` }
    : {
        ok: true,
        detail: `It is empty, which only a restore minds.${scopes}`,
        remedy: `Before the first restore: assets-backup login --stack ${name} --for restore`,
      };
}

async function scheduleEnabled(stack: FoundStack, named: NamedSchedule, now: Date): Promise<Finding> {
  const { isEnabled, expression, timeZone, next, noNext } = await readSchedule(stack, named, now);
  const times = `${expression} in ${timeZone}`;
  if (isEnabled) {
    const isOver = noNext === noStartAhead;
    return {
      ok: !isOver,
      detail: `It is enabled: ${times}, ${next ? `next at ${next.slice(0, 16).replace('T', ' ')} UTC` : noNext}.`,
      remedy: isOver
        ? `If it was changed by hand, ${deployAgain(stack.name)}; otherwise mend "schedule" in its settings first.`
        : null,
    };
  }
  return {
    ok: false,
    detail: `It is disabled (${times}): no ${named.machine} starts by itself.`,
    remedy: `Enable the schedule ${named.name} in EventBridge Scheduler, or ${deployAgain(stack.name)}`,
  };
}

/** All of it is there or nothing; from inside, with the drill's own login. */
async function checkDrills(stack: FoundStack, now: Date): Promise<SetupCheck[]> {
  const { drill } = stack;
  if (!drill) {
    const detail = 'No restore is ever tried: "drill" is not set.';
    return [{ name: 'drill', ok: true, detail, remedy: null }];
  }
  const named = { name: drill.schedule, machine: 'drill' } as const;
  return (
    await Promise.all([
      checksFromInside(stack, { name: 'drill: check from inside', function: drill.checkFunction }),
      own('drill: schedule', () => scheduleEnabled(stack, named, now)),
      own('drill: machine', () => definitionCurrent(stack, 'drill')),
    ])
  ).flat();
}

async function definitionCurrent(stack: FoundStack, machine: MachineName): Promise<Finding> {
  const { definition = '{}' } = await askAws(
    `read the definition of the ${machine} machine`,
    stack.clients.stepFunctions.send(
      new DescribeStateMachineCommand({ stateMachineArn: deployedMachineArn(stack, machine) }),
    ),
  );
  const place = definitionDifference(machine, definition);
  if (place === undefined) return { ok: true, detail: 'Its definition is that of this program.', remedy: null };
  return {
    ok: false,
    detail: `Its definition differs from that of this program at ${place}.`,
    remedy: `If it was changed by hand or is of another version, ${deployAgain(stack.name)}`,
  };
}

/** Nothing of it can fail before the first night; but who expects it is to see that it is off, and who does not that it is on. */
function whetherPruned({ name, pruneFunction }: FoundStack): Finding {
  const detail =
    pruneFunction === undefined
      ? 'No backup is ever deleted: "keep" is not set.'
      : `Old backups are deleted when a new one is there. Which: assets-backup prune --stack ${name} --dry-run`;
  return { ok: true, detail, remedy: null };
}

function sameVersion({ name, outputs: { version } }: FoundStack): Finding {
  const own = packageFile.version;
  if (version === own) return { ok: true, detail: `The stack and this program are both ${own}.`, remedy: null };
  return {
    ok: false,
    detail: `The stack is ${version}, this program ${own}.`,
    remedy: `Use the program of that version, or deploy the stack again with this one: npx cdk deploy ${name}`,
  };
}
