import type { Command } from 'commander';
import { backupNameIn } from '../core/backup-format/keys.ts';
import { WrongInputError } from '../core/errors.ts';
import type { RestoreChoices } from '../core/model/restore.ts';
import { parseRestoreInput } from '../functions/inputs/restore-input.ts';
import { runAsked } from './asked-run.ts';
import { choosePlace } from './choose-place.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { openNamedBackup, realName } from './open-named-backup.ts';
import { restoreEnding } from './restore-ending.ts';
import type { RestoreOptions } from './restore-options.ts';
import { type RestoreRequest, readRestoreRequest } from './restore-request.ts';
import { planQuestion } from './show-restore.ts';

interface Given {
  readonly backup: string | undefined;
  readonly options: RestoreOptions;
  /** The command is `plan`. */
  readonly isPlan: boolean;
}

/** `restore` and `plan`: reads what is asked for, carries it out or plans it, shows what came of it. */
export async function restore(context: CommandContext, command: Command, given: Given): Promise<ExitCode> {
  const { options } = given;
  const place = await choosePlace(context, command, options);
  const read = await readRestoreRequest(given.backup, options, given);
  if (!read) command.error('Which backup? Name it as `assets-backup list` does, or in the "folder" of --input.');
  const folder = await realName(context, place, read.input.folder);
  // The line that goes on names the backup that this one means, whichever is the latest by then.
  const backup = folder === read.input.folder ? given.backup : folder;
  // Before the input is checked: a name that no backup can have is no wrong usage here either, but no such backup.
  if (backup !== undefined) await openNamedBackup(place.backups, backupNameIn(backup));
  const request = { ...read, input: { ...read.input, folder: backup === undefined ? folder : backupNameIn(backup) } };
  const choices = parsed(request, options.input);
  if (backup === undefined) await openNamedBackup(place.backups, choices.backup);
  const runOf = await place.restore({ request, options });
  const { isPlanByFile } = request;
  const askedFor = (choices: RestoreChoices) => ({ choices, backup, options, isPlanByFile });
  return runAsked(context, {
    choices,
    isYes: options.yes === true,
    runOf,
    endingOf: (choices) => restoreEnding(context, place, askedFor(choices)),
    questionOf: (plan) => planQuestion(plan, place, askedFor(choices)),
  });
}

function parsed({ input }: RestoreRequest, file: string | undefined): RestoreChoices {
  try {
    return parseRestoreInput(input);
  } catch (error) {
    if (!(error instanceof WrongInputError) || file === undefined) throw error;
    throw new WrongInputError(`${file}: ${error.message}`);
  }
}
