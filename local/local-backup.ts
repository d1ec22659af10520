import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createAssetsSite } from '../adapters/atlassian/assets-site.ts';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { causeMessage } from '../core/backup/execution-error.ts';
import type { BackupResult } from '../core/backup/finish-backup.ts';
import type { PlanBackupSummary } from '../core/backup/plan-backup.ts';
import { workKeys } from '../core/backup/work-files.ts';
import { backupName } from '../core/backup-format/keys.ts';
import { backupNames } from '../core/backup-format/open-backup.ts';
import { InterruptedError, KeyExistsError } from '../core/errors.ts';
import { requestBudget } from '../core/model/request-budget.ts';
import type { Run } from '../core/model/run.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import type { Services } from '../core/ports/services.ts';
import { releaseSiteLock } from '../core/runs/site-lock.ts';
import type { Step } from '../functions/runtime/step.ts';
import { backupSteps, stepName } from '../functions/step-list.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { Json as MachineJson } from './interpreter/json.ts';
import { loadMachine } from './interpreter/load-machine.ts';
import { runMachine } from './interpreter/run-machine.ts';
import { LocalRuns } from './local-runs.ts';
import { openLocalStores } from './local-stores.ts';

export interface LocalBackupOptions {
  /** Where backups lie; created where it is missing. */
  readonly directory: string;
  readonly settings: LoginSettings;
  readonly objectSchemaKeys: readonly string[] | null;
  /** Whether to read history and comments; without them a backup needs a hundredth of the requests. */
  readonly activity: boolean;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** For tests: time, the time-out of a request, and what is left of an invocation's time. */
  readonly clock?: Clock;
  readonly requestTimeoutMilliseconds?: number;
  readonly remainingMilliseconds?: () => number;
}

const definitionFile = new URL('../functions/backup/backup.asl.json', import.meta.url);

/**
 * Runs the backup's state machine on this machine: the definition and the steps that run on AWS, with directories for
 * buckets. Gives the result also of a partial backup; otherwise throws the error that made the run fail.
 */
export async function backUpLocally(options: LocalBackupOptions): Promise<BackupResult> {
  const { directory, settings, reporter, clock = systemClock } = options;
  const { backups, work } = openLocalStores(directory);
  const runs = new LocalRuns(work, clock);
  const signal = options.signal ?? new AbortController().signal;
  const executionId = `local:${hostname()}:${process.pid}:${randomUUID()}`;
  const servicesFor = (invocation: AbortSignal): Services => ({
    site: createAssetsSite({
      settings,
      clock,
      reporter,
      signal: invocation,
      ...(options.requestTimeoutMilliseconds && { timeoutMilliseconds: options.requestTimeoutMilliseconds }),
    }),
    backups,
    work,
    clock,
    reporter,
    runs,
    budget: requestBudget(settings.requestBudget),
    remainingMilliseconds: options.remainingMilliseconds ?? (() => Number.POSITIVE_INFINITY),
    version: packageFile.version,
  });
  const steps = await loadSteps();
  const tokens = Object.fromEntries([...[...steps.keys()].map((name) => [name, name]), ['WorkBucket', 'work']]);
  const machine = loadMachine(await readFile(definitionFile, 'utf8'), tokens);

  const thrown = new Map<string, Error>();
  let run: Run | undefined;
  let result: BackupResult | undefined;
  const stopHeartbeat = await runs.startHeartbeat(executionId);
  let name: string | undefined;
  try {
    const startTime = await claimStartTime(servicesFor(signal), executionId, signal);
    name = backupName(startTime.toISOString());
    const execution = await runMachine(
      machine,
      {
        input: {
          objectSchemaKeys: options.objectSchemaKeys ? [...options.objectSchemaKeys] : null,
          activity: options.activity,
        },
        name,
        executionId,
        startTime,
        signal,
      },
      {
        clock,
        readItems: async (_bucket, key) => {
          const items = await work.read(key);
          if (!items) throw new Error(`The work store has no ${key}.`);
          return items.text;
        },
        async invoke(name, payload, invocation) {
          try {
            const output = await stepNamed(steps, name).invoke(servicesFor(invocation), payload);
            if (name === 'PlanBackup') ({ run } = output as unknown as PlanBackupSummary);
            if (name === 'FinishBackup') result = output as unknown as BackupResult;
            return output as MachineJson;
          } catch (error) {
            if (error instanceof Error) thrown.set(error.name, error);
            throw error;
          }
        },
      },
    );
    // Also where Ctrl-C came when the manifest had just been written: that backup is there.
    if (result && execution.status !== 'FAILED') return result;
    if (execution.status === 'SUCCEEDED') throw new Error('The state machine ended without a result.');
    if (execution.error === 'PartialBackupError' && result) return result;
    if (execution.status === 'ABORTED') {
      if (run) await releaseSiteLock(servicesFor(AbortSignal.abort()), run.workspace.workspaceId, executionId);
      throw new InterruptedError(
        'The backup was stopped. What was stored so far has no manifest, so it is not a backup: start a new one.',
      );
    }
    // The steps ran in this process, so the error itself is at hand, with its causes and exit code.
    throw thrown.get(execution.error) ?? new Error(`${execution.error}: ${causeMessage(execution.cause)}`);
  } finally {
    await stopHeartbeat();
    // What the steps left for each other is of no use to another run; a backup needs nothing of it.
    if (name !== undefined) await work.removeUnder(workKeys(name).root);
  }
}

/**
 * A backup is named by the second in which it starts. A second that another run has, perhaps of another site that cron
 * started with this one, is waited out; the name is ours when the file of its owner is.
 */
async function claimStartTime(
  { backups, work, runs, clock }: Services,
  executionId: string,
  signal: AbortSignal,
): Promise<Date> {
  const taken = await backupNames(backups);
  for (;;) {
    const startTime = new Date(clock.now());
    const name = backupName(startTime.toISOString());
    try {
      if (!taken.includes(name)) {
        await work.create(workKeys(name).owner, JSON.stringify(runs.holder(executionId)));
        return startTime;
      }
    } catch (error) {
      if (!(error instanceof KeyExistsError)) throw error;
    }
    await clock.sleep(1000 - startTime.getMilliseconds(), signal);
  }
}

async function loadSteps(): Promise<Map<string, Step>> {
  const modules = await Promise.all(
    backupSteps.map(
      async (file) => [stepName(file), (await import(`../functions/backup/${file}.ts`)) as { step: Step }] as const,
    ),
  );
  return new Map(modules.map(([name, { step }]) => [name, step]));
}

function stepNamed(steps: ReadonlyMap<string, Step>, name: string): Step {
  const step = steps.get(name);
  if (!step) throw new Error(`There is no step ${name}.`);
  return step;
}
