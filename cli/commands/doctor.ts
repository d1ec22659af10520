import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { SetupReport } from '../../core/operations/check-setup.ts';
import { shellCommand } from '../../core/shell-word.ts';
import { choosePlace, chooseStack } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { checkReport } from '../output/check-report.ts';
import { type PlaceOptions, pathGiven, placeWords } from '../place-options.ts';

interface DoctorOptions extends PlaceOptions {
  readonly site?: string;
}

interface Checked extends SetupReport {
  /** Begins a sentence. */
  readonly what: string;
  /** What names the place in the document. */
  readonly fields: Readonly<Record<string, string>>;
}

const details = `Of a folder: the settings of the site and of the folder, the login, what its token may read, the
clock; the folder, the room on its disk, whether others may read it; how old the last backup is,
and the last drill; whether a webhook is told. A backup is late after 48 hours, as \`prune\` has it;
from 26 hours on it says that the last night is missing, if one is meant to be made every night.
Of a stack: from inside the account with the rights of a backup the secret, the login, what its
token may read, the buckets, the clock; and from here the schedules, the machines, the secrets,
whether anybody gets the alarms, the version.`;

export function doctorCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'doctor',
    description:
      'Checks what would keep a backup from working, says what to do about each thing that fails, and what a night takes of a site of this size. Changes nothing but two small files of its own.',
    usage: '(--local DIR --site FILE | --stack NAME) [--json]',
    place: 'either',
    details,
    examples: ['doctor --local ./backups --site site.json', 'doctor --stack AssetsBackup'],
    exitCodes: [0, 1, 2, 130],
  })
    .option('--site <FILE>', 'settings of the site, as JSON; with --local', pathGiven)
    .action(async (options: DoctorOptions, command: Command) => {
      const { output } = context;
      const isStack = options.stack !== undefined && options.local === undefined && options.site === undefined;
      const { ok, checks, what, fields } = await (isStack ? checkStackHere : checkFolderHere)(
        context,
        command,
        options,
      );
      const exitCode: ExitCode = ok ? 0 : 1;
      if (output.isJson) output.document('checks', { ...fields, ok, checks, exitCode });
      else {
        const isSiteLacking = options.site === undefined && checks.some(({ name, ok }) => name === 'site file' && !ok);
        const siteFile = options.site ?? (isSiteLacking ? 'site.json' : undefined);
        const site = siteFile === undefined ? [] : ['--site', siteFile];
        const again = shellCommand('doctor', ...placeWords(options), ...site);
        output.print(checkReport(checks, { what, again, width: output.width }));
      }
      context.end(exitCode);
    });
}

async function checkStackHere(context: CommandContext, command: Command, options: DoctorOptions): Promise<Checked> {
  const stack = await chooseStack(context, command, options);
  context.output.note(`Checking the stack ${stack.name}; this may take a minute ...`);
  return { ...(await stack.check()), what: `The stack ${stack.name}`, fields: { stack: stack.name } };
}

/** The folder is made where it is missing, as the first backup would. */
async function checkFolderHere(context: CommandContext, command: Command, options: DoctorOptions): Promise<Checked> {
  const isNew = options.local !== undefined && !existsSync(options.local);
  const place = await choosePlace(context, command, options, { isMade: true });
  context.output.note(`Checking ${place.name}; this may take a minute ...`);
  const { checkLocalPlace } = await import('../local-doctor.ts');
  const { local: directory = '', site: siteFile } = options;
  const report = await checkLocalPlace(context, { place, directory, isNew, siteFile });
  return { ...report, what: `The folder ${place.name}`, fields: place.fields };
}
