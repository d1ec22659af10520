import { InvalidArgumentError, Option } from 'commander';

/** What the commands that talk to a site have in common: the help about its settings, and the log. */

export const siteHelp = `Settings of a site, in a file that only you may read (chmod 600):
  { "siteName": "https://myorganization.atlassian.net",
    "username": "cmdb_admin@myorganization.com",
    "apiToken": "..." }`;

/** Begins in the middle of a line. */
export const environmentHelp = `The environment fills what the file lacks: ASSETS_SITE_NAME,
ASSETS_USERNAME, ASSETS_API_TOKEN, ASSETS_API_URL, ASSETS_AUTH (basic, scoped or bearer). A token
that is missing in both is asked for.`;

export function keepLogsOption(): Option {
  return new Option('--keep-logs <DAYS>', 'remove logs of earlier runs that are older than this; with --local')
    .argParser(wholeNumber)
    .default(defaultKeepLogs);
}

export const defaultKeepLogs = 10;

function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It needs a whole number of days.');
  return Number(text);
}
