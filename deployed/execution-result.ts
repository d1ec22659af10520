import { createHash } from 'node:crypto';
import { type BackupResult, resultOf } from '../core/backup/finish-backup.ts';
import { backupName } from '../core/backup-format/keys.ts';
import { openBackup } from '../core/backup-format/open-backup.ts';
import * as errors from '../core/errors.ts';
import type { RestoreResult } from '../core/model/restore.ts';
import type { BackupStore } from '../core/ports/backup-store.ts';
import type { WorkStore } from '../core/ports/work-store.ts';
import { restoreKeys } from '../core/restore/restore-keys.ts';
import { causeMessage } from '../core/runs/execution-error.ts';
import type { MachineName } from '../functions/step-list.ts';
import type { Execution } from './executions.ts';

/** What a run came to. A remark is all that one has which found nothing to do. */
export type Ended<Result> = { readonly result: Result } | { readonly remark: string };

type AnyResult = BackupResult | RestoreResult;

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
  if (status !== 'FAILED') throw new errors.ExecutionFailedError(unnatural(execution));
  const failure = failureOf(execution);
  const stored = storedResults[error];
  if (!stored) throw failure;
  try {
    return { result: await stored(stores, execution) };
  } catch (cause) {
    if (!(cause instanceof errors.AssetsBackupError)) throw cause;
    failure.cause = cause;
    throw failure;
  }
}

function succeeded({ output = '{}', machine }: Execution): Ended<AnyResult> {
  const result = (JSON.parse(output) ?? {}) as Partial<BackupResult & RestoreResult>;
  const isResult = machine === 'backup' ? result.counts !== undefined : result.outcome !== undefined;
  if (isResult) return { result: result as AnyResult };
  return { remark: result.message ?? `The ${machine} succeeded and says nothing of what it did.` };
}

/** Where a run leaves its result that fails because of it, by the error of its Fail state. */
const storedResults: Readonly<Record<string, (stores: Stores, execution: Execution) => Promise<AnyResult>>> = {
  async PartialBackupError({ backups }, { startedAt }) {
    return resultOf(backups, await openBackup(backups, backupName(startedAt.toISOString())));
  },
  async DifferencesFoundError({ work }, { startedAt, arn }) {
    const execution = createHash('sha256').update(arn).digest('hex').slice(0, 8);
    const { result: key } = restoreKeys(`${backupName(startedAt.toISOString())}_${execution}`);
    const stored = await work.read(key);
    if (!stored) throw new errors.MissingKeyError(`There is no ${work.addressOf(key)}.`);
    return JSON.parse(stored.text) as RestoreResult;
  },
};

/** The error of a failed execution: ours by its name, where it is one of ours. */
function failureOf({ error = 'without an error', cause = '', machine }: Execution): errors.AssetsBackupError {
  const sentence = causeMessage(cause);
  const known = classes.get(error);
  if (known) return new known(sentence === '' ? `The ${machine} failed (${error}).` : sentence);
  const why = sentence === '' ? '' : `: ${sentence}`;
  return new errors.ExecutionFailedError(`The ${machine} failed (${error})${why} ${whatNow[machine]}`);
}

/** TIMED_OUT, ABORTED. */
function unnatural({ status, machine, error, cause }: Execution): string {
  const why = [error, cause && causeMessage(cause)].filter((text) => text).join(': ');
  const ended =
    status === 'TIMED_OUT'
      ? `The ${machine} took longer than its state machine allows and was ended (TIMED_OUT).`
      : `The ${machine} was stopped in AWS (${status})${why === '' ? '' : `: ${why}`}.`;
  return `${ended} ${whatNow[machine]}`;
}

const whatNow: Readonly<Record<MachineName, string>> = {
  backup: 'What it stored so far has no manifest, so it is not a backup. See to the cause and start a new one.',
  restore:
    'What it wrote to the site stays. Start the same restore again: it goes on where it stopped, and creates nothing twice.',
};

type OwnError = new (message: string) => errors.AssetsBackupError;

/** Our errors by their literal names, which Step Functions hands on. */
const classes: ReadonlyMap<string, OwnError> = new Map(
  Object.values(errors).flatMap((exported): [string, OwnError][] => {
    const isOurs = exported.prototype instanceof errors.AssetsBackupError;
    return isOurs ? [[exported.name, exported as OwnError]] : [];
  }),
);
