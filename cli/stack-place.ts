import type { BackupResult } from '../core/backup/finish-backup.ts';
import { AwsRefusedError, InterruptedError } from '../core/errors.ts';
import type { DrillResult } from '../core/model/drill.ts';
import type { RelinkChoices, RestoreChoices, RestoreResult, UndoChoices } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { RunRegistry } from '../core/ports/run-registry.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import type { PruneReport } from '../core/retention/prune-backups.ts';
import { shellCommand } from '../core/shell-word.ts';
import type { DeployedStack } from '../deployed/deployed-stack.ts';
import type { Ended } from '../deployed/execution-result.ts';
import type { Execution } from '../deployed/executions.ts';
import type { ExecutionListener } from '../deployed/follow-execution.ts';
import type { CommandContext } from './command-context.ts';
import type { Place, RunOf, WantedBackup, WantedDiff, WantedPruning, WantedRestore, WhatIsKept } from './place.ts';
import { deployedRuns } from './progress/run-kind.ts';
import type { RunProgress } from './progress/run-progress.ts';
import type { PlacedRun, RunSurroundings } from './run-command.ts';
import { thisPerson } from './this-person.ts';
import type { WatchedSurroundings } from './watched-work.ts';

/** A stack in AWS: its buckets, and its state machines to run on. */
export class StackPlace implements Place {
  readonly name: string;
  readonly words: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly newBackup: string;
  readonly backups: BackupStore;
  readonly work: WorkStore;
  readonly runs: RunRegistry;
  readonly #context: CommandContext;
  readonly #stack: DeployedStack;

  constructor(context: CommandContext, stack: DeployedStack, words: readonly string[]) {
    this.name = `the stack ${stack.name}`;
    this.words = words;
    this.fields = { stack: stack.name, region: stack.region };
    this.newBackup = shellCommand('backup', ...words);
    this.backups = stack.backups;
    this.work = stack.work;
    this.runs = stack.runs;
    this.#context = context;
    this.#stack = stack;
  }

  addressOfBackup(name: string): string {
    return this.backups.addressOf(`${name}/`);
  }

  addressOfWork(key: string): string {
    return this.work.addressOf(key);
  }

  /** AWS knows by the access key who it was, also afterwards: CloudTrail keeps it. */
  async person(): Promise<string> {
    return `${thisPerson()}, with the access key ${await this.#stack.accessKey()}`;
  }

  /** Nobody in AWS can ask this machine: what it marks counts until it is taken back, or stale. */
  async beginRun(): Promise<() => Promise<void>> {
    return async () => {};
  }

  async backUp({ schemas, activity, full }: WantedBackup): Promise<PlacedRun<BackupResult>> {
    return {
      kind: deployedRuns.backup,
      opening: `Backing up in ${this.name}`,
      start: async (surroundings) => {
        const execution = await this.#stack.startBackup({ objectSchemaKeys: schemas ?? null, activity, full });
        return this.#followBackup(execution, surroundings);
      },
    };
  }

  async restore({ request, options }: WantedRestore): Promise<RunOf<RestoreChoices>> {
    if (request.credentials) {
      const { output } = this.#context;
      output.warn(`The login in ${options.input} is not used: the restore secret of ${this.name} names the target.`);
    }
    return (choices) => ({
      kind: deployedRuns.restore,
      opening: choices.dryRun
        ? `Planning to restore ${choices.backup} in ${this.name}; nothing on the site is changed`
        : `Restoring ${choices.backup} in ${this.name}`,
      start: async (surroundings) => {
        for (const { key, text } of request.files) await this.work.write(key, text);
        const execution = await this.#stack.startRestore(choices);
        return this.#followRestore(execution, surroundings);
      },
    });
  }

  async undo(): Promise<RunOf<UndoChoices>> {
    return (choices) => ({
      kind: deployedRuns.restore,
      opening: choices.dryRun
        ? `Planning to undo ${choices.undo} in ${this.name}; nothing on the site is changed`
        : `Undoing ${choices.undo} in ${this.name}`,
      start: async (surroundings) => this.#followRestore(await this.#stack.startUndo(choices), surroundings),
    });
  }

  async drill(): Promise<PlacedRun<DrillResult>> {
    return {
      kind: deployedRuns.drill,
      opening: `Trying a restore in ${this.name}`,
      start: async (surroundings) => this.#followDrill(await this.#stack.startDrill(), surroundings),
    };
  }

