import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { backupNameIn } from '../core/backup-format/keys.ts';
import { WrongInputError } from '../core/errors.ts';
import { isRecord } from '../core/model/json.ts';
import { latestWord } from '../core/operations/latest-backup.ts';
import { choiceRows } from '../functions/inputs/restore-choices.ts';
import { loginFields } from '../validation/login.ts';
import { readJsonFile, readTextFile } from './read-file.ts';
import type { RestoreOptions } from './restore-options.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a command line and its `--input` ask for, before it is checked. */
export interface RestoreRequest {
  /** For `parseRestoreInput`; holds no credentials. */
  readonly input: Fields & { readonly folder: string };
  /** Texts of the files that choices name, and the keys under which the work store is to have them. */
  readonly files: readonly { readonly key: string; readonly text: string }[];
  /** The login that stands in `--input`, where one does. */
  readonly credentials: Fields | undefined;
  /** The input file itself asks for no more than a plan. */
  readonly isPlanByFile: boolean;
}

/**
 * Puts the input file and the options together; an option wins over the file. Undefined: neither names a backup.
 * Throws WrongInputError, which shows nothing of what stands in the file.
 */
export async function readRestoreRequest(
  backup: string | undefined,
  options: RestoreOptions,
  { isPlan }: { readonly isPlan: boolean },
): Promise<RestoreRequest | undefined> {
  const fromFile = options.input === undefined ? {} : await readInputFile(options.input);
  const isCredential = ([field]: readonly [string, unknown]) => loginFields.includes(field);
  const credentials = Object.entries(fromFile).filter(isCredential);
  const choices = Object.fromEntries(Object.entries(fromFile).filter((entry) => !isCredential(entry)));

  const folder = backupOf(backup, fromFile.folder, options.input);
  if (folder === undefined) return undefined;
  const files = await readFiles(options, choices);
  const stored = Object.fromEntries(files.map(({ field, key }) => [field, key]));
  const chosen = { ...options.chosen, ...stored, ...(isPlan && { dryRun: true }) };
  return {
    input: { ...withFields(choices, chosen), folder },
    files,
    credentials: credentials.length === 0 ? undefined : Object.fromEntries(credentials),
    isPlanByFile: fromFile.dryRun === true,
  };
}

async function readInputFile(file: string): Promise<Fields> {
  const json = await readJsonFile(file, '--input');
  if (!isRecord(json)) throw new WrongInputError(`${file} (--input) must be a JSON object.`);
  return json;
}

function backupOf(named: string | undefined, folder: unknown, file: string | undefined): string | undefined {
  if (folder === undefined || folder === null) return named;
  if (typeof folder !== 'string') throw new WrongInputError(`"folder" in ${file} must be the name of a backup.`);
  // A file that says "latest" is gone on with by the line that names which one it was.
  if (named !== undefined && folder === latestWord) return named;
  if (named !== undefined && backupNameIn(named) !== backupNameIn(folder)) {
    throw new WrongInputError(
      `Which backup? The command line names ${named}, "folder" in ${file} names another: leave one of them out.`,
    );
  }
  return folder;
}

/** `include.objectTypes` is a field of the object `include`, whose other fields stay. */
function withFields(input: Fields, fields: Fields): Fields {
  const whole: Record<string, unknown> = { ...input };
  for (const [field, value] of Object.entries(fields)) {
    const [outer = '', inner] = field.split('.');
    const part = whole[outer];
    whole[outer] = inner === undefined ? value : { ...(isRecord(part) ? part : {}), [inner]: value };
  }
  return whole;
}

/**
 * The files of options such as `--users`, or those that the input file names, which lie beside it. What is no file's name is left
 * to be refused. One that was stored already is no file here: the input of a restore that waited for approval names it so.
 */
async function readFiles({ input, chosen }: RestoreOptions, byFile: Fields) {
  const files: { readonly field: string; readonly key: string; readonly text: string }[] = [];
  for (const [field, { option }] of choiceRows) {
    if (!option || !('isFile' in option)) continue;
    const isStored = new RegExp(`^${option.isFile}/[0-9a-f]{16}\\.csv$`);
    const [said, named] = [chosen[field], byFile[field]];
    const isBeside = input !== undefined && typeof named === 'string' && !isStored.test(named);
    const [file, source] =
      typeof said === 'string'
        ? [said, option.flags.split(' ')[0] ?? '']
        : [isBeside ? resolve(dirname(input), named) : undefined, `"${field}" in ${input}`];
    if (file === undefined) continue;
    const text = await readTextFile(file, source);
    const digits = createHash('sha256').update(text).digest('hex').slice(0, 16);
    files.push({ field, key: `${option.isFile}/${digits}.csv`, text });
  }
  return files;
}
