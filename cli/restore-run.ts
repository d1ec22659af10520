import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import { WrongInputError } from '../core/errors.ts';
import type { RestoreChoices, RestoreResult } from '../core/model/restore.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { localFolder } from './local-folder.ts';
import { openNamedBackup } from './open-named-backup.ts';
import { restoreRun } from './progress/run-kind.ts';
import { chosenSite, readSiteSettings } from './read-site-settings.ts';
import type { RestoreOptions } from './restore-options.ts';
import { nameOfBackup, type RestoreRequest, readRestoreRequest } from './restore-request.ts';
import { runCommand } from './run-command.ts';
import { showRestore } from './show-restore.ts';

interface Given {
  readonly backup: string | undefined;
  readonly options: RestoreOptions;
  /** The command is `plan`. */
  readonly isPlan: boolean;
}

/** `restore` and `plan`: reads what is asked for, carries it out or plans it, shows what came of it. */
export async function restore(context: CommandContext, command: Command, given: Given): Promise<ExitCode> {
  const { output, product } = context;
  const { options } = given;
  const directory = await localFolder(command, options.local);
  const request = await readRestoreRequest(given.backup, options, given);
  if (!request) command.error('Which backup? Name it as `assets-backup list` does, or in the "folder" of --input.');
  // Before the input is checked: a name that no backup can have is no wrong usage here either, but no such backup.
  const backups = product.openBackups(directory);
  if (given.backup !== undefined) await openNamedBackup(backups, nameOfBackup(given.backup));
  const choices = parsed(context, request, options.input);
  if (given.backup === undefined) await openNamedBackup(backups, choices.backup);
  const settings = await targetSettings(context, request, options);
  const work = product.openWork(directory);
  const { siteName } = settings;

  return runCommand<RestoreResult>(context, {
    kind: restoreRun,
    directory,
    budget: settings.requestBudget,
    keepLogs: options.keepLogs,
    opening: choices.dryRun
      ? `Planning to restore ${choices.backup} to ${siteName}; nothing there is changed`
      : `Restoring ${choices.backup} to ${siteName}`,
    async start({ reporter, signal }) {
      const { users } = request;
      if (users) await work.write(users.key, users.text);
      return product.restore({ directory: resolve(directory), settings, choices, reporter, signal });
    },
    judge: (result) => ({
      exitCode: exitCodeOf(result, choices),
      fields: {
        restore: result.restore,
        outcome: result.outcome,
        losses: result.losses,
        differences: result.differences,
      },
    }),
    show: (result, ending) => {
      const { isPlanByFile } = request;
      return showRestore(output, { ...given, ...ending, result, choices, isPlanByFile, directory, work });
    },
  });
}

/** A plan that was asked for is done, whatever stands in it; a restore that had to stop at its plan is not. */
function exitCodeOf({ outcome }: RestoreResult, { dryRun }: RestoreChoices): ExitCode {
  switch (outcome) {
    case 'planned':
    case 'restored':
      return 0;
    case 'needs-approval':
      return dryRun ? 0 : 1;
    case 'restored-with-losses':
      return 3;
    case 'differences-found':
      return 14;
  }
}

function parsed({ product }: CommandContext, { input }: RestoreRequest, file: string | undefined): RestoreChoices {
  try {
    return product.parseRestoreInput(input);
  } catch (error) {
    if (!(error instanceof WrongInputError) || file === undefined) throw error;
    throw new WrongInputError(`${file}: ${error.message}`);
  }
}

/** The target's settings: of --site, else of the login in the input file, else of the environment. */
async function targetSettings(
  { io, output }: CommandContext,
  { credentials }: RestoreRequest,
  { site, input = '', schema }: RestoreOptions,
): Promise<LoginSettings> {
  const surroundings = { ...io, warn: (message: string) => output.warn(message) };
  if (credentials && 'apiToken' in credentials) {
    output.warn(
      `${input} holds an API token, which does not belong there: put siteName, username and apiToken into a file of their own, for --site.`,
    );
  }
  if (site === undefined) {
    return (await chosenSite(credentials && { file: input, json: credentials }, surroundings)).settings;
  }
  if (credentials) output.warn(`The login in ${input} is not used: --site names the target.`);
  const { settings, objectSchemaKeys } = await readSiteSettings(site, surroundings);
  if (objectSchemaKeys && !schema && input === '') {
    output.warn(`objectSchemaKeys in ${site} chooses what is backed up, not what is restored: --schema does that.`);
  }
  return settings;
}
