import { newestDrills } from '../core/drill/newest-drills.ts';
import { AssetsBackupError, messageOf } from '../core/errors.ts';
import type { DrillRecord } from '../core/model/drill.ts';
import { newestThatCounts } from '../core/operations/check-last-backup.ts';
import { describeLastGood, type LastGoodBackup } from '../core/operations/last-good-backup.ts';
import type { Services } from '../core/ports/services.ts';
import type { MachineName } from '../functions/step-list.ts';
import packageFile from '../package.json' with { type: 'json' };
import { outputOf } from './execution-output.ts';
import { failureOf } from './execution-result.ts';
import { describeExecution, type Execution, hasEnded, lastExecutions, machinesOf } from './executions.ts';
import type { FoundStack } from './find-stack.ts';
import { nightlyOf, readSchedule, type Schedule } from './schedule.ts';

/** How a stack stands. Times are ISO 8601. */
export interface StackStatus {
  readonly stack: string;
  readonly region: string;
  /** Of what was deployed, and of this program. */
  readonly version: string;
  readonly programVersion: string;
  /** Null where it cannot be read; the reason is among the troubles. */
  readonly schedule: Schedule | null;
  /**
   * The newest backup that counts and has all that the schedule backs up, as the hourly check says it; null where there is
   * none, or where that cannot be read, which is among the troubles.
   */
  readonly lastGoodBackup: LastGoodBackup | null;
  /** Null where the stack makes no restore drills. */
  readonly drill: {
    /** Null where it cannot be read; the reason is among the troubles. */
    readonly schedule: Schedule | null;
    /** The last one that has ended, and how; null where there is none, or where that cannot be read. */
    readonly last: LastDrill | null;
  } | null;
  /** Newest first, of all machines. */
  readonly executions: readonly ExecutionSummary[];
  readonly troubles: readonly string[];
}

export interface LastDrill extends Pick<DrillRecord, 'drill' | 'backup' | 'siteName'> {
  readonly outcome: 'passed' | 'differences-found' | 'failed';
  readonly endedAt: string;
  readonly message: string;
}

export interface ExecutionSummary {
  readonly name: string;
  readonly arn: string;
  readonly machine: MachineName;
  readonly status: string;
  readonly startedAt: string;
  /** So far, where it still runs. */
  readonly milliseconds: number;
  /** `complete`, `planned`, the error's name; empty where it says nothing yet. */
  readonly result: string;
  /** Where it failed, was stopped or took too long: why, and what to do; null of any other. */
  readonly message: string | null;
}

type Stores = Pick<Services, 'backups' | 'work' | 'clock'>;

const shownExecutions = 5;

/** What cannot be read is said and leaves the rest. Throws AwsRefusedError where executions cannot be listed. */
export async function stackStatus(stack: FoundStack, stores: Stores): Promise<StackStatus> {
  const now = new Date(stores.clock.now());
  const troubles: string[] = [];
  const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof AssetsBackupError)) throw error;
      troubles.push(messageOf(error));
      return null;
    }
  };
  const [executions, schedule] = await Promise.all([
    recentExecutions(stack, now),
    orNull(readSchedule(stack, nightlyOf(stack), now)),
  ]);
  // Which backups are good depends on what the schedule backs up.
  const lastGoodBackup = schedule && (await orNull(findLastGoodBackup(stores, schedule)));
  const drill = stack.drill && {
    schedule: await orNull(readSchedule(stack, { name: stack.drill.schedule, machine: 'drill' }, now)),
    last: await orNull(findLastDrill(stores)),
  };
  return {
    stack: stack.name,
    region: stack.region,
    version: stack.outputs.version,
    programVersion: packageFile.version,
    schedule,
    lastGoodBackup,
    drill: drill ?? null,
    executions,
    troubles,
  };
}

async function findLastGoodBackup(stores: Stores, { objectSchemaKeys }: Schedule): Promise<LastGoodBackup | null> {
  const newest = await newestThatCounts(stores, objectSchemaKeys);
  return newest ? describeLastGood(stores.work, newest.manifest, newest.isRecorded) : null;
}

async function findLastDrill({ work }: Stores): Promise<LastDrill | null> {
  for await (const { drill, backup, siteName, ended } of newestDrills(work)) {
    if (!ended) continue;
    const { at: endedAt, outcome, message } = ended;
    return { drill, backup, siteName, outcome, endedAt, message };
  }
  return null;
}

async function recentExecutions(stack: FoundStack, now: Date): Promise<ExecutionSummary[]> {
  const ofMachine = async (machine: MachineName) => {
    const listed = await lastExecutions(stack, machine, shownExecutions);
    return Promise.all(listed.map(({ executionArn = '' }) => describeExecution(stack, machine, executionArn)));
  };
  const all = (await Promise.all(machinesOf(stack).map(ofMachine))).flat();
  return all
    .toSorted((one, other) => other.startedAt.getTime() - one.startedAt.getTime())
    .map((execution) => summary(execution, now));
}

function summary(execution: Execution, now: Date): ExecutionSummary {
  const { name, arn, machine, status, startedAt, stoppedAt = now } = execution;
  return {
    name,
    arn,
    machine,
    status,
    startedAt: startedAt.toISOString(),
    milliseconds: stoppedAt.getTime() - startedAt.getTime(),
    result: hasEnded(execution) ? resultWord(execution) : '',
    message: hasEnded(execution) && status !== 'SUCCEEDED' ? messageOf(failureOf(execution)) : null,
  };
}

function resultWord(execution: Execution): string {
  if (execution.status !== 'SUCCEEDED') return execution.error ?? '';
  const { status, outcome, message } = outputOf(execution);
  const word = status ?? outcome ?? message;
  return typeof word === 'string' ? word : '';
}
