import { type BackupResult, resultOf } from '../core/backup/finish-backup.ts';
import { manifestOfRun } from '../core/backup/finish-records.ts';
import { backupName } from '../core/backup-format/keys.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import { drillKeys } from '../core/drill/drill-keys.ts';
import { DrillWork } from '../core/drill/drill-work.ts';
import * as errors from '../core/errors.ts';
import type { DrillResult } from '../core/model/drill.ts';
import type { RestoreResult } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import { restoreKeys, restoreName } from '../core/restore/restore-keys.ts';
import { causeMessage } from '../core/runs/abandon-run.ts';
import { needJson } from '../core/work-store/json-file.ts';
import type { MachineName } from '../functions/step-list.ts';
import { outputOf } from './execution-output.ts';
import type { Execution } from './executions.ts';
import { withFullStop } from './full-stop.ts';
import { ownErrors } from './own-errors.ts';

/** What a run came to. A remark is all that one has which found nothing to do. */
export type Ended<Result> = { readonly result: Result } | { readonly remark: string };

type AnyResult = BackupResult | RestoreResult | DrillResult;

interface Stores {
  readonly backups: BackupStore;
  readonly work: WorkStore;
}

/**
 * The result of an execution that has ended, also where it failed because of its result: a partial backup, a restore with
 * differences. Otherwise throws the error that it failed with, by the name and exit code that it has on one machine, or
 * ExecutionFailedError.
 */
export async function resultOfExecution(stores: Stores, execution: Execution): Promise<Ended<AnyResult>> {
  const { status, error = '' } = execution;
  if (status === 'SUCCEEDED') return succeeded(execution);
  const failure = failureOf(execution);
  const stored = status === 'FAILED' ? storedResults[error] : undefined;
  if (!stored) throw failure;
  try {
    return { result: await stored(stores, execution) };
  } catch (cause) {
    if (!(cause instanceof errors.AssetsBackupError)) throw cause;
    failure.cause = cause;
    throw failure;
  }
}

/** Throws ExecutionFailedError where the output cannot be read: nobody may take that for a backup, or a restore, that is there. */
function succeeded(execution: Execution): Ended<AnyResult> {
  const { machine } = execution;
  const output = outputOf(execution);
  const isResult = (machine === 'backup' ? output.counts : output.outcome) !== undefined;
  if (isResult) return { result: output as unknown as AnyResult };
  if (typeof output.message === 'string') return { remark: output.message };
  throw new errors.ExecutionFailedError(
    `The ${machine} succeeded, but its output could not be read, so what it came to is not known here. ${whereElse[machine]}`,
  );
}

const whereElse: Readonly<Record<MachineName, string>> = {
  backup: '`assets-backup list` says which backups are there.',
  restore: "Its report lies in the work bucket under restores/. Is this program of the stack's version?",
  drill: "Its report lies in the work bucket under drills/. Is this program of the stack's version?",
};

/** Where a run leaves its result that fails because of it, by the error of its Fail state. */
const storedResults: Readonly<Record<string, (stores: Stores, execution: Execution) => Promise<AnyResult>>> = {
  async PartialBackupError(stores, { startedAt: start, arn: executionId }) {
    const startedAt = start.toISOString();
    const { backups } = stores;
    // 0.1.0 left no record, and named every backup by its start.
    const manifest =
      (await manifestOfRun(stores, { executionId, startedAt })) ?? (await openBackup(backups, backupName(startedAt)));
    return resultOf(backups, manifest);
  },
  async DifferencesFoundError({ work }, { machine, startedAt, arn }) {
    const name = restoreName(startedAt.toISOString(), arn);
    if (machine === 'drill') return needJson<DrillResult>(new DrillWork(work, name), drillKeys.result);
    return needJson<RestoreResult>(work, restoreKeys(name).result);
  },
};

/**
 * The error of an execution that ended FAILED, TIMED_OUT or ABORTED: ours by its name, where it is one of ours. Those say
 * themselves what to do; many come before anything was written.
 */
export function failureOf(execution: Execution): errors.AssetsBackupError {
  const { status, error = 'without an error', cause = '', machine } = execution;
  const sentence = causeMessage(cause);
  const known = status === 'FAILED' ? ownErrors.get(error) : undefined;
  if (known) return new known(sentence === '' ? `The ${machine} failed (${error}).` : sentence);
  return new errors.ExecutionFailedError(`${withFullStop(endOf(execution))} ${whatNow[machine]}`);
}

function endOf({ status, machine, error, cause = '' }: Execution): string {
  const sentence = causeMessage(cause);
  if (status === 'TIMED_OUT')
    return `The ${machine} took longer than its state machine allows and was ended (TIMED_OUT)`;
  const parts =
    status === 'FAILED'
      ? [`The ${machine} failed (${error ?? 'without an error'})`, sentence]
      : [`The ${machine} was stopped in AWS (${status})`, error, sentence];
  return parts.filter((part) => part).join(': ');
}

const whatNow: Readonly<Record<MachineName, string>> = {
  backup: 'What it stored so far has no manifest, so it is not a backup. See to the cause and start a new one.',
  restore:
    'What it wrote to the site stays. Start the same restore again: it goes on where it stopped, and creates nothing twice.',
  drill:
    'What it made on the site it removes where it can; what it left the next drill removes. See to the cause and start a new one.',
};
