import type { Command } from 'commander';
import { backupNameIn } from '../core/backup-format/keys.ts';
import { WrongInputError } from '../core/errors.ts';
import type { RestoreChoices } from '../core/model/restore.ts';
import { parseRestoreInput } from '../functions/inputs/restore-input.ts';
import { choosePlace } from './choose-place.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { openNamedBackup } from './open-named-backup.ts';
import { restoreEnding } from './restore-ending.ts';
import type { RestoreOptions } from './restore-options.ts';
import { type RestoreRequest, readRestoreRequest } from './restore-request.ts';
import { runCommand } from './run-command.ts';

interface Given {
  readonly backup: string | undefined;
  readonly options: RestoreOptions;
  /** The command is `plan`. */
  readonly isPlan: boolean;
}

/** `restore` and `plan`: reads what is asked for, carries it out or plans it, shows what came of it. */
export async function restore(context: CommandContext, command: Command, given: Given): Promise<ExitCode> {
  const { backup, options } = given;
  const place = await choosePlace(context, command, options);
  const request = await readRestoreRequest(backup, options, given);
  if (!request) command.error('Which backup? Name it as `assets-backup list` does, or in the "folder" of --input.');
  // Before the input is checked: a name that no backup can have is no wrong usage here either, but no such backup.
  if (backup !== undefined) await openNamedBackup(place.backups, backupNameIn(backup));
  const choices = parsed(request, options.input);
  if (backup === undefined) await openNamedBackup(place.backups, choices.backup);
  const run = await place.restore({ choices, request, options });
  const { isPlanByFile } = request;
  return runCommand(context, run, restoreEnding(context, place, { choices, backup, options, isPlanByFile }));
}

function parsed({ input }: RestoreRequest, file: string | undefined): RestoreChoices {
  try {
    return parseRestoreInput(input);
  } catch (error) {
    if (!(error instanceof WrongInputError) || file === undefined) throw error;
    throw new WrongInputError(`${file}: ${error.message}`);
  }
}
