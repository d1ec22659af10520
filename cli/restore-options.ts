import { isDeepStrictEqual } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as v from 'valibot';
import { isRecord } from '../core/model/json.ts';
import { type RestoreChoices, restoreInputOf } from '../core/model/restore.ts';
import { shellCommand } from '../core/shell-word.ts';
import {
  choiceRows,
  type RestoreChoice,
  type SwitchOption,
  saidBy,
  type TextOption,
} from '../functions/inputs/restore-choices.ts';
import type { PlaceOptions } from './place-options.ts';
import { defaultKeepLogs } from './run-options.ts';

/** What `restore` and `plan` are given on the command line. */
export interface RestoreOptions extends PlaceOptions {
  readonly site?: string;
  readonly input?: string;
  readonly keepLogs: number;
  /** Of `restore`: carry it out without asking. It belongs to one run only. */
  readonly yes?: boolean;
  /** What the options of the table say, by the input's field: `{ 'include.objectTypes': ['Laptop'] }`. */
  readonly chosen: Readonly<Record<string, unknown>>;
}

const rows = choiceRows.flatMap(([field, { option, ...choice }]) => (option ? [{ field, option, ...choice }] : []));

const takesText = (option: SwitchOption | TextOption): option is TextOption => 'needs' in option;

/** The options of the table, for the command line to read. */
export function choiceOptions(): Option[] {
  return rows.map(({ option, check, help }) => {
    const made = new Option(option.flags, help);
    if (!takesText(option)) return made;
    return made.argParser((text, before) => {
      const read = readText(option, check, text, before);
      if (read.refusal !== undefined) throw new InvalidArgumentError(read.refusal);
      return read.value;
    });
  });
}

/** What they say on this command line. */
export function chosenBy(command: Command): RestoreOptions['chosen'] {
  const chosen = rows
    .map(({ field, option }) => ({ field, name: new Option(option.flags).attributeName() }))
    .filter(({ name }) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(chosen.map(({ field, name }) => [field, command.getOptionValue(name)]));
}

/** What is wrong inside an entry is left to the check of the whole input, which can name the place. */
function readText(option: TextOption, check: RestoreChoice['check'], text: string, before: unknown) {
  const isForgotten = text.trim() === '' || text.startsWith('--');
  const entry = isForgotten || !option.read ? text : option.read(text);
  if (isForgotten || entry === undefined) return { refusal: option.needs };
  const value = option.isRepeated ? [...new Set([...((before ?? []) as unknown[]), entry])] : entry;
  const isRefused = !option.isFile && v.safeParse(check, value).issues?.some(({ path }) => path === undefined);
  return isRefused ? { refusal: option.refusal?.(value) ?? option.needs } : { value };
}

function textsOf(option: TextOption, value: unknown): string[] {
  return (option.isRepeated ? (value as unknown[]) : [value]).map((entry) => option.write?.(entry) ?? String(entry));
}

/**
 * The options that ask for such a restore. What they cannot say (a file that was stored, a key that no `--schema` takes) is left
 * to an input file, which a person has yet to make.
 * @param pathOf where a stored file lies on this computer, if it does
 */
export function optionsOf(choices: RestoreChoices, pathOf?: (key: string) => string): RestoreOptions {
  const { folder, ...input } = restoreInputOf({ ...choices, dryRun: false, approve: null });
  const at = (field: string) =>
    field.split('.').reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), input);
  const chosen = choiceRows
    .map(([field, choice]) => ({ field, choice, value: at(field) }))
    // What an older version has stored lacks the newer choices.
    .filter(({ choice, value }) => value !== undefined && !isDeepStrictEqual(value, v.getDefault(choice.check)))
    .map((one) => (pathOf && isFile(one.choice) ? { ...one, value: pathOf(String(one.value)) } : one));
  const said = chosen.filter(({ choice, value }) => (pathOf && isFile(choice)) || canSay(choice, value));
  return {
    ...(said.length < chosen.length && { input: inputFileToMake }),
    keepLogs: defaultKeepLogs,
    chosen: Object.fromEntries(said.map(({ field, value }) => [field, value])),
  };
}

const isFile = ({ option }: RestoreChoice) => option !== undefined && 'isFile' in option;

const inputFileToMake = 'input-of-the-execution.json';

/** Whether an option can, and its words mean that value when they are read again. */
function canSay({ option, check }: RestoreChoice, value: unknown): boolean {
  if (!option) return false;
  if (!takesText(option)) return value === saidBy(option);
  if (option.isFile) return false;
  let again: unknown;
  for (const text of textsOf(option, value)) again = readText(option, check, text, again).value;
  return isDeepStrictEqual(again, value);
}

/** The same command line again as `restore` or `plan`, without what belongs to one run only. */
export function sameCommand(
  command: 'restore' | 'plan',
  backup: string | undefined,
  placeWords: readonly string[],
  { site, input, chosen, keepLogs }: RestoreOptions,
  ...more: readonly string[]
): string {
  const named = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const choices = rows.flatMap(({ field, option }) => {
    const [name = ''] = option.flags.split(' ');
    const value = chosen[field];
    if (value === undefined || option.isOfOneRun) return [];
    return takesText(option) ? textsOf(option, value).flatMap((text) => [name, text]) : [name];
  });
  return shellCommand(
    command,
    ...(backup === undefined ? [] : [backup]),
    ...placeWords,
    ...named('--site', site),
    ...named('--input', input),
    ...choices,
    ...named('--keep-logs', keepLogs === defaultKeepLogs ? undefined : String(keepLogs)),
    ...more,
  );
}
