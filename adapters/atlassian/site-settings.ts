import * as v from 'valibot';
import { WrongInputError } from '../../core/errors.ts';
import type { BudgetSettings } from '../../core/model/request-budget.ts';
import type { LoginKind } from '../../core/model/run.ts';
import { checked, type Problem, saying, strictFields } from '../../validation/checked.ts';
import { login } from '../../validation/login.ts';
import { budgetSettings } from '../../validation/request-budget.ts';
import { isSafeAddress } from '../../validation/safe-address.ts';
import { ApiToken } from './api-token.ts';
import { isPlaceholder } from './placeholder.ts';

/** How to reach a site and log in to it, all checked. Addresses have a scheme and no slash at the end. */
export interface SiteSettings {
  readonly siteName: string;
  readonly apiUrl: string;
  /** Missing for a service account, whose token is a bearer token. */
  readonly username?: string;
  /** Missing where the kind of login is to be found out. */
  readonly auth?: LoginKind;
  readonly requestBudget: BudgetSettings;
  /** The day on which the token expires, `2027-01-31`: Atlassian says it only when a token is made. Missing where nobody wrote it down. */
  readonly expires?: string;
  /** Missing where the settings do not hold it; `withToken` puts it in. */
  readonly apiToken?: ApiToken;
}

/** Settings with which one can log in. */
export type LoginSettings = SiteSettings & { readonly apiToken: ApiToken };

export interface ParsedSettings {
  readonly settings: SiteSettings;
  /** The original's backupAssets-config.json names the schemas to back up; they are no property of the site. */
  readonly objectSchemaKeys?: readonly string[];
}

export const defaultApiUrl = 'https://api.atlassian.com';

const text = saying('must be text', v.string());

/** A day that there is: the pattern alone allows the 31st of February. */
const day = saying(
  'must be a date, as in "2027-01-31"',
  v.pipe(
    v.string(),
    v.isoDate(),
    v.check((text) => new Date(text).toJSON()?.startsWith(text) === true),
  ),
);

const settingsSchema = strictFields({
  ...login,
  apiUrl: v.optional(text),
  auth: v.optional(saying('must be "basic", "scoped" or "bearer"', v.picklist(['basic', 'scoped', 'bearer']))),
  requestBudget: v.optional(budgetSettings),
  expires: v.optional(day),
  objectSchemaKeys: v.optional(v.array(text, 'must be a list of texts')),
});

/**
 * Reads the settings of a site: a secret, a file, or the original's backupAssets-config.json as it is.
 * Throws WrongInputError with a sentence that names the field and never shows what stands in it.
 */
export function parseSiteSettings(json: unknown): ParsedSettings {
  const { siteName, username, apiToken, apiUrl, auth, requestBudget, expires, objectSchemaKeys } = checked(
    settingsSchema,
    json,
    wrongSettings,
  );
  checkUsername(username, auth);
  if (objectSchemaKeys?.some((key) => key.trim() === '' || isPlaceholder(key))) {
    throw new WrongInputError('The settings field "objectSchemaKeys" holds an empty key or a placeholder.');
  }
  const settings: SiteSettings = {
    siteName: siteAddress(siteName),
    apiUrl: address('apiUrl', parsedAddress('apiUrl', apiUrl ?? defaultApiUrl)),
    requestBudget: requestBudget ?? {},
    ...(username !== undefined && { username: username.trim() }),
    ...(auth !== undefined && { auth }),
    ...(expires !== undefined && { expires }),
    ...(apiToken !== undefined && { apiToken: new ApiToken(apiToken) }),
  };
  return objectSchemaKeys ? { settings, objectSchemaKeys } : { settings };
}

/** The settings with a token that came from elsewhere, such as the environment or a prompt. Throws WrongInputError. */
export function withToken(settings: SiteSettings, apiToken: string): LoginSettings {
  return { ...settings, apiToken: new ApiToken(apiToken) };
}

/** Whether the settings hold their token. */
export function hasToken(settings: SiteSettings): settings is LoginSettings {
  return settings.apiToken !== undefined;
}

/** Sites of Atlassian have no path of their own. Where a company's own domain or gateway stands before one, a path may belong to it. */
const siteOfAtlassian = /\.(?:atlassian\.net|jira\.com|jira-dev\.com|atlassian-us-gov-mod\.net)$/;
/** With what the paths of a site's pages begin, as a browser shows them. */
const pageOfSite =
  /\/(?:(?:jira\/(?:assets|boards|core|dashboards|discovery|filters|for-you|issues|ops|people|plans|projects|servicedesk|settings|software|your-work)|assets|browse|issues|login\.jsp|plugins|projects|secure|servicedesk|wiki)(?:\/.*)?)$/i;

/** URLs allow quotes and commas in a name, and take the scheme of a mistyped address for one. */
const hostOfSite = /^(?:(?!https?$)[a-z\d._-]+|\[[\da-f:.]+\])$/;

/** The site of an address that somebody may have copied from the browser: of its pages only the site is left. */
function siteAddress(text: string): string {
  const written = text.trim();
  const url = parsedAddress('siteName', /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `https://${written}`);
  if (/(?:^|\.)atlassian\.com$/.test(url.hostname)) {
    throw new WrongInputError(
      'The settings field "siteName" names a page of Atlassian that all sites share: put the address of your own site there, as in https://myorganization.atlassian.net.',
    );
  }
  if (siteOfAtlassian.test(url.hostname)) url.pathname = '';
  else if (pageOfSite.test(url.pathname)) url.pathname = url.pathname.replace(pageOfSite, '');
  else return address('siteName', url);
  url.search = '';
  url.hash = '';
  return address('siteName', url);
}

function parsedAddress(field: AddressField, text: string): URL {
  if (isPlaceholder(text)) {
    throw new WrongInputError(
      `The settings field "${field}" is still the template's placeholder: put your site's address there.`,
    );
  }
  const url = URL.parse(text.trim());
  if (!url || !hostOfSite.test(url.hostname)) {
    throw new WrongInputError(`The settings field "${field}" is not a web address.`);
  }
  // A certificate does not name the root.
  url.hostname = url.hostname.replace(/\.$/, '');
  return url;
}

type AddressField = 'siteName' | 'apiUrl';

/** As it is used. */
function address(field: AddressField, url: URL): string {
  if (url.username !== '' || url.password !== '') {
    throw new WrongInputError(`The settings field "${field}" must not hold a login: use "username" and "apiToken".`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw new WrongInputError(`The settings field "${field}" must be an address without "?" and "#".`);
  }
  if (!isSafeAddress(url)) {
    throw new WrongInputError(
      `The settings field "${field}" must begin with https:// (http:// only for this machine).`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function checkUsername(username: string | undefined, auth: LoginKind | undefined): void {
  if (username === undefined) {
    if (auth === undefined || auth === 'bearer') return;
    throw new WrongInputError(
      `The settings field "username" is missing: a ${auth} login needs the account's e-mail address.`,
    );
  }
  if (username.trim() === '') {
    throw new WrongInputError('The settings field "username" is empty: leave it out for a service account\'s token.');
  }
  if (isPlaceholder(username))
    throw new WrongInputError('The settings field "username" is still the template\'s placeholder.');
  if (username.includes(':')) throw new WrongInputError('The settings field "username" must not hold a colon.');
}

function wrongSettings([{ place, what }]: readonly [Problem, ...Problem[]]): WrongInputError {
  return new WrongInputError(
    place === undefined
      ? 'The settings must be a JSON object with "siteName", "username" and "apiToken".'
      : `The settings field "${place}" ${what}.`,
  );
}
