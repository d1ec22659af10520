import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { backupNameIn } from '../core/backup-format/keys.ts';
import { WrongInputError } from '../core/errors.ts';
import { isRecord } from '../core/model/json.ts';
import { loginFields } from '../validation/login.ts';
import { readJsonFile, readTextFile } from './read-file.ts';
import type { RestoreOptions } from './restore-options.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a command line and its `--input` ask for, before it is checked. */
export interface RestoreRequest {
  /** For `parseRestoreInput`; holds no credentials. */
  readonly input: Fields & { readonly folder: string };
  /** Text of the users file, and the key under which the work store is to have it. */
  readonly users: { readonly key: string; readonly text: string } | undefined;
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
  const users = await readUsers(options, choices.users);
  const chosen = { ...options.chosen, ...(users && { users: users.key }), ...(isPlan && { dryRun: true }) };
  return {
    input: { ...withFields(choices, chosen), folder },
    users,
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

/** A users file that was stored already: the input of a restore that waited for approval names it so. */
const storedUsers = /^users\/[0-9a-f]{16}\.csv$/;

/** The file of `--users`, or that of the input file, which lies beside it. What is no file's name is left to be refused. */
async function readUsers({ input, chosen }: RestoreOptions, byFile: unknown): Promise<RestoreRequest['users']> {
  const isFile = input !== undefined && typeof byFile === 'string' && !storedUsers.test(byFile);
  const [file, source] =
    typeof chosen.users === 'string'
      ? [chosen.users, '--users']
      : [isFile ? resolve(dirname(input), byFile) : undefined, `"users" in ${input}`];
  if (file === undefined) return undefined;
  const text = await readTextFile(file, source);
  const digits = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { key: `users/${digits}.csv`, text };
}
