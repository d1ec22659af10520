import type { Command } from 'commander';
import { parseRelinkInput } from '../../functions/inputs/relink-input.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { notifyHelp, notifyOption } from '../notices.ts';
import { type PlaceOptions, pathGiven } from '../place-options.ts';
import { runCommand } from '../run-command.ts';
import { environmentHelp, keepLogsOption, siteHelp } from '../run-options.ts';
import { relinkEnding } from '../show-relink.ts';

interface RelinkOptions extends PlaceOptions {
  readonly site?: string;
  readonly dryRun?: boolean;
  readonly keepLogs: number;
}

const details = `A field is written where it holds what the backup has, but for what was deleted: then what was made
takes the old one's place, and all else stays. Any other field was changed by somebody: it stays
as it is, and is named. So are issues that are gone, archived, or not to be edited by this login.
Each is read back. Watchers get no mail where the site lets the login keep it from them (it takes
the right to administer Jira or the project). The restore has to be of a backup with issue links
("issueLinks": true), and into the site that was backed up. \`undo\` of it takes this back too.

${siteHelp}
As for \`restore\`; it needs the right to see and edit the issues; a token with scopes needs
read:jira-work and write:jira-work.
${environmentHelp}

${notifyHelp}`;

export function relinkCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'relink',
    description:
      'Makes Jira issues hold what a restore has made in the place of what they held when the backup was made: the same as `restore --relink-issues`, afterwards and alone. Stopped, it goes on by the same line again, and writes nothing twice.',
    usage: '<restore> (--local DIR | --stack NAME) [--site FILE] [options]',
    place: 'either',
    details,
    examples: [
      'relink 2026-11-24_03-00-00_1a2b3c4d --local ./backups --site site.json --dry-run',
      'relink 2026-11-24_03-00-00_1a2b3c4d --local ./backups --site site.json',
      'relink 2026-11-24_03-00-00_1a2b3c4d --stack AssetsBackup',
    ],
    exitCodes: [0, 1, 2, 3, 10, 11, 12, 13, 15, 130],
  })
    .argument('<restore>', 'name of the restore, as `status` and its report give it')
    .option('--site <FILE>', 'settings of the site that it wrote to, as JSON; with --local', pathGiven)
    .option('--dry-run', 'say what would be written, and change nothing')
    .addOption(notifyOption())
    .addOption(keepLogsOption())
    .action(async (restore: string, options: RelinkOptions, command: Command) => {
      const { site, dryRun = false, keepLogs } = options;
      const place = await choosePlace(context, command, options);
      const choices = parseRelinkInput({ relink: restore, dryRun });
      const runOf = await place.relink({ site, keepLogs });
      context.end(await runCommand(context, runOf(choices), relinkEnding(context, { restore, place, options })));
    });
}
