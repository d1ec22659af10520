import type { Command } from 'commander';
import { shellCommand } from '../../core/shell-word.ts';
import { chooseStack } from '../choose-place.ts';
import { type CommandContext, describedCommand } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { checkReport } from '../output/check-report.ts';
import { type PlaceOptions, placeWords } from '../place-options.ts';

export function doctorCommand(context: CommandContext): Command {
  return describedCommand({
    name: 'doctor',
    description:
      'Checks, from inside the account with the rights of a backup: the secret, the login, what its token may read, the buckets, the clock; and from here: the schedules, the machines, the secrets, whether anybody gets the alarms, the version. Says what to do about each that fails, and what a night takes of a site of this size. Changes nothing but two small files of its own.',
    usage: '--stack NAME [--json]',
    place: 'stack',
    examples: ['doctor --stack AssetsBackup'],
    exitCodes: [0, 1, 2],
  }).action(async (options: PlaceOptions, command: Command) => {
    const { output } = context;
    const stack = await chooseStack(context, command, options);
    output.note(`Checking the stack ${stack.name}; this may take a minute ...`);
    const { ok, checks } = await stack.check();
    const exitCode: ExitCode = ok ? 0 : 1;
    if (output.isJson) output.document('checks', { stack: stack.name, ok, checks, exitCode });
    else {
      const again = shellCommand('doctor', ...placeWords(options));
      output.print(checkReport(checks, { name: stack.name, again, width: output.width }));
    }
    context.end(exitCode);
  });
}
