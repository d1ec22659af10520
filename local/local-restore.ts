import { backupName } from '../core/backup-format/keys.ts';
import {
  type RelinkChoices,
  type RestoreChoices,
  type RestoreResult,
  restoreInputOf,
  type UndoChoices,
} from '../core/model/restore.ts';
import { type LocalOptions, type OutputOf, withLocalExecution } from './local-execution.ts';

/** `settings` are those of the site that is written to. */
interface LocalWriteOptions<Choices> extends LocalOptions {
  readonly choices: Choices;
}

export type LocalRestoreOptions = LocalWriteOptions<RestoreChoices>;
export type LocalUndoOptions = LocalWriteOptions<UndoChoices>;
export type LocalRelinkOptions = LocalWriteOptions<RelinkChoices>;

/**
 * Runs the restore's state machine on this machine. Gives the result also where it is only a plan and where differences
 * were found; otherwise throws the error that made the run fail. Plan, journal and report stay in the work store, whatever
 * happens: the next restore goes on by the journal.
 */
export function restoreLocally({ choices, ...options }: LocalRestoreOptions): Promise<RestoreResult> {
  return runRestoreMachine(
    options,
    restoreInputOf(choices),
    'The restore was stopped. What was written to the site stays. Start the same command again: it goes on where it stopped, and creates nothing twice.',
  );
}

/** Takes a restore back by the same machine. */
export function undoLocally({ choices, ...options }: LocalUndoOptions): Promise<RestoreResult> {
  return runRestoreMachine(
    options,
    choices,
    'The undo was stopped. What was deleted and set back stays so. Start the same command again: it goes on where it stopped.',
  );
}

/** Links the issues of a restore again by the same machine. */
export function relinkLocally({ choices, ...options }: LocalRelinkOptions): Promise<RestoreResult> {
  return runRestoreMachine(
    options,
    choices,
    'The linking of issues was stopped. Issues that were written hold what was made. Start the same command again: it goes on where it stopped.',
  );
}

/** @param stopped what to say to a person who has stopped the run */
function runRestoreMachine(options: LocalOptions, input: unknown, stopped: string): Promise<RestoreResult> {
  return withLocalExecution(options, (execution) => {
    const startTime = new Date(execution.clock.now());
    return execution.run<RestoreResult>({
      machine: 'restore',
      name: backupName(startTime.toISOString()),
      ...{ startTime, input, stopped },
      opens: 'open-backup',
      resultOf: restoreResultOf,
      errorWithResult: 'DifferencesFoundError',
    });
  });
}

/** Of the report, or of a plan that a person has to see first. */
function restoreResultOf(outputOf: OutputOf): RestoreResult | undefined {
  const planned = (outputOf('plan-restore') ?? outputOf('plan-undo')) as { readonly result: unknown } | undefined;
  const relinked = outputOf('relink-issues') as { readonly result: unknown } | undefined;
  const result = relinked?.result ?? planned?.result ?? undefined;
  return (outputOf('report-restore') ?? outputOf('report-undo') ?? result) as RestoreResult | undefined;
}
