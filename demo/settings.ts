import { writeFile } from 'node:fs/promises';
import type { Simulator } from '../simulator/start-simulator.ts';

/** Requests a minute that no demo reaches: a real site's limits would stretch it to minutes. */
const unlimited = 600_000;

/** All that the settings know, as `test/cli/demo.test.ts` makes sure: one that were missing would slow the demo. */
const classes = [
  'object-aql',
  'object-count',
  'object',
  'object-create',
  'object-update',
  'object-delete',
  'object-references',
  'object-type-attributes',
  'history',
  'comments',
  'configuration',
  'issue-search',
  'issue',
  'issue-update',
];

/** Writes a settings file as a person would, for the pretend site. */
export async function writeSettings(
  file: string,
  { url, credentials }: Pick<Simulator, 'url' | 'credentials'>,
): Promise<void> {
  const { username, apiToken } = credentials;
  const settings = {
    siteName: url,
    username,
    apiToken,
    apiUrl: url,
    requestBudget: { total: unlimited, byClass: Object.fromEntries(classes.map((name) => [name, unlimited])) },
  };
  await writeFile(file, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
}

/** Settings of the folder, as a person would write them: which issues hold which objects is read too. */
export async function writeFolderSettings(folder: string): Promise<void> {
  await writeFile(`${folder}/settings.json`, `${JSON.stringify({ issueLinks: true }, undefined, 2)}\n`, {
    mode: 0o600,
  });
}
