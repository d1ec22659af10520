import type { Command } from 'commander';
import type { DeployedStack } from '../deployed/deployed-stack.ts';
import type { CommandContext } from './command-context.ts';
import { localFolder } from './local-folder.ts';
import { LocalPlace } from './local-place.ts';
import type { Place } from './place.ts';
import { type PlaceOptions, placeWords } from './place-options.ts';
import { StackPlace } from './stack-place.ts';

/** Options that say something of this machine alone, and where a stack has it instead. */
const localOnly: Readonly<Record<string, string>> = {
  site: 'the login of a stack lies in its secret, which `assets-backup login` fills',
  keepLogs: 'the logs of a stack lie in CloudWatch',
};

/**
 * The place that the options name: exactly one. A folder must be there, unless `isMade` where it is not. Throws WrongInputError,
 * NoSuchBackupError, StackNotFoundError, AwsRefusedError.
 */
export async function choosePlace(
  context: CommandContext,
  command: Command,
  options: PlaceOptions,
  { isMade = false } = {},
): Promise<Place> {
  const { local, stack, profile, region } = options;
  if (local !== undefined && stack !== undefined) {
    command.error('--local and --stack exclude each other: backups lie in a folder or in a stack.');
  }
  if (stack !== undefined) {
    for (const [option, instead] of Object.entries(localOnly)) {
      if (command.getOptionValueSource(option) !== 'cli') continue;
      const flag = command.options.find((known) => known.attributeName() === option)?.long;
      command.error(`${flag} goes with --local only: ${instead}.`);
    }
    return new StackPlace(context, await chooseStack(context, command, options), placeWords(options));
  }
  if (profile !== undefined || region !== undefined) command.error('--profile and --region go with --stack only.');
  if (local === undefined) command.error('--local DIR or --stack NAME is needed: it says where the backups lie.');
  return new LocalPlace(context, await localFolder(local, { isMade }));
}

/** The stack that `--stack` names. Throws StackNotFoundError, AwsRefusedError. */
export async function chooseStack(
  { product }: CommandContext,
  command: Command,
  { stack, profile, region }: PlaceOptions,
): Promise<DeployedStack> {
  if (stack === undefined) command.error('--stack NAME is needed: it names the stack in AWS.');
  return product.openStack({
    stack,
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  });
}
