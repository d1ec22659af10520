import { backupName } from '../core/backup-format/keys.ts';
import { type RestoreChoices, type RestoreResult, restoreInputOf } from '../core/model/restore.ts';
import { type LocalOptions, type OutputOf, withLocalExecution } from './local-execution.ts';

/** `settings` are those of the target. */
export interface LocalRestoreOptions extends LocalOptions {
  readonly choices: RestoreChoices;
}

/**
 * Runs the restore's state machine on this machine. Gives the result also where it is only a plan and where differences
 * were found; otherwise throws the error that made the run fail. Plan, journal and report stay in the work store, whatever
 * happens: the next restore goes on by the journal.
 */
export function restoreLocally(options: LocalRestoreOptions): Promise<RestoreResult> {
  return withLocalExecution(options, (execution) => {
    const startTime = new Date(execution.clock.now());
    return execution.run<RestoreResult>({
      machine: 'restore',
      name: backupName(startTime.toISOString()),
      startTime,
      input: restoreInputOf(options.choices),
      opens: 'open-backup',
      resultOf: restoreResultOf,
      errorWithResult: 'DifferencesFoundError',
      stopped:
        'The restore was stopped. What was written to the site stays. Start the same command again: it goes on where it stopped, and creates nothing twice.',
    });
  });
}

/** Of the report, or of a plan that a person has to see first. */
export function restoreResultOf(outputOf: OutputOf): RestoreResult | undefined {
  const planned = (outputOf('plan-restore') ?? outputOf('plan-undo')) as { readonly result: unknown } | undefined;
  const relinked = outputOf('relink-issues') as { readonly result: unknown } | undefined;
  const result = relinked?.result ?? planned?.result ?? undefined;
  return (outputOf('report-restore') ?? outputOf('report-undo') ?? result) as RestoreResult | undefined;
}
