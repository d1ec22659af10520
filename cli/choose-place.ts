import type { Command } from 'commander';
import type { DeployedStack } from '../deployed/deployed-stack.ts';
import type { CommandContext } from './command-context.ts';
import { folderForCopies, localFolder, realFolder } from './local-folder.ts';
import { LocalPlace } from './local-place.ts';
import type { Place } from './place.ts';
import { type CopyOptions, type PlaceOptions, placeWords } from './place-options.ts';
import { StackPlace } from './stack-place.ts';

/** Options that say something of this machine alone, and where a stack has it instead. */
const localOnly: Readonly<Record<string, string>> = {
  site: 'the login of a stack lies in its secret, which `assets-backup login` fills',
  notify: 'a stack tells the topic that its setting alarmEmail or alarmTopicArn names',
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
  return placeIn(context, await localFolder(local, { isMade }));
}

async function placeIn(context: CommandContext, folder: string): Promise<Place> {
  return new LocalPlace(context, folder, await context.product.openBackups(folder));
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

/** The two places of a copy. Throws WrongInputError, NoSuchBackupError, StackNotFoundError, AwsRefusedError. */
export async function chooseTwoPlaces(
  context: CommandContext,
  command: Command,
  { from, to, local, stack, ...aws }: CopyOptions,
): Promise<{ readonly source: Place; readonly destination: Place }> {
  if (local !== undefined || stack !== undefined) {
    command.error(
      'A copy has two places: --from and --to, each a folder or stack:NAME, in the place of --local and --stack.',
    );
  }
  if (from === undefined) command.error('--from is needed: it says where the backup is, a folder or stack:NAME.');
  if (to === undefined) command.error('--to is needed: it says where the copy is to be, a folder or stack:NAME.');
  const hasStack = [from, to].some((where) => stackIn(where) !== undefined);
  if (!hasStack && (aws.profile !== undefined || aws.region !== undefined)) {
    command.error('--profile and --region go with stack:NAME only.');
  }
  const place = async (option: '--from' | '--to', where: string): Promise<Place> => {
    const named = stackIn(where);
    if (named === undefined) {
      const folder = option === '--to' ? folderForCopies(where) : localFolder(where, { isMade: false, option });
      return placeIn(context, await folder);
    }
    if (named === '') command.error(`${option} stack: needs the name of a stack after the colon.`);
    const options = { ...aws, stack: named };
    return new StackPlace(context, await chooseStack(context, command, options), placeWords(options));
  };
  const source = await place('--from', from);
  const destination = await place('--to', to);
  const addressOf = async (where: string, place: Place) =>
    stackIn(where) === undefined ? realFolder(where) : place.backups.addressOf('');
  if ((await addressOf(from, source)) === (await addressOf(to, destination))) {
    command.error('--from and --to name the same place.');
  }
  return { source, destination };
}

/** `stack:NAME`; a folder of such a name is `./stack:NAME`. */
function stackIn(where: string): string | undefined {
  return where.startsWith('stack:') ? where.slice('stack:'.length) : undefined;
}
