import { backupName } from '../core/backup-format/keys.ts';
import type { RelinkChoices, RestoreResult } from '../core/model/restore.ts';
import { type LocalOptions, withLocalExecution } from './local-execution.ts';
import { restoreResultOf } from './local-restore.ts';

/** `settings` are those of the site that the restore wrote to. */
export interface LocalRelinkOptions extends LocalOptions {
  readonly choices: RelinkChoices;
}

/** Links the issues of a restore again by the restore's state machine on this machine; otherwise as `restoreLocally`. */
export function relinkLocally({ choices, ...options }: LocalRelinkOptions): Promise<RestoreResult> {
  return withLocalExecution(options, (execution) => {
    const startTime = new Date(execution.clock.now());
    return execution.run<RestoreResult>({
      machine: 'restore',
      name: backupName(startTime.toISOString()),
      startTime,
      input: choices,
      opens: 'open-backup',
      resultOf: restoreResultOf,
      errorWithResult: 'DifferencesFoundError',
      stopped:
        'The linking of issues was stopped. Issues that were written hold what was made. Start the same command again: it goes on where it stopped.',
    });
  });
}
