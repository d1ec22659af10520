import { backupName } from '../core/backup-format/keys.ts';
import type { DrillResult } from '../core/model/drill.ts';
import { type LocalOptions, withLocalExecution } from './local-execution.ts';

/**
 * Runs the drill's state machine on this machine; `settings` are those of the site that it may write to. Gives the result also where
 * differences were found; otherwise throws the error that made it fail.
 */
export function drillLocally(options: LocalOptions): Promise<DrillResult> {
  return withLocalExecution(options, (execution) => {
    const startTime = new Date(execution.clock.now());
    return execution.run<DrillResult>({
      machine: 'drill',
      name: backupName(startTime.toISOString()),
      startTime,
      input: {},
      opens: 'open-drill',
      resultOf: (outputOf) => outputOf('report-drill') as DrillResult | undefined,
      errorWithResult: 'DifferencesFoundError',
      stopped:
        'The drill was stopped. What it has made on the site the next drill removes: start the same command again.',
    });
  });
}
