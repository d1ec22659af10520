import type { Command } from 'commander';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { notifyOption } from '../notices.ts';
import { pruneReport } from '../output/prune-report.ts';
import type { PlaceOptions } from '../place-options.ts';

interface PruneOptions extends PlaceOptions {
  readonly dryRun?: boolean;
}

const details = `Rules are numbers of backups, and of "within" of days. One is kept if any rule keeps it, for any of
its schemas. Whatever the rules say, these are kept: the newest of every schema, the newest that is
not suspicious, and the newest with history and comments; what a restore reads, may go on with, or
can still be undone by; what was copied here, or not made here; what is locked. While the newest is
suspicious, partial or late, nothing is deleted at all.

With --local a failure is told the webhook that ASSETS_NOTIFY_URL or --notify names.`;

export function pruneCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'prune',
    description:
      'Deletes the backups that neither a rule of the setting "keep" (settings.json of a folder, cdk.json of a stack) nor another reason keeps, and says of each other one why it is kept. Folders of runs that never finished go as well, a day after them. A stack does this by itself after each night.',
    usage: '(--local DIR | --stack NAME) [--dry-run] [--json]',
    place: 'either',
    details,
    examples: [
      'prune --local ./backups --dry-run',
      'prune --local ./backups',
      "prune --local ./backups --dry-run --json | jq -r '.deleted[].backup'",
    ],
    exitCodes: [0, 1, 2, 10, 15],
  })
    .option('--dry-run', 'say what would be deleted and what is kept, and delete nothing')
    .addOption(notifyOption())
    .action(async ({ dryRun = false, ...options }: PruneOptions, command: Command) => {
      const { output } = context;
      const place = await choosePlace(context, command, options);
      const report = await place.prune({ dryRun });
      if (output.isJson) output.document('pruning', { ...place.fields, ...report, exitCode: 0 });
      else output.print(pruneReport(report, place, output.width));
      context.end(0);
    });
}
