import type { Command } from 'commander';
import { choosePlace, chooseStack } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { showLocalStatus } from '../local-status.ts';
import { statusReport } from '../output/status-report.ts';
import { type PlaceOptions, placeWords } from '../place-options.ts';

export function statusCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'status',
    description:
      'Of a stack: its last backups, restores and drills with what came of them, the last good backup, when the next one starts, and the version that is deployed. Of a folder: the same of the runs whose logs are there, what runs now, and what is no whole backup; then its restores and undos, finished and interrupted, what is still lost, and the command line that goes on.',
    usage: '(--local DIR | --stack NAME) [--json]',
    place: 'either',
    examples: [
      'status --local ./backups',
      'status --stack AssetsBackup',
      'status --stack AssetsBackup --json | jq .lastGoodBackup',
    ],
    exitCodes: [0, 1, 2, 10, 15],
  }).action(async (options: PlaceOptions, command: Command) => {
    if (options.stack === undefined || options.local !== undefined) {
      context.end(await showLocalStatus(context, await choosePlace(context, command, options)));
    } else {
      await showStackStatus(context, command, options);
      context.end(0);
    }
  });
}

async function showStackStatus(context: CommandContext, command: Command, options: PlaceOptions): Promise<void> {
  const { io, output } = context;
  const stack = await chooseStack(context, command, options);
  const status = await stack.status();
  if (output.isJson) output.document('status', { ...status, exitCode: 0 });
  else {
    output.print(statusReport(status, { now: io.now(), words: placeWords(options) }));
    for (const trouble of status.troubles) output.warn(trouble);
  }
}
