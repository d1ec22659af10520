import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { BackupResult } from '../../core/backup/finish-backup.ts';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import type { BackupStatus } from '../../core/model/outcome.ts';
import { type CommandContext, describedCommand, path } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { localFolder } from '../local-folder.ts';
import { backupReport } from '../output/backup-report.ts';
import { backupRun } from '../progress/run-kind.ts';
import { readSiteSettings } from '../read-site-settings.ts';
import { runCommand } from '../run-command.ts';
import { environmentHelp, keepLogsOption, siteHelp } from '../run-options.ts';

interface BackupOptions {
  readonly local?: string;
  readonly site?: string;
  readonly schemas?: readonly string[];
  readonly activity: boolean;
  readonly keepLogs: number;
}

const exitCodeOf: Readonly<Record<BackupStatus, ExitCode>> = { complete: 0, 'complete-with-gaps': 3, partial: 1 };

const details = `${siteHelp}
A backupAssets-config.json of the original scripts is such a file; its objectSchemaKeys choose the
schemas unless --schemas does. ${environmentHelp}`;

export function backupCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'backup',
    summary: 'back up a site into a folder',
    description:
      'Stores the object schemas of a site, with all their objects, history and comments, as a new backup in a folder of this machine. A log of each run lies in DIR/logs.',
    usage: '--local DIR [--site FILE] [--schemas KEYS] [options]',
    details,
    examples: [
      'backup --local ./backups --site site.json',
      'backup --local ./backups --site site.json --schemas FAC,USERS',
      'backup --local /var/backups/assets --site backupAssets-config.json --json',
    ],
    exitCodes: [0, 1, 2, 3, 11, 12, 130],
  })
    .option('--site <FILE>', 'settings of the site, as JSON', path)
    .option('--schemas <KEYS>', 'keys of the object schemas to back up, as in FAC,USERS (default: all)', schemaKeys)
    .option('--no-activity', 'leave out history and comments (two requests an object)')
    .addOption(keepLogsOption())
    .action(async (options: BackupOptions, command: Command) => {
      context.end(await backUp(context, command, options));
    });
}

async function backUp(context: CommandContext, command: Command, options: BackupOptions): Promise<ExitCode> {
  const { io, output, product } = context;
  const directory = await localFolder(command, options.local);
  const { settings, objectSchemaKeys } = await readSiteSettings(options.site, {
    ...io,
    warn: (message) => output.warn(message),
  });
  return runCommand<BackupResult>(context, {
    kind: backupRun,
    directory,
    budget: settings.requestBudget,
    keepLogs: options.keepLogs,
    opening: `Backing up ${settings.siteName} into ${directory}`,
    start: ({ reporter, signal }) =>
      product.backUp({
        directory: resolve(directory),
        settings,
        objectSchemaKeys: options.schemas ?? objectSchemaKeys ?? null,
        activity: options.activity,
        reporter,
        signal,
      }),
    judge: ({ backup, status }) => ({ exitCode: exitCodeOf[status], fields: { backup, status } }),
    async show(result, { log, exitCode }) {
      const folder = join(directory, result.backup);
      if (output.isJson) output.document('backup', { ...result, folder, log, exitCode });
      else {
        const manifest = await openBackup(product.openBackups(directory), result.backup);
        output.print(backupReport(manifest, { directory, log }));
      }
    },
  });
}

function schemaKeys(text: string): string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.includes('')) throw new InvalidArgumentError('It needs keys with commas between them, as in FAC,USERS.');
  return [...new Set(keys)];
}
