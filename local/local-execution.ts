import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createAssetsSite } from '../adapters/atlassian/assets-site.ts';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import type { DirectoryWorkStore } from '../adapters/disk/directory-work-store.ts';
import { type FolderSettings, readFolderSettings } from '../adapters/disk/folder-settings.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { allDiffs } from '../core/diff/diff-keys.ts';
import { allDrills } from '../core/drill/drill-keys.ts';
import { InterruptedError, StorageError } from '../core/errors.ts';
import { defaultConcurrency } from '../core/model/concurrency.ts';
import { diffDays } from '../core/model/diff-days.ts';
import { drillDays } from '../core/model/drill-days.ts';
import type { Json } from '../core/model/json.ts';
import { requestBudget } from '../core/model/request-budget.ts';
import type { RestoreRun } from '../core/model/restore.ts';
import type { Run } from '../core/model/run.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import { defaultSearchLagMilliseconds, type Services } from '../core/ports/services.ts';
import { KeptFiles } from '../core/reading/kept-files.ts';
import { allBeforeImages, allKeptPlans } from '../core/restore/restore-keys.ts';
import { causeMessage } from '../core/runs/abandon-run.ts';
import { allReaders, longestRead } from '../core/runs/backup-readers.ts';
import { releaseRunAtEnd } from '../core/runs/release-run.ts';
import { type MachineName, type StepFile, stepName } from '../functions/step-list.ts';
import packageFile from '../package.json' with { type: 'json' };
import { type JsonValue, throughJson } from './interpreter/json.ts';
import type { MachineHost } from './interpreter/machine-host.ts';
import { type EndedExecution, runMachine } from './interpreter/run-machine.ts';
import { loadMachineWithSteps } from './load-steps.ts';
import { localRoot } from './local-root.ts';
import { LocalRuns } from './local-runs.ts';
import { openLocalStores } from './local-stores.ts';

/** What every run on this machine is given. */
export interface LocalOptions {
  /** Where backups lie; created where it is missing. */
  readonly directory: string;
  readonly settings: LoginSettings;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** For tests: time, the time-out of a request, and what is left of an invocation's time. */
  readonly clock?: Clock;
  readonly requestTimeoutMilliseconds?: number;
  readonly remainingMilliseconds?: () => number;
  /** For tests: puts something between a step and its services, anew for each invocation. */
  readonly decorate?: (services: Services) => Services;
  /** For tests: told what happens to each state. */
  readonly onState?: MachineHost['onState'];
}

/** What to run, and what its ends mean. */
export interface LocalRun<Result> {
  readonly machine: MachineName;
  readonly name: string;
  readonly startTime: Date;
  /** What a person would give the execution, as JSON. */
  readonly input: unknown;
  /** The step that takes the lock; its output holds the run. */
  readonly opens: StepFile;
  /** The result, once a step has given it. */
  readonly resultOf: (outputOf: OutputOf) => Result | undefined;
  /** The error of the machine's own Fail state for a result that is not what was hoped for. */
  readonly errorWithResult: string;
  /** What to say to a person who has stopped the run. */
  readonly stopped: string;
}

/** The last output of a step; undefined while it has given none. */
export type OutputOf = (file: StepFile) => Json | undefined;

/**
 * Runs `work` as an execution that other processes see as running until `work` has ended, whatever way it ends. Before that it
 * does what the life cycle of a bucket does on AWS. Throws WrongInputError where the settings of the folder are wrong.
 */
export async function withLocalExecution<Result>(
  options: LocalOptions,
  work: (execution: LocalExecution) => Promise<Result>,
): Promise<Result> {
  const settings = await readFolderSettings(localRoot(options.directory).root);
  const execution = new LocalExecution(options, settings);
  const stopHeartbeat = await execution.runs.startHeartbeat(execution.id);
  try {
    const now = execution.clock.now();
    await execution.work.removeOlder(allBeforeImages, now - settings.undoDays * millisecondsADay);
    await execution.work.removeOlder(allKeptPlans, now - keptPlanDays * millisecondsADay);
    await execution.work.removeOlder(allReaders, now - longestRead);
    await execution.work.removeOlder(allDiffs, now - diffDays * millisecondsADay);
    await execution.work.removeOlder(allDrills, now - drillDays * millisecondsADay);
    return await work(execution);
  } finally {
    await stopHeartbeat();
  }
}

const millisecondsADay = 86_400_000;
/** As long as a stack keeps them, unless its settings say otherwise. */
const keptPlanDays = 90;

/** A state machine on this machine: the definition and the steps that run on AWS, with directories for buckets. */
export class LocalExecution {
  readonly id = `local:${hostname()}:${process.pid}:${randomUUID()}`;
  readonly backups: BackupStore;
  readonly work: DirectoryWorkStore;
  readonly runs: LocalRuns;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly #options: LocalOptions;
  readonly #folder: FolderSettings;
  readonly #kept = new KeptFiles();

