import type { Command } from 'commander';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { drillEnding } from '../drill-ending.ts';
import { notifyHelp, notifyOption } from '../notices.ts';
import { type PlaceOptions, pathGiven } from '../place-options.ts';
import { runCommand } from '../run-command.ts';
import { environmentHelp, keepLogsOption, siteHelp } from '../run-options.ts';

interface DrillOptions extends PlaceOptions {
  readonly site?: string;
  readonly keepLogs: number;
}

const details = `It takes the newest backup that counts, and of it 200 objects, or one a type where there are more
types ("drill": { "sample": 200 } in DIR/settings.json or in the settings of the stack), other ones
each time and such that every kind of attribute is tried. What it makes on the site are scratch
schemas, which it removes at its end; what a killed drill has left the next one removes. It makes no
global status, reference type or icon. What could not be tried is listed as not covered.
The login needs the rights of a restore, and those to delete (delete: scopes, where it has scopes).
The site that was backed up is refused, unless the settings say "drill": { "inProduction": true }.

${siteHelp}
As for \`restore\`. ${environmentHelp}

${notifyHelp}`;

export function drillCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'drill',
    description:
      'Restores a sample of the newest backup into scratch schemas of a site, compares what came of it with the backup by the same code as a restore, removes the scratch schemas, and reports what was covered.',
    usage: '(--local DIR | --stack NAME) [--site FILE] [options]',
    place: 'either',
    details,
    examples: ['drill --local ./backups --site drill.json', 'drill --local ./backups --site drill.json --json'],
    exitCodes: [0, 1, 2, 10, 11, 12, 13, 14, 15, 130],
  })
    .option('--site <FILE>', 'settings of the site that it may write to, as JSON; with --local', pathGiven)
    .addOption(keepLogsOption())
    .addOption(notifyOption())
    .action(async (options: DrillOptions, command: Command) => {
      const { site, keepLogs } = options;
      const place = await choosePlace(context, command, options);
      const run = await place.drill({ site, keepLogs });
      context.end(await runCommand(context, run, drillEnding(context, { place, options })));
    });
}
