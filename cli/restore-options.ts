import { InvalidArgumentError } from 'commander';
import type { RestoreChoices } from '../core/model/restore.ts';
import { shellCommand } from './output/shell-command.ts';
import type { PlaceOptions } from './place-options.ts';
import { defaultKeepLogs } from './run-options.ts';

/** What `restore` and `plan` are given on the command line. */
export interface RestoreOptions extends PlaceOptions {
  readonly site?: string;
  readonly input?: string;
  readonly schema?: readonly SchemaOption[];
  readonly onlyType?: readonly string[];
  readonly intoExisting?: true;
  readonly objects: boolean;
  readonly comments: boolean;
  readonly history: boolean;
  readonly restrictions: boolean;
  readonly users?: string;
  readonly dryRun?: true;
  readonly approve?: string;
  readonly keepLogs: number;
}

/** One `--schema`, with its words as they were given. */
export interface SchemaOption {
  readonly text: string;
  readonly oldKey: string;
  readonly newKey: string;
  readonly newName?: string;
}

const schemaForm = "It needs KEY, OLD=NEW or 'OLD=NEW:New name'.";
/** Atlassian documents no rule for the Cloud; what its keys never hold is kept out, the rest is the site's to judge. */
const schemaKey = /^\p{L}[\p{L}\p{N}_-]*$/u;

/** Reads `KEY`, `OLD=NEW` or `OLD=NEW:Name` and adds it to those before it. A name may hold `=` and `:`. */
export function schemaOption(text: string, before: readonly SchemaOption[] = []): SchemaOption[] {
  const [, oldKey = '', newKey = oldKey, newName] = /^([^=:]*)(?:=([^:]*)(?::(.*))?)?$/s.exec(text) ?? [];
  if (!schemaKey.test(oldKey) || !schemaKey.test(newKey) || newName?.trim() === '') {
    throw new InvalidArgumentError(schemaForm);
  }
  if (before.some((other) => other.oldKey === oldKey)) {
    throw new InvalidArgumentError(`The schema ${oldKey} is named twice.`);
  }
  if (before.some((other) => other.newKey === newKey)) {
    throw new InvalidArgumentError(`Two schemas cannot both become ${newKey}.`);
  }
  return [...before, { text, oldKey, newKey, ...(newName !== undefined && { newName: newName.trim() }) }];
}

export function typeName(text: string, before: readonly string[] = []): string[] {
  if (text.trim() === '' || text.startsWith('--'))
    throw new InvalidArgumentError('It needs the name of an object type.');
  return [...new Set([...before, text])];
}

export function planHash(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new InvalidArgumentError('It needs the 64 hexadecimal digits that the plan ends with.');
  }
  return text.toLowerCase();
}

/**
 * The options that ask for such a restore. What no option can say (single objects, attributes, a users file that was stored) is
 * left to an input file, which a person has yet to make.
 */
export function optionsOf(choices: RestoreChoices): RestoreOptions {
  const { schemas, include, users } = choices;
  const isMoreThanOptions = include.objects.length + include.attributes.length > 0 || users !== null;
  const schema = schemas?.map(({ oldObjectSchemaKey: oldKey, newObjectSchemaKey: newKey, newObjectSchemaName }) => {
    const newName = newObjectSchemaName === null ? {} : { newName: newObjectSchemaName };
    const text = `${oldKey}=${newKey}${newObjectSchemaName === null ? '' : `:${newObjectSchemaName}`}`;
    return { text: oldKey === newKey && newObjectSchemaName === null ? oldKey : text, oldKey, newKey, ...newName };
  });
  return {
    ...(isMoreThanOptions && { input: inputFileToMake }),
    ...(schema && { schema }),
    ...(include.objectTypes.length > 0 && { onlyType: include.objectTypes }),
    ...(choices.intoExisting && { intoExisting: true }),
    objects: choices.processObjects,
    comments: choices.processComments,
    history: choices.processHistory,
    restrictions: choices.setAttributeRestrictions,
    keepLogs: defaultKeepLogs,
  };
}

const inputFileToMake = 'input-of-the-execution.json';

/** The same command line again as `restore` or `plan`, without what belongs to one run only. */
export function sameCommand(
  command: 'restore' | 'plan',
  backup: string | undefined,
  placeWords: readonly string[],
  options: RestoreOptions,
  ...more: readonly string[]
): string {
  const named = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  return shellCommand(
    command,
    ...(backup === undefined ? [] : [backup]),
    ...placeWords,
    ...named('--site', options.site),
    ...named('--input', options.input),
    ...(options.schema ?? []).flatMap(({ text }) => ['--schema', text]),
    ...(options.onlyType ?? []).flatMap((name) => ['--only-type', name]),
    ...(options.intoExisting ? ['--into-existing'] : []),
    ...(options.objects ? [] : ['--no-objects']),
    ...(options.comments ? [] : ['--no-comments']),
    ...(options.history ? [] : ['--no-history']),
    ...(options.restrictions ? [] : ['--no-restrictions']),
    ...named('--users', options.users),
    ...(options.keepLogs === defaultKeepLogs ? [] : ['--keep-logs', String(options.keepLogs)]),
    ...more,
  );
}
