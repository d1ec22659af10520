import { defaultFolderSettings, readFolderSettings } from '../adapters/disk/folder-settings.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { messageOf, WrongInputError } from '../core/errors.ts';
import type { SetupReport } from '../core/operations/check-setup.ts';
import type { SetupCheck } from '../core/operations/one-check.ts';
import { shellCommand } from '../core/shell-word.ts';
import { checkSetupLocally } from '../local/local-setup.ts';
import type { CommandContext } from './command-context.ts';
import { checkFolder } from './folder-checks.ts';
import type { Place } from './place.ts';
import { type ChosenSite, readSiteSettings } from './read-site-settings.ts';

interface AskedFolder {
  readonly place: Place;
  readonly directory: string;
  /** The file with the settings of the site; undefined: the environment has them. */
  readonly siteFile: string | undefined;
}

/** `doctor` of a folder: what that of a stack says, and of the disk. Throws nothing for a check that fails. */
export async function checkLocalPlace(
  { io }: CommandContext,
  { place, directory, siteFile }: AskedFolder,
): Promise<SetupReport> {
  const warnings: string[] = [];
  const site = await orRefusal(readSiteSettings(siteFile, { ...io, warn: (message) => warnings.push(message) }));
  const folder = await orRefusal(readFolderSettings(directory));
  const settings = folder instanceof WrongInputError ? defaultFolderSettings : folder;
  const known: ChosenSite | undefined = site instanceof WrongInputError ? undefined : site;
  const setup = await checkSetupLocally({
    directory,
    site: site instanceof WrongInputError ? site : site.settings,
    siteFile,
    objectSchemaKeys: known?.objectSchemaKeys ?? null,
    folder: settings,
  });
  const nextBackup = shellCommand('backup', ...place.words, ...(siteFile === undefined ? [] : ['--site', siteFile]));
  const checks = [
    ...warnings.map(openSiteFile),
    ...setup.checks.filter(({ name }) => warnings.length === 0 || name !== 'site file'),
    settingsCheck(folder),
    ...(await checkFolder({
      place,
      directory,
      settings,
      site: known?.settings,
      nextBackup,
      env: io.env,
      clock: systemClock,
    })),
  ];
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function orRefusal<T>(work: Promise<T>): Promise<T | WrongInputError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WrongInputError) return error;
    throw error;
  }
}

/** What a run only warns of. */
function openSiteFile(warning: string): SetupCheck {
  const remedy = 'Do that; where somebody else has an account on this machine, make a new token as well.';
  return { name: 'site file', ok: false, detail: `${warning}.`, remedy };
}

function settingsCheck(folder: object): SetupCheck {
  const name = 'settings';
  if (!(folder instanceof WrongInputError))
    return { name, ok: true, detail: 'Those in settings.json are in order, or there are none.', remedy: null };
  const remedy =
    'Mend that file: as long as it is wrong, nothing runs here. README, "Settings of a site", has its fields.';
  return { name, ok: false, detail: messageOf(folder), remedy };
}
