import { counted } from '../core/counted.ts';
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
      notice: restoreNotice(result, asked.choices),
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

/** What somebody who is not there should know of a restore or an undo, by the same rule as its exit code. */
export function restoreNotice(result: RestoreResult, choices: Pick<RestoreChoices, 'dryRun'>): string | undefined {
  if (restoreExitCode(result, choices) === 0) return undefined;
  const { restore, backup, undo, outcome, losses, differences } = result;
  const run = undo === undefined ? `${restore} of ${backup}` : `${restore}, which takes ${undo} back,`;
  const left = undo === undefined ? `${counted(losses, 'value')} lost` : counted(losses, 'thing stays', 'things stay');
  if (outcome === 'needs-approval') return `${run} waits for an approval, and has written nothing`;
  return `${run} with ${[...(differences > 0 ? [counted(differences, 'difference')] : []), left].join(', ')}`;
}
