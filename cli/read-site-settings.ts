import { stat } from 'node:fs/promises';
import {
  hasToken,
  type LoginSettings,
  type ParsedSettings,
  parseSiteSettings,
  type SiteSettings,
  withToken,
} from '../adapters/atlassian/site-settings.ts';
import { WrongInputError } from '../core/errors.ts';
import { isRecord } from '../core/model/json.ts';
import { shellWord } from '../core/shell-word.ts';
import { askPerson } from './ask-person.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { readJsonFile } from './read-file.ts';

/** Fields of the settings, and the variables that fill them where the file does not. */
export const siteVariables = {
  siteName: 'ASSETS_SITE_NAME',
  username: 'ASSETS_USERNAME',
  apiToken: 'ASSETS_API_TOKEN',
  apiUrl: 'ASSETS_API_URL',
  auth: 'ASSETS_AUTH',
} as const;

export interface ChosenSite {
  readonly settings: LoginSettings;
  /** Of the original's backupAssets-config.json. */
  readonly objectSchemaKeys: readonly string[] | undefined;
}

export type SettingsSources = Pick<CommandLineIo, 'env' | 'askSecret' | 'onStopSignals'> & {
  warn: (message: string) => void;
};

/**
 * The settings of a site from a file, the environment for what the file lacks, and a person for a token that neither
 * has. Throws WrongInputError, which never shows what stands in the file, and InterruptedError.
 */
export async function readSiteSettings(file: string | undefined, sources: SettingsSources): Promise<ChosenSite> {
  const json = file === undefined ? undefined : await readJsonFile(file, '--site');
  return chosenSite(file === undefined ? undefined : { file, json }, sources);
}

/** The same where the settings have been read from a file; undefined: there is none. */
export async function chosenSite(
  source: { readonly file: string; readonly json: unknown } | undefined,
  sources: SettingsSources,
): Promise<ChosenSite> {
  const filled = fill(source ? source.json : {}, sources.env);
  if (!source && isRecord(filled) && filled.siteName === undefined) {
    throw new WrongInputError(
      `Which site? Name a file with its settings (--site FILE), or set ${siteVariables.siteName}, ${siteVariables.username} and ${siteVariables.apiToken}.`,
    );
  }
  if (source && isRecord(source.json) && 'apiToken' in source.json) await warnIfOpen(source.file, sources.warn);
  const { settings, objectSchemaKeys } = parsed(filled, source?.file);
  return {
    settings: hasToken(settings) ? settings : withToken(settings, await askToken(settings, sources)),
    objectSchemaKeys,
  };
}

/** What a file and the environment say of a site, not checked yet. Throws WrongInputError. */
export async function readFilledSettings(
  file: string | undefined,
  { env, warn }: Pick<SettingsSources, 'env' | 'warn'>,
): Promise<unknown> {
  const json = file === undefined ? {} : await readJsonFile(file, '--site');
  if (file !== undefined && isRecord(json) && 'apiToken' in json) await warnIfOpen(file, warn);
  return fill(json, env);
}

function fill(fromFile: unknown, env: CommandLineIo['env']): unknown {
  if (!isRecord(fromFile)) return fromFile;
  const fromEnvironment = Object.entries(siteVariables).flatMap(([field, variable]) => {
    const value = env[variable];
    return value === undefined || value === '' ? [] : [[field, value] as const];
  });
  return { ...Object.fromEntries(fromEnvironment), ...fromFile };
}

function parsed(json: unknown, file: string | undefined): ParsedSettings {
  try {
    return parseSiteSettings(json);
  } catch (error) {
    if (!(error instanceof WrongInputError) || file === undefined) throw error;
    throw new WrongInputError(`${file}: ${error.message}`);
  }
}

async function warnIfOpen(file: string, warn: (message: string) => void): Promise<void> {
  // Windows has no such bits: every file looks readable by all.
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & 0o044) !== 0) {
    warn(`${file} holds an API token and other users of this machine may read it: chmod 600 ${shellWord(file)}`);
  }
}

async function askToken(settings: SiteSettings, { askSecret, onStopSignals }: SettingsSources): Promise<string> {
  if (!askSecret) {
    throw new WrongInputError(
      `The API token is missing: put it into the settings file as "apiToken", or set ${siteVariables.apiToken}.`,
    );
  }
  const account = settings.username === undefined ? '' : ` of ${settings.username}`;
  return askPerson(askSecret, `API token${account} for ${settings.siteName}:`, onStopSignals);
}
