import { S3BackupStore } from '../adapters/aws/s3-backup-store.ts';
import { S3WorkStore } from '../adapters/aws/s3-work-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { LiveDiff } from '../core/diff/site-diff.ts';
import type { DrillResult } from '../core/model/drill.ts';
import {
  type RelinkChoices,
  type RestoreChoices,
  type RestoreResult,
  restoreInputOf,
  type UndoChoices,
} from '../core/model/restore.ts';
import type { Workspace } from '../core/model/run.ts';
import type { SetupReport } from '../core/operations/check-setup.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { RunRegistry } from '../core/ports/run-registry.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import type { PruneReport } from '../core/retention/prune-backups.ts';
import type { MachineName } from '../functions/step-list.ts';
import { askAws } from './ask-aws.ts';
import { checkStack } from './check-stack.ts';
import { CommandRuns } from './command-runs.ts';
import { type DiffListener, diffInStack, type WantedSiteDiff } from './diff-in-stack.ts';
import { type Ended, resultOfExecution } from './execution-result.ts';
import { deployedSecret, type Execution, namedExecution, newestRunning } from './executions.ts';
import { type FoundStack, findStack } from './find-stack.ts';
import { type ExecutionListener, followExecution } from './follow-execution.ts';
import { pruneInStack } from './prune-in-stack.ts';
import type { StackAddress } from './stack-clients.ts';
import { type StackStatus, stackStatus } from './stack-status.ts';
import { startExecution } from './start-execution.ts';
import { type NewLogin, storeLogin, tryLogin } from './store-login.ts';

export interface DeployedBackupOptions {
  readonly objectSchemaKeys: readonly string[] | null;
  readonly activity: boolean;
  readonly full: boolean;
}

/** Finds a stack. Throws StackNotFoundError, AwsRefusedError. `clock` is for tests. */
export async function openStack(address: StackAddress, clock: Clock = systemClock): Promise<DeployedStack> {
  return new DeployedStack(await findStack(address), clock);
}

/** All that the command line does with a stack. Everything throws AwsRefusedError where AWS says no. */
export class DeployedStack {
  readonly backups: BackupStore;
  readonly work: WorkStore;
  readonly runs: RunRegistry;
  readonly #stack: FoundStack;
  readonly #clock: Clock;

  constructor(stack: FoundStack, clock: Clock) {
    const { clients, outputs, account } = stack;
    this.#stack = stack;
    this.#clock = clock;
    this.backups = new S3BackupStore({ client: clients.s3, bucket: outputs.backupsBucket, owner: account });
    this.runs = new CommandRuns(clients.stepFunctions);
    this.work = new S3WorkStore({ client: clients.s3, bucket: outputs.workBucket, owner: account });
  }

  get name(): string {
    return this.#stack.name;
  }

  get region(): string {
    return this.#stack.region;
  }

  /** The id of the key that requests are signed with, which is no secret. */
  async accessKey(): Promise<string> {
    const { credentials } = this.#stack.clients.s3.config;
    return (await askAws('find out who asks', credentials())).accessKeyId;
  }

  /** Throws WrongInputError of a machine that the stack does not have. */
  secretOf(machine: MachineName): string {
    return deployedSecret(this.#stack, machine);
  }

  startBackup({ objectSchemaKeys, activity, full }: DeployedBackupOptions): Promise<Execution> {
    const keys = objectSchemaKeys ? { objectSchemaKeys } : {};
    return startExecution(this.#stack, 'backup', {
      ...keys,
      ...(!activity && { activity }),
      ...(full && { full }),
    });
  }

  startRestore(choices: RestoreChoices): Promise<Execution> {
    return startExecution(this.#stack, 'restore', restoreInputOf(choices));
  }

  /** By the restore's machine. */
  startUndo(choices: UndoChoices): Promise<Execution> {
    return startExecution(this.#stack, 'restore', choices);
  }

  /** Likewise. */
  startRelink(choices: RelinkChoices): Promise<Execution> {
    return startExecution(this.#stack, 'restore', choices);
  }

  /** As its schedule does. Throws WrongInputError where the stack makes no drills. */
  async startDrill(): Promise<Execution> {
    return startExecution(this.#stack, 'drill', {});
  }

  /** The execution of this name or ARN, or the newest that runs; undefined where none does. Throws WrongInputError. */
  execution(named: string | undefined): Promise<Execution | undefined> {
    return named === undefined ? newestRunning(this.#stack) : namedExecution(this.#stack, named);
  }

  /**
   * Follows a backup to its end and gives its result, also that of a partial one, or a remark.
   * Otherwise throws the error that made it fail. An aborted signal ends the following alone, and its reason is thrown.
   */
  async followBackup(execution: Execution, listener: ExecutionListener, signal: AbortSignal) {
    return (await this.#follow(execution, listener, signal)) as Ended<BackupResult>;
  }

  /** The same of a restore. */
  async followRestore(execution: Execution, listener: ExecutionListener, signal: AbortSignal) {
    return (await this.#follow(execution, listener, signal)) as Ended<RestoreResult>;
  }

  /** The same of a drill, also of one that found differences. */
  async followDrill(execution: Execution, listener: ExecutionListener, signal: AbortSignal) {
    return (await this.#follow(execution, listener, signal)) as Ended<DrillResult>;
  }

  status(): Promise<StackStatus> {
    return stackStatus(this.#stack, { backups: this.backups, work: this.work, clock: this.#clock });
  }

  check(): Promise<SetupReport> {
    return checkStack(this.#stack, this.#now());
  }

  /** Whether it was told which backups to keep, so that something in it may delete the others. */
  get isPruned(): boolean {
    return this.#stack.pruneFunction !== undefined;
  }

  /** Throws WrongInputError where it was not told what to keep. */
  prune(input: { readonly dryRun: boolean }): Promise<PruneReport> {
    return pruneInStack(this.#stack, input);
  }

  /** Compares a backup with the stack's site as it is, in the stack. */
  diffWithSite(wanted: WantedSiteDiff, listener: DiffListener): Promise<LiveDiff> {
    return diffInStack(this.#stack, wanted, listener);
  }

  tryLogin(login: NewLogin, signal: AbortSignal): Promise<Workspace> {
    return tryLogin(login, this.#clock, signal);
  }

  storeLogin(machine: MachineName, login: NewLogin): Promise<void> {
    return storeLogin(this.#stack, machine, login);
  }

  async #follow(execution: Execution, listener: ExecutionListener, signal: AbortSignal) {
    const ended = await followExecution(this.#stack, execution, { listener, signal, clock: this.#clock });
    return resultOfExecution(this, ended);
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
