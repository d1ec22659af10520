import { readFile, stat } from 'node:fs/promises';
import {
  hasToken,
  type LoginSettings,
  type ParsedSettings,
  parseSiteSettings,
  type SiteSettings,
  withToken,
} from '../adapters/atlassian/site-settings.ts';
import { InterruptedError, messageOf, nameOf, WrongInputError } from '../core/errors.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { shellWord } from './output/shell-command.ts';

/** Fields of the settings, and the variables that fill them where the file does not. */
const variables = {
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

type Surroundings = Pick<CommandLineIo, 'env' | 'askSecret' | 'onStopSignals'> & { warn: (message: string) => void };

/**
 * The settings of a site from a file, the environment for what the file lacks, and a person for a token that neither
 * has. Throws WrongInputError, which never shows what stands in the file, and InterruptedError.
 */
export async function readSiteSettings(file: string | undefined, surroundings: Surroundings): Promise<ChosenSite> {
  const fromFile = file === undefined ? {} : await readJson(file);
  const filled = fill(fromFile, surroundings.env);
  if (file === undefined && isRecord(filled) && filled.siteName === undefined) {
    throw new WrongInputError(
      `Which site? Name a file with its settings (--site FILE), or set ${variables.siteName}, ${variables.username} and ${variables.apiToken}.`,
    );
  }
  if (file !== undefined && isRecord(fromFile) && 'apiToken' in fromFile) await warnIfOpen(file, surroundings.warn);
  const { settings, objectSchemaKeys } = parsed(filled, file);
  return {
    settings: hasToken(settings) ? settings : withToken(settings, await askToken(settings, surroundings)),
    objectSchemaKeys,
  };
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new WrongInputError(`There is no file ${file} (--site).`);
    if (code === 'EISDIR') throw new WrongInputError(`${file} is a folder; --site needs a file.`);
    if (code === 'EACCES') throw new WrongInputError(`This user may not read ${file} (--site).`);
    throw new WrongInputError(`${file} (--site) could not be read: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    // The parser's own sentence quotes the text, which may be the token; only the place in it is kept.
    const place = /line \d+ column \d+/.exec(messageOf(error))?.[0];
    throw new WrongInputError(
      `${file} is not valid JSON${place ? ` at ${place.replace(' column', ', column')}` : ''}.`,
    );
  }
}

function fill(fromFile: unknown, env: CommandLineIo['env']): unknown {
  if (!isRecord(fromFile)) return fromFile;
  const fromEnvironment = Object.entries(variables).flatMap(([field, variable]) => {
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

async function askToken(settings: SiteSettings, { askSecret, onStopSignals }: Surroundings): Promise<string> {
  if (!askSecret) {
    throw new WrongInputError(
      `The API token is missing: put it into the settings file as "apiToken", or set ${variables.apiToken}.`,
    );
  }
  const controller = new AbortController();
  const stop = () => controller.abort();
  const stopListening = onStopSignals({ stop, quit: stop });
  const account = settings.username === undefined ? '' : ` of ${settings.username}`;
  try {
    return await askSecret(`API token${account} for ${settings.siteName}:`, controller.signal);
  } catch (error) {
    if (!['ExitPromptError', 'AbortPromptError'].includes(nameOf(error))) throw error;
    throw new InterruptedError('Interrupted. Nothing was started.');
  } finally {
    stopListening();
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
