import type { Command } from 'commander';
import { chooseStack } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { statusReport } from '../output/status-report.ts';
import { type PlaceOptions, placeWords } from '../place-options.ts';

export function statusCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'status',
    summary: 'show how a stack stands',
    description:
      'Shows the last backups and restores of a stack with what came of them, the last good backup, when the next one starts, and the version that is deployed.',
    usage: '--stack NAME [--json]',
    place: 'stack',
    examples: ['status --stack AssetsBackup', 'status --stack AssetsBackup --json | jq .lastGoodBackup'],
    exitCodes: [0, 1, 2],
  }).action(async (options: PlaceOptions, command: Command) => {
    const { io, output } = context;
    const stack = await chooseStack(context, command, options);
    const status = await stack.status();
    const exitCode: ExitCode = 0;
    if (output.isJson) output.document('status', { ...status, exitCode });
    else {
      output.print(statusReport(status, { now: io.now(), words: placeWords(options) }));
      for (const trouble of status.troubles) output.warn(trouble);
    }
    context.end(exitCode);
  });
}
