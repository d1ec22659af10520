import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { WrongInputError } from '../core/errors.ts';
import { isRecord, readJsonFile, readTextFile } from './read-file.ts';
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

const credentialFields = ['siteName', 'username', 'apiToken'];

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
  const isCredential = ([field]: readonly [string, unknown]) => credentialFields.includes(field);
  const credentials = Object.entries(fromFile).filter(isCredential);
  const { users: usersByFile, ...choices } = Object.fromEntries(
    Object.entries(fromFile).filter((entry) => !isCredential(entry)),
  ) as Record<string, unknown>;

  const folder = backupOf(backup, fromFile.folder, options.input);
  if (folder === undefined) return undefined;
  const users = await readUsers(options, usersByFile);
  return {
    input: {
      ...choices,
      folder,
      ...(usersByFile !== undefined && { users: usersByFile }),
      ...(users && { users: users.key }),
      ...chosenByOptions(options, choices),
      ...((isPlan || options.dryRun) && { dryRun: true }),
    },
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
  if (named !== undefined && nameOfBackup(named) !== nameOfBackup(folder)) {
    throw new WrongInputError(
      `Which backup? The command line names ${named}, "folder" in ${file} names another: leave one of them out.`,
    );
  }
  return folder;
}

/** A local backup is a folder, and a shell completes it with its path and a slash. */
export function nameOfBackup(path: string): string {
  return path.split(/[/\\]/).findLast((segment) => segment !== '') ?? '';
}

function chosenByOptions(options: RestoreOptions, choices: Fields): Fields {
  return {
    ...(options.schema && {
      objectSchemas: options.schema.map(({ oldKey, newKey, newName }) => ({
        oldObjectSchemaKey: oldKey,
        newObjectSchemaKey: newKey,
        ...(newName !== undefined && { newObjectSchemaName: newName }),
      })),
    }),
    ...(options.onlyType && {
      include: { ...(isRecord(choices.include) ? choices.include : {}), objectTypes: options.onlyType },
    }),
    ...(options.intoExisting && { intoExisting: true }),
    ...(!options.objects && { processObjects: false }),
    ...(!options.comments && { processComments: false }),
    ...(!options.history && { processHistory: false }),
    ...(!options.restrictions && { setAttributeRestrictions: false }),
    ...(options.approve !== undefined && { approve: options.approve }),
  };
}

/** A users file that was stored already: the input of a restore that waited for approval names it so. */
const storedUsers = /^users\/[0-9a-f]{16}\.csv$/;

/** The file of `--users`, or that of the input file, which lies beside it. What is no file's name is left to be refused. */
async function readUsers(options: RestoreOptions, byFile: unknown): Promise<RestoreRequest['users']> {
  const isFile = options.input !== undefined && typeof byFile === 'string' && !storedUsers.test(byFile);
  const beside = isFile ? resolve(dirname(options.input), byFile) : undefined;
  const file = options.users ?? beside;
  if (file === undefined) return undefined;
  const text = await readTextFile(file, options.users === undefined ? `"users" in ${options.input}` : '--users');
  const digits = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { key: `users/${digits}.csv`, text };
}