  async relink(): Promise<RunOf<RelinkChoices>> {
    return (choices) => ({
      kind: deployedRuns.restore,
      opening: choices.dryRun
        ? `Looking at issues in ${this.name} for ${choices.relink}; nothing on the site is changed`
        : `Linking issues again in ${this.name} for ${choices.relink}`,
      start: async (surroundings) => this.#followRestore(await this.#stack.startRelink(choices), surroundings),
    });
  }

  prune({ dryRun }: WantedPruning): Promise<PruneReport> {
    return this.#stack.prune({ dryRun });
  }

  /** The stack alone knows its rules, and sees locks and executions: it is asked. */
  async whatIsKept(): Promise<WhatIsKept | null> {
    if (!this.#stack.isPruned) return null;
    const { kept, deleted, heldBack } = await this.#stack.prune({ dryRun: true });
    const goes = deleted.map(({ backup }) => [backup, []] as const);
    const stays = kept.map(({ backup, reasons }) => [backup, reasons] as const);
    return { reasons: new Map([...goes, ...stays].sort(([one], [other]) => (one < other ? -1 : 1))), heldBack };
  }

  async diffLive({ site: _, ...wanted }: WantedDiff) {
    return ({ progress, signal }: WatchedSurroundings) => {
      const beganAt = this.#context.io.now();
      return this.#stack.diffWithSite(wanted, {
        signal,
        heard: ({ compared, expected }) =>
          progress.reached('comparison', { planned: Math.max(expected, compared), done: compared, beganAt }),
      });
    };
  }

  /** An operator may not write there. */
  async keepPage(key: string, page: string): Promise<string> {
    const { keepPrivately } = await import('./private-page.ts');
    return keepPrivately(key, page);
  }

  /** The life cycle of the bucket does that. */
  async clearOldDiffs(): Promise<void> {}

  /** A backup that was started elsewhere. */
  takeUpBackup(execution: Execution): PlacedRun<BackupResult> {
    return {
      kind: deployedRuns.backup,
      opening: `Following the backup of ${this.name}`,
      start: (surroundings) => this.#followBackup(execution, surroundings),
    };
  }

  /** The same of a restore. */
  takeUpRestore(execution: Execution): PlacedRun<RestoreResult> {
    return {
      kind: deployedRuns.restore,
      opening: `Following the restore of ${this.name}`,
      start: (surroundings) => this.#followRestore(execution, surroundings),
    };
  }

  /** The same of a drill. */
  takeUpDrill(execution: Execution): PlacedRun<DrillResult> {
    return {
      kind: deployedRuns.drill,
      opening: `Following the drill of ${this.name}`,
      start: (surroundings) => this.#followDrill(execution, surroundings),
    };
  }

  #followDrill(execution: Execution, surroundings: RunSurroundings): Promise<Ended<DrillResult>> {
    return this.#follow(execution, surroundings, (...how) => this.#stack.followDrill(execution, ...how));
  }

  #followBackup(execution: Execution, surroundings: RunSurroundings): Promise<Ended<BackupResult>> {
    return this.#follow(execution, surroundings, (...how) => this.#stack.followBackup(execution, ...how));
  }

  #followRestore(execution: Execution, surroundings: RunSurroundings): Promise<Ended<RestoreResult>> {
    return this.#follow(execution, surroundings, (...how) => this.#stack.followRestore(execution, ...how));
  }

  /** Ctrl-C, and AWS when it cannot be asked any more, end the following alone: the sentence says how to take it up. */
  async #follow<Result>(
    execution: Execution,
    { progress, signal, say }: RunSurroundings,
    follow: (listener: ExecutionListener, signal: AbortSignal) => Promise<Ended<Result>>,
  ): Promise<Ended<Result>> {
    const { output } = this.#context;
    output.trace = { field: 'execution', value: execution.arn };
    progress.startedAt(execution.startedAt.getTime());
    say(`Execution ${execution.name}; Ctrl-C leaves it running.`);
    try {
      return await follow(listenerOf(progress, say), signal);
    } catch (error) {
      const goesOn = `The ${execution.machine} goes on in AWS. Take it up again: ${shellCommand('watch', execution.name, ...this.words)}`;
      if (signal.aborted) throw new InterruptedError(`Left. ${goesOn}`);
      if (error instanceof AwsRefusedError) throw new AwsRefusedError(`${error.message} ${goesOn}`, { cause: error });
      throw error;
    }
  }
}

function listenerOf(progress: RunProgress, say: (line: string) => void): ExecutionListener {
  return {
    map: ({ stage, items, done, startedAt }) =>
      progress.reached(stage, { planned: items, done, beganAt: startedAt.getTime() }),
    state: ({ name, since }) => progress.entered(name, since.getTime()),
    blind: (message) => say(`Warning: ${message} The run is followed all the same, without its progress.`),
  };
}