  constructor(options: LocalOptions, folder: FolderSettings) {
    const { directory, reporter, clock = systemClock, signal = new AbortController().signal } = options;
    const { backups, work } = openLocalStores(directory, folder);
    this.backups = backups;
    this.work = work;
    this.runs = new LocalRuns(work, clock);
    this.clock = clock;
    this.reporter = reporter;
    this.signal = signal;
    this.#options = options;
    this.#folder = folder;
  }

  /**
   * Gives the result also where the machine fails because of it. Otherwise throws the error that made the run fail: the
   * very error that the step threw, with its causes and exit code. Throws InterruptedError where the run was stopped.
   */
  async run<Result>(run: LocalRun<Result>): Promise<Result> {
    const outputs = new Map<string, Json>();
    const thrown = new Map<string, Error>();
    const ended = await this.#runMachine(run, outputs, thrown);
    const outputOf: OutputOf = (file) => outputs.get(stepName(file));

    const result = run.resultOf(outputOf);
    // Also where Ctrl-C came when the result had just been stored: it is there.
    if (result && ended.status !== 'FAILED') return result;
    if (ended.status === 'SUCCEEDED') throw new Error('The state machine ended without a result.');
    if (result && ended.error === run.errorWithResult) return result;
    if (ended.status === 'ABORTED') {
      await this.#release(outputOf(run.opens));
      throw new InterruptedError(run.stopped);
    }
    throw thrown.get(ended.error) ?? new Error(`${ended.error}: ${causeMessage(ended.cause)}`);
  }

  /** Notes each step's last output, and the last error of each name; of a store the first. */
  async #runMachine(
    { machine: machineName, name, startTime, input }: LocalRun<unknown>,
    outputs: Map<string, Json>,
    thrown: Map<string, Error>,
  ): Promise<EndedExecution> {
    const { machine, stepNamed } = await loadMachineWithSteps(machineName);
    return runMachine(
      machine,
      { input: throughJson(input), name, executionId: this.id, startTime, signal: this.signal },
      {
        clock: this.clock,
        onState: this.#options.onState,
        readItems: async (_bucket, key) => {
          const items = await this.work.read(key).catch((error: unknown) => {
            if (error instanceof Error) thrown.set('States.ItemReaderFailed', error);
            throw error;
          });
          if (!items) throw new Error(`The work store has no ${key}.`);
          return items.text;
        },
        invoke: async (step, payload, invocation) => {
          try {
            const output = await stepNamed(step).invoke(this.servicesFor(invocation), payload);
            outputs.set(step, output);
            return output as JsonValue;
          } catch (error) {
            // A store that fails stops the run, and whatever follows meets it again: only the first says what was the matter.
            const isEcho = error instanceof StorageError && thrown.has(error.name);
            if (error instanceof Error && !isEcho) thrown.set(error.name, error);
            throw error;
          }
        },
      },
    );
  }

  /** A site for each invocation, because its requests end with the invocation. */
  servicesFor(invocation: AbortSignal): Services {
    const { backups, work, runs, clock, reporter } = this;
    const { settings, requestTimeoutMilliseconds, remainingMilliseconds, decorate } = this.#options;
    const services: Services = {
      site: createAssetsSite({
        settings,
        clock,
        reporter,
        signal: invocation,
        ...(requestTimeoutMilliseconds && { timeoutMilliseconds: requestTimeoutMilliseconds }),
      }),
      backups,
      work,
      clock,
      reporter,
      runs,
      budget: requestBudget(settings.requestBudget),
      concurrency: defaultConcurrency,
      remainingMilliseconds: remainingMilliseconds ?? (() => Number.POSITIVE_INFINITY),
      searchLagMilliseconds: defaultSearchLagMilliseconds,
      undoDays: this.#folder.undoDays,
      kept: this.#kept,
      activity: {
        activityMaxAgeDays: this.#folder.activityMaxAgeDays,
        activityFiles: this.#folder.activityFiles,
      },
      issueLinks: this.#folder.issueLinks,
      lossAlarm: this.#folder.lossAlarm,
      drill: this.#folder.drill,
      keep: this.#folder.keep,
      timeZone: 'UTC',
      // Whatever starts it, cron or a person, tells nobody when it does so again.
      nextStart: () => undefined,
      watched: null,
      tokenExpires: settings.expires ?? null,
      version: packageFile.version,
    };
    return decorate ? decorate(services) : services;
  }

  /** A run that was stopped has no state left that could let go of what it holds. */
  async #release(opened: Json | undefined): Promise<void> {
    const output = opened as { readonly run?: Run | RestoreRun } | undefined;
    if (output?.run) await releaseRunAtEnd(this, output.run);
  }
}
