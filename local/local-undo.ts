import { backupName } from '../core/backup-format/keys.ts';
import type { RestoreResult, UndoChoices } from '../core/model/restore.ts';
import { type LocalOptions, withLocalExecution } from './local-execution.ts';
import { restoreResultOf } from './local-restore.ts';

/** `settings` are those of the site that the restore wrote to. */
export interface LocalUndoOptions extends LocalOptions {
  readonly choices: UndoChoices;
}

/** Takes a restore back by the restore's state machine on this machine; otherwise as `restoreLocally`. */
export function undoLocally({ choices, ...options }: LocalUndoOptions): Promise<RestoreResult> {
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
        'The undo was stopped. What was deleted and set back stays so. Start the same command again: it goes on where it stopped.',
    });
  });
}
