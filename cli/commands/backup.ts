import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openBackup } from '../../core/backup-format/open-backup.ts';
import { AssetsBackupError, messageOf, nameOf } from '../../core/errors.ts';
import type { BackupStatus } from '../../core/model/outcome.ts';
import { requestBudget } from '../../core/model/request-budget.ts';
import type { Reporter } from '../../core/ports/reporter.ts';
import { type CommandContext, describedCommand, path } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { localFolder } from '../local-folder.ts';
import { backupReport } from '../output/backup-report.ts';
import { causesOf } from '../output/output.ts';
import { displayProgress, type ProgressDisplay } from '../progress/progress-display.ts';
import { RunProgress } from '../progress/run-progress.ts';
import { readSiteSettings } from '../read-site-settings.ts';
import { RunLog, removeOldLogs } from '../run-log.ts';

interface BackupOptions {
  readonly local?: string;
  readonly site?: string;
  readonly schemas?: readonly string[];
  readonly activity: boolean;
  readonly keepLogs: number;
}

const exitCodeOf: Readonly<Record<BackupStatus, ExitCode>> = { complete: 0, 'complete-with-gaps': 3, partial: 1 };

const siteHelp = `Settings of a site, in a file that only you may read (chmod 600):
  { "siteName": "https://myorganization.atlassian.net",
    "username": "cmdb_admin@myorganization.com",
    "apiToken": "..." }
A backupAssets-config.json of the original scripts is such a file; its objectSchemaKeys choose the
schemas unless --schemas does. The environment fills what the file lacks: ASSETS_SITE_NAME,
ASSETS_USERNAME, ASSETS_API_TOKEN, ASSETS_API_URL, ASSETS_AUTH (basic, scoped or bearer). A token
that is missing in both is asked for.`;

export function backupCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'backup',
    summary: 'back up a site into a folder',
    description:
      'Stores the object schemas of a site, with all their objects, history and comments, as a new backup in a folder of this machine. A log of each run lies in DIR/logs.',
    usage: '--local DIR [--site FILE] [--schemas KEYS] [options]',
    details: siteHelp,
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
    .option('--keep-logs <DAYS>', 'remove logs of earlier runs that are older than this', wholeNumber, 10)
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
  const log = new RunLog(directory, new Date(io.now()), (message) => output.warn(message));
  output.logPath = log.path;
  await removeOldLogs(directory, io.now(), options.keepLogs).catch((error) => {
    output.warn(`Old logs could not be removed: ${messageOf(error)}`);
  });
  const progress = new RunProgress(io.now, requestBudget(settings.requestBudget));
  const display = displayProgress(io, output, progress);
  display.say(`Backing up ${settings.siteName} into ${directory}`);
  const { signal, stopListening } = stopSignal(context, log, display);
  log.event('info', 'run.started', { version: product.version, node: process.version });
  try {
    const result = await product.backUp({
      directory: resolve(directory),
      settings,
      objectSchemaKeys: options.schemas ?? objectSchemaKeys ?? null,
      activity: options.activity,
      reporter: reporterOf(progress, log),
      signal,
    });
    progress.end();
    display.end();
    const exitCode = exitCodeOf[result.status];
    log.event('info', 'run.ended', { backup: result.backup, status: result.status, exitCode });
    const folder = join(directory, result.backup);
    if (output.isJson) output.document('backup', { ...result, folder, log: log.path, exitCode });
    else {
      const manifest = await openBackup(product.openBackups(directory), result.backup);
      output.print(backupReport(manifest, { directory, log: log.path }));
    }
    return exitCode;
  } catch (error) {
    display.end();
    log.event('error', 'run.failed', {
      error: nameOf(error),
      message: messageOf(error),
      causes: causesOf(error).join(' / '),
      exitCode: error instanceof AssetsBackupError ? error.exitCode : 1,
    });
    throw error;
  } finally {
    stopListening();
    log.close();
  }
}

function reporterOf(progress: RunProgress, log: RunLog): Reporter {
  return {
    planned: (stage, count) => progress.planned(stage, count),
    advanced: (stage, count) => progress.advanced(stage, count),
    requested: (endpointClass) => progress.requested(endpointClass),
    event: (level, name, fields) => {
      log.event(level, name, fields);
      if (name === 'export.gap') progress.addGap();
    },
  };
}

/** The first Ctrl-C lets the run end in order, with its lock released; the second ends the process. */
function stopSignal({ io }: CommandContext, log: RunLog, display: ProgressDisplay) {
  const controller = new AbortController();
  const stopListening = io.onStopSignals({
    stop: (reason) => {
      log.event('warn', 'run.stopping', { reason });
      display.say('Stopping ...; press Ctrl-C again to quit at once.');
      controller.abort(new Error(reason));
    },
    quit: () => {
      display.end();
      io.exit(130);
    },
  });
  return { signal: controller.signal, stopListening };
}

function schemaKeys(text: string): string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.includes('')) throw new InvalidArgumentError('It needs keys with commas between them, as in FAC,USERS.');
  return [...new Set(keys)];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It needs a whole number of days.');
  return Number(text);
}
