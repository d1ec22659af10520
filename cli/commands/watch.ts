import type { Command } from 'commander';
import type { RestoreResult } from '../../core/model/restore.ts';
import { shellCommand } from '../../core/shell-word.ts';
import type { Execution } from '../../deployed/executions.ts';
import { isRelinkInput, parseRelinkInput } from '../../functions/inputs/relink-input.ts';
import { parseRestoreInput } from '../../functions/inputs/restore-input.ts';
import { parseUndoInput } from '../../functions/inputs/undo-input.ts';
import { backupEnding } from '../backup-ending.ts';
import { chooseStack } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { drillEnding } from '../drill-ending.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type PlaceOptions, placeWords } from '../place-options.ts';
import { restoreEnding } from '../restore-ending.ts';
import { optionsOf } from '../restore-options.ts';
import { runCommand } from '../run-command.ts';
import { relinkEnding } from '../show-relink.ts';
import type { AskedRestore } from '../show-restore.ts';
import { undoEnding } from '../show-undo.ts';
import { StackPlace } from '../stack-place.ts';

export function watchCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'watch',
    description:
      'Takes up the backup, restore or drill of a stack that runs now, whoever started it, and ends as `backup`, `restore` or `drill` would have: with its result and exit code. Ctrl-C leaves it running. An execution that has ended is shown at once.',
    usage: '[execution] --stack NAME [options]',
    place: 'stack',
    examples: ['watch --stack AssetsBackup', 'watch command-2026-11-23T02-00-00-3f9a1c2e --stack AssetsBackup'],
    exitCodes: [0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 130],
  })
    .argument('[execution]', 'name or ARN of an execution (default: the newest that runs)')
    .action(async (named: string | undefined, options: PlaceOptions, command: Command) => {
      const stack = await chooseStack(context, command, options);
      const execution = await stack.execution(named);
      const words = placeWords(options);
      context.end(
        execution
          ? await takeUp(context, new StackPlace(context, stack, words), execution)
          : nothingRuns(context, stack.name, words),
      );
    });
}

function nothingRuns({ output }: CommandContext, stack: string, words: readonly string[]): ExitCode {
  if (output.isJson) output.document('nothing', { stack, exitCode: 0 });
  else output.print(`Nothing runs in the stack ${stack} now. The last runs: ${shellCommand('status', ...words)}`);
  return 0;
}

function takeUp(context: CommandContext, place: StackPlace, execution: Execution): Promise<ExitCode> {
  if (execution.machine === 'backup') {
    return runCommand(context, place.takeUpBackup(execution), backupEnding(context, place));
  }
  if (execution.machine === 'drill') {
    return runCommand(context, place.takeUpDrill(execution), drillEnding(context, { place, options: {} }));
  }
  // Not before there is a result: an input that cannot be read has none.
  const ending = ({ undo, relink, ...result }: RestoreResult) => {
    const options = () => ({ dryRun: isDryRun(execution) });
    if (undo !== undefined) return undoEnding(context, { restore: undo, place, options: options() });
    if (relink !== undefined) return relinkEnding(context, { restore: relink, place, options: options() });
    return restoreEnding(context, place, askedOf(place, execution, result));
  };
  return runCommand(context, place.takeUpRestore(execution), {
    judge: (result) => ending(result).judge(result),
    show: (result, run) => ending(result).show(result, run),
  });
}

/** Of an undo, and of a linking of issues. */
function isDryRun({ input = '{}' }: Execution): boolean {
  const asked: unknown = JSON.parse(input);
  return isRelinkInput(asked) ? parseRelinkInput(asked).dryRun : parseUndoInput(asked).dryRun;
}

/** What an execution was asked, as far as options can say it, with the backup that `latest` stood for. */
function askedOf({ words }: StackPlace, { name, input = '{}' }: Execution, { backup }: RestoreResult): AskedRestore {
  const choices = { ...parseRestoreInput(JSON.parse(input)), backup };
  const options = optionsOf(choices);
  const asked = { choices, backup, options, isPlanByFile: false };
  if (options.input === undefined) return asked;
  // The document of this very command has what was asked.
  return { ...asked, makeInput: `${shellCommand('watch', name, ...words, '--json')} | jq .input > ${options.input}` };
}
