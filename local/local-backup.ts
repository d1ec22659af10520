import type { BackupResult } from '../core/backup/finish-backup.ts';
import { workKeys } from '../core/backup/work-files.ts';
import { backupName } from '../core/backup-format/keys.ts';
import { backupNames } from '../core/backup-format/open-backup.ts';
import { KeyExistsError, StorageError } from '../core/errors.ts';
import type { Run } from '../core/model/run.ts';
import { type LocalExecution, type LocalOptions, withLocalExecution } from './local-execution.ts';

export interface LocalBackupOptions extends LocalOptions {
  readonly objectSchemaKeys: readonly string[] | null;
  /** Whether to read history and comments; without them a backup needs a hundredth of the requests. */
  readonly activity: boolean;
  /** Whether to read the history and the comments of every object, whatever the last backup has. @default false */
  readonly full?: boolean;
}

/**
 * Runs the backup's state machine on this machine. Gives the result also of a partial backup; otherwise throws the error
 * that made the run fail.
 */
export function backUpLocally(options: LocalBackupOptions): Promise<BackupResult> {
  const { objectSchemaKeys, activity, full = false } = options;
  return withLocalExecution(options, async (execution) => {
    const startTime = await claimStartTime(execution);
    let name = backupName(startTime.toISOString());
    try {
      return await execution.run<BackupResult>({
        machine: 'backup',
        name,
        startTime,
        input: { objectSchemaKeys: objectSchemaKeys ? [...objectSchemaKeys] : null, activity, full },
        opens: 'plan-backup',
        resultOf: (outputOf) => {
          const planned = outputOf('plan-backup') as { readonly run: Run } | undefined;
          name = planned?.run.backup ?? name;
          return outputOf('finish-backup') as unknown as BackupResult | undefined;
        },
        errorWithResult: 'PartialBackupError',
        stopped:
          'The backup was stopped. What was stored so far has no manifest, so it is not a backup: start a new one.',
      });
    } finally {
      await clearAway(execution, workKeys(name).root);
    }
  });
}

/**
 * What the steps left for each other is of no use to another run, and a backup needs nothing of it. So a disk that does not let
 * it go changes nothing of how the run ended.
 */
async function clearAway({ work, reporter }: LocalExecution, root: string): Promise<void> {
  try {
    await work.removeUnder(root);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    reporter.event('warn', 'run.not-cleared', { message: error.message });
  }
}

/**
 * A backup is named by the second in which it starts. A second that another run has, perhaps of another site that cron
 * started with this one, is waited out; the name is ours when the file of its owner is. Where the next seconds are taken as well,
 * somebody has put files there, and the plan takes the first free name.
 */
async function claimStartTime({ id, backups, work, runs, clock, signal }: LocalExecution): Promise<Date> {
  const taken = await backupNames(backups);
  for (let waited = 0; ; waited += 1) {
    const startTime = new Date(clock.now());
    const name = backupName(startTime.toISOString());
    if (waited === mostWaited) return startTime;
    try {
      if (!taken.includes(name)) {
        await work.create(workKeys(name).owner, JSON.stringify(runs.holder(id)));
        return startTime;
      }
    } catch (error) {
      if (!(error instanceof KeyExistsError)) throw error;
    }
    await clock.sleep(1000 - startTime.getMilliseconds(), signal);
  }
}

const mostWaited = 5;
