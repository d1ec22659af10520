import { createAssetsSite } from '../adapters/atlassian/assets-site.ts';
import type { LoginSettings } from '../adapters/atlassian/site-settings.ts';
import { defaultFolderSettings, type FolderSettings, readFolderSettings } from '../adapters/disk/folder-settings.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { messageOf, WrongInputError } from '../core/errors.ts';
import type { KeepRules } from '../core/model/keep.ts';
import { requestBudget } from '../core/model/request-budget.ts';
import { checkSetup } from '../core/operations/check-setup.ts';
import type { SetupCheck } from '../core/operations/one-check.ts';
import type { SetupWords } from '../core/operations/setup-words.ts';
import type { AssetsSite } from '../core/ports/assets-site.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Reporter } from '../core/ports/reporter.ts';
import { lateAfterHoursByDefault } from '../core/retention/gather-facts.ts';
import { openLocalStores } from './local-stores.ts';

export interface LocalSetup {
  readonly directory: string;
  /** Those of the site, or why there are none. */
  readonly site: LoginSettings | WrongInputError;
  readonly siteFile: string | undefined;
  readonly objectSchemaKeys: readonly string[] | null;
  /** For tests. */
  readonly clock?: Clock;
}

/** As a stack is warned of by default. */
const tokenWarningDays = 14;

/**
 * Finds out whether a backup into a folder would go through, as the stack's own function does of a stack; and which backups the folder's
 * settings keep: null for all, undefined where the settings cannot be read.
 */
export async function checkSetupLocally(
  setup: LocalSetup,
): Promise<{ readonly checks: readonly SetupCheck[]; readonly keep: KeepRules | null | undefined }> {
  const { directory, site, siteFile, objectSchemaKeys, clock = systemClock } = setup;
  const { found, check } = await readSettings(directory);
  const settings = site instanceof Error ? undefined : site;
  const { activityMaxAgeDays, activityFiles, issueLinks, keep } = found;
  const { checks } = await checkSetup(
    {
      ...openLocalStores(directory),
      site: site instanceof Error ? unknownSite(site) : createAssetsSite({ settings: site, clock, reporter }),
      clock,
      budget: requestBudget(settings?.requestBudget),
      activity: { activityMaxAgeDays, activityFiles },
      issueLinks,
      // Whatever starts it, cron or a person, tells nobody when it does so again.
      nextStart: () => undefined,
      watched: { alarmAfterHours: lateAfterHoursByDefault, objectSchemaKeys, tokenWarningDays },
      tokenExpires: settings?.expires ?? null,
    },
    folderWords(siteFile),
  );
  return { checks: [...checks, check], keep: check.ok ? keep : undefined };
}

/** Defaults where they are wrong, so that all else can be checked. */
async function readSettings(
  directory: string,
): Promise<{ readonly found: FolderSettings; readonly check: SetupCheck }> {
  const name = 'settings';
  try {
    const found = await readFolderSettings(directory);
    const detail = 'Those in settings.json are in order, or there are none.';
    return { found, check: { name, ok: true, detail, remedy: null } };
  } catch (error) {
    if (!(error instanceof WrongInputError)) throw error;
    const remedy =
      'Mend that file, or let this user read it: until then nothing runs here. README, "Settings of a site", has its fields.';
    return { found: defaultFolderSettings, check: { name, ok: false, detail: messageOf(error), remedy } };
  }
}

function folderWords(named: string | undefined): SetupWords {
  const siteFile = named ?? 'the environment';
  return {
    settings: {
      name: 'site file',
      found: `The settings of a site are in ${siteFile}.`,
      remedy:
        named === undefined
          ? 'Write site.json, which README, "Back up on this computer", shows, and name it: --site site.json.'
          : `Mend ${named}: README, "Settings of a site", says what belongs there.`,
    },
    storeToken: `put it into ${siteFile}`,
    storeExpiry: `Write that day ("expires") into ${siteFile}.`,
    correctAddress: `Correct "siteName" in ${siteFile}`,
    network: 'Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.',
    whoAsks: 'this computer',
    chooser: 'A backup with these settings',
    chooseOthers: `Mend objectSchemaKeys in ${siteFile}`,
    nightSettings: 'in settings.json of the folder and in the settings of the site',
    // A file costs nothing here.
    filesByType: null,
    stores: {
      backups: 'backups',
      work: 'work folder',
      remedy:
        'Let the user who backs up own the folder and all that is in it, on a disk with room that is not mounted read-only.',
    },
  };
}

function unknownSite(error: WrongInputError): AssetsSite {
  const refuse = (): never => {
    throw error;
  };
  return { discover: async () => refuse(), reader: refuse, writer: refuse, issuesReader: refuse, issuesWriter: refuse };
}

/** What fails is in the report. */
const reporter: Reporter = { planned() {}, advanced() {}, requested() {}, event() {} };
