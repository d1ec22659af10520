import { type Command, InvalidArgumentError, Option } from 'commander';

/** The options that name a place. */
export interface PlaceOptions {
  readonly local?: string;
  readonly stack?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** The places of a copy: a folder, or `stack:NAME`. */
export interface CopyOptions extends PlaceOptions {
  readonly from?: string;
  readonly to?: string;
}

/**
 * Where a command works: on this machine or with a stack, only with a stack, or from one place to another. Of the last kind the
 * usual options are known all the same, so that a person who gives one learns what to say instead.
 */
export type PlaceKind = 'either' | 'stack' | 'two';

/** Adds `--local` and `--stack`, or `--stack` alone where a command has nothing to do on this machine. */
export function addPlaceOptions(command: Command, place: PlaceKind): Command {
  if (place === 'two') return addTwoPlaces(command);
  const isEither = place === 'either';
  if (isEither) command.option('--local <DIR>', 'the folder on this machine where the backups lie', pathGiven);
  return command
    .option('--stack <NAME>', isEither ? 'or the stack in AWS that has them' : 'the stack in AWS (needed)', name)
    .option('--profile <PROFILE>', 'profile of AWS that says who you are, with --stack', name)
    .option('--region <REGION>', 'region of AWS where the stack is, with --stack', name);
}

function addTwoPlaces(command: Command): Command {
  return command
    .option('--from <WHERE>', 'where the backup is: a folder, or stack:NAME (needed)', pathGiven)
    .option('--to <WHERE>', 'where the copy is to be: a folder, or stack:NAME (needed)', pathGiven)
    .option('--profile <PROFILE>', 'profile of AWS that says who you are, with stack:NAME', name)
    .option('--region <REGION>', 'region of AWS where the stack is, with stack:NAME', name)
    .addOption(new Option('--local <DIR>').hideHelp())
    .addOption(new Option('--stack <NAME>').hideHelp());
}

/** The same options again, for a command line. */
export function placeWords(options: PlaceOptions): string[] {
  const named = (option: string, value: string | undefined) => (value === undefined ? [] : [option, value]);
  return [
    ...named('--local', options.local),
    ...named('--stack', options.stack),
    ...named('--profile', options.profile),
    ...named('--region', options.region),
  ];
}

/** A folder or file as an option's value: where it was forgotten, the next option would be taken for it. */
export function pathGiven(text: string): string {
  if (text === '' || text.startsWith('--')) throw new InvalidArgumentError('It needs a path.');
  return text;
}

function name(text: string): string {
  if (text.trim() === '' || text.startsWith('--')) throw new InvalidArgumentError('It needs a name.');
  return text;
}
