import { type Command, InvalidArgumentError } from 'commander';
import { backupEnding } from '../backup-ending.ts';
import { choosePlace } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import { notifyHelp, notifyOption } from '../notices.ts';
import { type PlaceOptions, pathGiven } from '../place-options.ts';
import { runCommand } from '../run-command.ts';
import { environmentHelp, keepLogsOption, siteHelp } from '../run-options.ts';

interface BackupOptions extends PlaceOptions {
  readonly site?: string;
  readonly schemas?: readonly string[];
  readonly activity: boolean;
  readonly full?: boolean;
  readonly keepLogs: number;
}

const details = `${siteHelp}
A backupAssets-config.json of the original scripts is such a file; its objectSchemaKeys choose the
schemas unless --schemas does. ${environmentHelp}

Objects are always read whole. History and comments are read of objects that are new or have
changed since the last backup that counts, and of a share of the others, so that none of it gets
older than activityMaxAgeDays (14, unless the settings of the stack, or DIR/settings.json, say
otherwise); the rest is copied from that backup. Each backup is complete in itself all the same.
--full reads all of it.

Where issueLinks is set, for the stack or in DIR/settings.json, which issues of Jira hold which
objects is read too.

A backup that has much fewer objects than earlier ones, lacks something that they have, or has
many objects edited is suspicious: its last lines say so until somebody accepts it (\`accept\`).
Its exit code is that of its status all the same.

${notifyHelp}

With --stack the backup runs in AWS, with the login that lies in the stack's backup secret
(\`login\`). Ctrl-C leaves it running; \`watch\` takes it up again.`;

export function backupCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'backup',
    description:
      'Stores the object schemas of a site, with all their objects, history and comments, as a new backup: in a folder of this machine, with a log of each run in DIR/logs, or in the bucket of a stack.',
    usage: '(--local DIR | --stack NAME) [--schemas KEYS] [options]',
    place: 'either',
    details,
    examples: [
      'backup --local ./backups --site site.json',
      'backup --local ./backups --site site.json --schemas FAC,USERS',
      'backup --local /var/backups/assets --site backupAssets-config.json --json',
      'backup --stack AssetsBackup',
    ],
    exitCodes: [0, 1, 2, 3, 11, 12, 15, 130],
  })
    .option('--site <FILE>', 'settings of the site, as JSON; with --local', pathGiven)
    .option('--schemas <KEYS>', 'keys of the object schemas to back up, as in FAC,USERS (default: all)', schemaKeys)
    .option('--no-activity', 'leave out history and comments')
    .option('--full', 'read history and comments of every object anew (two requests an object)')
    .addOption(notifyOption())
    .addOption(keepLogsOption())
    .action(async (options: BackupOptions, command: Command) => {
      const place = await choosePlace(context, command, options, { isMade: true });
      const { schemas, activity, full = false, site, keepLogs } = options;
      const run = await place.backUp({ schemas, activity, full, site, keepLogs });
      context.end(await runCommand(context, run, backupEnding(context, place)));
    });
}

function schemaKeys(text: string, before: readonly string[] = []): string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.includes('')) throw new InvalidArgumentError('It needs keys with commas between them, as in FAC,USERS.');
  return [...new Set([...before, ...keys])];
}
