import { WrongInputError } from '../core/errors.ts';
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
  /** Whether it was not there before. */
  readonly isNew: boolean;
  /** The file with the settings of the site; undefined: the environment has them. */
  readonly siteFile: string | undefined;
}

/** `doctor` of a folder: what that of a stack says, and of the disk. Throws nothing for a check that fails. */
export async function checkLocalPlace(
  { io }: CommandContext,
  { place, directory, isNew, siteFile }: AskedFolder,
): Promise<SetupReport> {
  const warnings: string[] = [];
  const site = await orRefusal(readSiteSettings(siteFile, { ...io, warn: (message) => warnings.push(message) }));
  const known: ChosenSite | undefined = site instanceof WrongInputError ? undefined : site;
  const { checks: setup, keep } = await checkSetupLocally({
    directory,
    site: site instanceof WrongInputError ? site : site.settings,
    siteFile,
    objectSchemaKeys: known?.objectSchemaKeys ?? null,
  });
  const nextBackup = shellCommand('backup', ...place.words, '--site', siteFile ?? 'site.json');
  const checks = [
    ...warnings.map(openSiteFile),
    ...setup.filter(({ name }) => warnings.length === 0 || name !== 'site file'),
    ...(await checkFolder({
      place,
      directory,
      isNew,
      keep,
      site: known?.settings,
      nextBackup,
      env: io.env,
      now: io.now(),
    })),
  ];
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function orRefusal(reading: Promise<ChosenSite>): Promise<ChosenSite | WrongInputError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof WrongInputError) return error;
    throw error;
  }
}

/** What a run only warns of. */
function openSiteFile(warning: string): SetupCheck {
  const remedy =
    'Close it to them, as said above; where somebody else has an account on this machine, make a new token as well.';
  return { name: 'site file', ok: false, detail: `${warning}.`, remedy };
}
