import type { Command } from 'commander';
import { type CommandContext, describedCommand } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { notifyHelp, notifyOption } from '../notices.ts';
import { backupArgument } from '../open-named-backup.ts';
import { pathGiven } from '../place-options.ts';
import { choiceOptions, chosenBy, type RestoreOptions } from '../restore-options.ts';
import { restore } from '../restore-run.ts';
import { environmentHelp, keepLogsOption, siteHelp } from '../run-options.ts';

const usage = '<backup> (--local DIR | --stack NAME) [--schema OLD=NEW] [options]';

const details = `What comes back: configuration, objects with their values and references, comments; history as a
comment of each object. Keys, created, updated and the history itself are made anew by Assets. Jira
issues hold what is made only with --relink-issues, or by \`relink\` afterwards. What is there is left
as it is, unless --on-existing update is given, but for one thing: a reference of an object that is
still there, to one that had been deleted, leads to what was made in its stead. What stood there is
kept first, and the plan counts such references. What cannot come back is a loss, with its reason;
what differs afterwards and is no loss is a difference. A restore that is started again creates
nothing twice.
Rules of Jira automation may fire on the target at what a restore creates: turn them off first.
At a terminal \`restore\` shows its plan in short and asks before it writes; --yes and --approve ask
nothing. Elsewhere nobody is asked: what only creates is done, anything else ends after its plan.

${siteHelp}
As for \`backup\`. ${environmentHelp}

An input file is the importAssets-config.json of the original scripts as it is, or with choices:
  { "folder": "2026-11-23_02-00-00",
    "objectSchemas": [ { "oldObjectSchemaKey": "ASSETS", "newObjectSchemaKey": "ASSETS_IMP",
                         "newObjectSchemaName": "Assets [Imported]" } ],
    "processComments": false }
Its "folder" names the backup where the command line does not; a login in it is used where --site
names none. Options given on the command line win over the file.

With --stack the restore runs in AWS, into the site whose login lies in the stack's restore secret
(\`login --for restore\`). Ctrl-C leaves it running; \`watch\` takes it up again.`;

const planDetails = `What may be chosen is what \`restore\` takes, by the same options and input file: its --help lists
them, and says what comes back and how settings of a site are given. Every item of the plan stands
in a file of DIR/.work/restores/<restore>/plan, or of the work bucket of the stack.`;

/** Heads the choices among the options. */
const chosenGroup = 'What is restored, and how:';

const exitCodes: readonly ExitCode[] = [0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 130];

export function restoreCommand(context: CommandContext): Command {
  return commandOf(context, 'restore', {
    name: 'restore',
    description:
      'Restores the object schemas of a backup into a site: all of them under their own keys, unless something is chosen. It plans first, asks at a terminal, and elsewhere stops after its plan where it would change what exists.',
    examples: [
      'restore 2026-11-23_02-00-00 --local ./backups --site target.json',
      "restore 2026-11-23_02-00-00 --local ./backups --site target.json \\\n    --schema 'ASSETS=ASSETS_IMP:Assets [Imported]'",
      'restore --local ./backups --site target.json --input importAssets-config.json',
      'restore 2026-11-23_02-00-00 --stack AssetsBackup --schema ASSETS=ASSETS_IMP',
    ],
    exitCodes,
  });
}

export function planCommand(context: CommandContext): Command {
  return commandOf(context, 'plan', {
    name: 'plan',
    description:
      'Plans a restore and changes nothing on the site: what would be created, what is there, what would be lost, how long it takes. The same as `restore --dry-run`; it ends with 0 where a plan was made.',
    examples: [
      'plan latest --local ./backups --site target.json',
      'plan 2026-11-23_02-00-00 --local ./backups --site target.json \\\n    --schema HR --only-type Laptop',
    ],
    exitCodes: exitCodes.filter((code) => code !== 3 && code !== 14),
  });
}

function commandOf(
  context: CommandContext,
  name: 'restore' | 'plan',
  help: Omit<Parameters<typeof describedCommand>[0], 'usage' | 'details' | 'place'>,
): Command {
  const told = name === 'restore' ? `${details}\n\n${notifyHelp}` : planDetails;
  const made = describedCommand({ ...help, usage, details: told, place: 'either' })
    .argument('[backup]', `${backupArgument}; needed unless --input names it`)
    .option('--site <FILE>', 'settings of the site to restore into, as JSON; with --local', pathGiven)
    .option('--input <FILE>', 'what to restore, as JSON', pathGiven);
  for (const option of choiceOptions())
    made.addOption(name === 'plan' ? option.hideHelp() : option.helpGroup(chosenGroup));
  if (name === 'restore') {
    made.option('--yes', 'ask nothing, and approve what the plan would wait for').addOption(notifyOption());
  }
  return made
    .addOption(keepLogsOption())
    .action(async (backup: string | undefined, given: Omit<RestoreOptions, 'chosen'>, command: Command) => {
      const options = { ...given, chosen: chosenBy(command) };
      context.end(await restore(context, command, { backup, options, isPlan: name === 'plan' }));
    });
}
