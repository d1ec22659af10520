import type { Command } from 'commander';
import { parseUndoInput } from '../../functions/inputs/undo-input.ts';
import { runAsked } from '../asked-run.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { notifyHelp, notifyOption } from '../notices.ts';
import { type PlaceOptions, pathGiven } from '../place-options.ts';
import { environmentHelp, keepLogsOption, siteHelp } from '../run-options.ts';
import { undoEnding, undoQuestion } from '../show-undo.ts';

export interface UndoOptions extends PlaceOptions {
  readonly site?: string;
  readonly dryRun?: boolean;
  readonly approve?: string;
  readonly yes?: boolean;
  readonly keepLogs: number;
}

const details = `What goes: objects that the restore has made and that nobody has touched since (as they were left,
no history of anybody else, no comment but its own, no attachment, no issue, nothing else that
refers to them), and configuration that it has made and that is empty by then. What the restore
overwrote is set back where it still is as the restore left it. All else stays, and is named with
its reason; what the site does not tell counts as touched. What is deleted is kept first.
An undo that writes anything needs an approval: at a terminal it asks; elsewhere --yes or --approve.
A token with scopes needs the delete: scopes; without them what they are for stays.

${siteHelp}
As for \`restore\`. ${environmentHelp}

${notifyHelp}`;

export function undoCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'undo',
    description:
      'Takes a restore back: deletes what it has made and nobody has touched, and sets back what it overwrote. It plans first, and writes nothing without an approval. Stopped, it goes on by the same line again.',
    usage: '<restore> (--local DIR | --stack NAME) [--site FILE] [options]',
    place: 'either',
    details,
    examples: [
      'undo 2026-11-24_03-00-00_1a2b3c4d --local ./backups --site target.json --dry-run',
      'undo 2026-11-24_03-00-00_1a2b3c4d --local ./backups --site target.json',
      'undo 2026-11-24_03-00-00_1a2b3c4d --stack AssetsBackup --yes',
    ],
    exitCodes: [0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 130],
  })
    .argument('<restore>', 'name of the restore, as `status` and its report give it')
    .option('--site <FILE>', 'settings of the site that it wrote to, as JSON; with --local', pathGiven)
    .option('--dry-run', 'plan only')
    .option('--approve <HASH>', 'carry out the plan of this hash, as far as it still would be')
    .option('--yes', 'ask nothing, and approve what the plan would wait for')
    .addOption(notifyOption())
    .addOption(keepLogsOption())
    .action(async (restore: string, options: UndoOptions, command: Command) => {
      const { site, dryRun = false, approve = null, yes = false, keepLogs } = options;
      const place = await choosePlace(context, command, options);
      const choices = parseUndoInput({ undo: restore, dryRun, approve });
      const asked = { restore, place, options };
      context.end(
        await runAsked(context, {
          choices,
          isYes: yes,
          runOf: await place.undo({ site, keepLogs }),
          endingOf: () => undoEnding(context, asked),
          questionOf: (plan) => undoQuestion(plan, asked),
        }),
      );
    });
}
