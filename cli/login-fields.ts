import { type LoginSettings, parseSiteSettings, withToken } from '../adapters/atlassian/site-settings.ts';
import { WrongInputError } from '../core/errors.ts';
import { isRecord } from '../core/model/json.ts';
import type { Execution } from '../deployed/executions.ts';
import type { NewLogin } from '../deployed/store-login.ts';
import { askPerson } from './ask-person.ts';
import type { CommandContext } from './command-context.ts';
import type { Ask } from './command-line-io.ts';
import { readFilledSettings, siteVariables } from './read-site-settings.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whose login it is, and the file with it. */
export interface WantedLogin {
  readonly for: Execution['machine'];
  readonly site?: string;
}

/**
 * A login to be stored: of a file, of the environment for what it lacks, and of a person for what neither has. Throws
 * WrongInputError, which never shows what was given, and InterruptedError.
 */
export async function readLogin(context: CommandContext, wanted: WantedLogin): Promise<NewLogin> {
  const { site: file } = wanted;
  const { io, output } = context;
  const filled = await readFilledSettings(file, { ...io, warn: (message) => output.warn(message) });
  if (!isRecord(filled)) throw new WrongInputError(`${file} must be a JSON object, with "siteName" and "apiToken".`);
  const isStored = ([field]: readonly [string, unknown]) => {
    const reason = notStored(field, wanted);
    if (reason !== undefined) output.warn(`${field} in ${file} is not stored: ${reason}.`);
    return reason === undefined;
  };
  const given = Object.fromEntries(Object.entries(filled).filter(isStored));
  const fields = await completed(context, given, wanted);
  return loginOf(fields, new Date(io.now()));
}

/** Why a field of the settings does not go into the secret; undefined where it does. */
function notStored(field: string, wanted: WantedLogin): string | undefined {
  if (field === 'objectSchemaKeys') return "the stack's settings choose what is backed up each night";
  if (field === 'expires' && wanted.for === 'restore') return "nobody is warned before a restore's token expires";
  return undefined;
}

/** Where the site is named nowhere, everything is asked for; otherwise only a token that is missing. */
async function completed(context: CommandContext, given: Fields, wanted: WantedLogin): Promise<Fields> {
  const isSiteGiven = given.siteName !== undefined;
  if (isSiteGiven && given.apiToken !== undefined) return given;
  const { ask, askSecret, now } = context.io;
  if (!ask || !askSecret) {
    throw new WrongInputError(
      isSiteGiven
        ? `The API token is missing: put it into the file as "apiToken", or set ${siteVariables.apiToken}.`
        : `Which login? Nobody sits at a terminal to be asked, so name a file with it (--site FILE), or set ${siteVariables.siteName}, ${siteVariables.username} and ${siteVariables.apiToken}.`,
    );
  }
  let fields = given;
  const today = new Date(now());
  const questions = isSiteGiven ? [] : [siteQuestion, usernameQuestion];
  for (const question of questions) fields = await answered(context, fields, question, { ask, today });
  fields = await answered(context, fields, tokenQuestion, { ask: askSecret, today });
  return isSiteGiven || wanted.for === 'restore' ? fields : answered(context, fields, expiryQuestion, { ask, today });
}

interface Question {
  readonly field: string;
  readonly text: string;
  /** Nothing is an answer. */
  readonly mayBeEmpty: boolean;
}

const siteQuestion: Question = {
  field: 'siteName',
  text: 'Address of the site, as in myorganization.atlassian.net:',
  mayBeEmpty: false,
};
const usernameQuestion: Question = {
  field: 'username',
  text: 'E-mail address of the account (empty for a service account):',
  mayBeEmpty: true,
};
const tokenQuestion: Question = { field: 'apiToken', text: 'API token (it is not shown):', mayBeEmpty: false };
const expiryQuestion: Question = {
  field: 'expires',
  text: 'Day on which the token expires, as in 2027-01-31, to be warned before (empty: not known):',
  mayBeEmpty: true,
};

/** Asks until the answer can be used, and says each time why one cannot. */
async function answered(
  { io, output }: CommandContext,
  fields: Fields,
  { field, text, mayBeEmpty }: Question,
  { ask, today }: { readonly ask: Ask; readonly today: Date },
): Promise<Fields> {
  for (;;) {
    const answer = (await askPerson(ask, text, io.onStopSignals)).trim();
    if (answer === '' && mayBeEmpty) return fields;
    try {
      checked({ ...fields, [field]: answer }, today);
      return { ...fields, [field]: answer };
    } catch (error) {
      if (!(error instanceof WrongInputError)) throw error;
      output.note(error.message);
    }
  }
}

function checked(fields: Fields, today: Date) {
  const { settings } = parseSiteSettings(fields);
  if (settings.expires !== undefined && settings.expires < today.toISOString().slice(0, 10)) {
    throw new WrongInputError(`The token expired on ${settings.expires}: make a new one.`);
  }
  return settings;
}

/** The secret holds what was given, with the address as it is used. */
function loginOf(fields: Fields, today: Date): NewLogin {
  const { apiToken, ...others } = fields;
  const token = typeof apiToken === 'string' ? apiToken.trim() : '';
  const settings: LoginSettings = withToken(checked({ ...others, apiToken: token }, today), token);
  return { settings, secretText: JSON.stringify({ ...others, siteName: settings.siteName, apiToken: token }) };
}
