import type { RestoreChoices, RestoreResult } from '../core/model/restore.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Place } from './place.ts';
import type { Ending } from './run-command.ts';
import { type AskedRestore, showRestore } from './show-restore.ts';

/** What becomes of a restore's result. */
export function restoreEnding({ output }: CommandContext, place: Place, asked: AskedRestore): Ending<RestoreResult> {
  return {
    judge: (result) => ({
      exitCode: restoreExitCode(result, asked.choices),
      fields: {
        restore: result.restore,
        outcome: result.outcome,
        losses: result.losses,
        differences: result.differences,
      },
    }),
    show: (result, ending) => showRestore(output, { ...asked, ...ending, result, place }),
  };
}

/** A plan that was asked for is done, whatever stands in it; a restore that had to stop at its plan is not. */
export function restoreExitCode({ outcome }: RestoreResult, { dryRun }: Pick<RestoreChoices, 'dryRun'>): ExitCode {
  switch (outcome) {
    case 'planned':
    case 'restored':
      return 0;
    case 'needs-approval':
      return dryRun ? 0 : 1;
    case 'restored-with-losses':
      return 3;
    case 'differences-found':
      return 14;
  }
}
