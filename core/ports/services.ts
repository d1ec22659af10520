import type { ActivitySettings } from '../model/activity.ts';
import type { Concurrency } from '../model/concurrency.ts';
import type { DrillChoices } from '../model/drill.ts';
import type { KeepRules } from '../model/keep.ts';
import type { LossAlarmSettings } from '../model/loss-alarm.ts';
import type { RequestBudget } from '../model/request-budget.ts';
import type { KeptFiles } from '../reading/kept-files.ts';
import type { AssetsSite } from './assets-site.ts';
import type { BackupStore } from './backup-store.ts';
import type { Clock } from './clock.ts';
import type { Reporter } from './reporter.ts';
import type { RunRegistry } from './run-registry.ts';
import type { WorkStore } from './work-store.ts';

/** All that a step may use. On AWS one set is built for each container, locally one for each run. */
export interface Services {
  readonly site: AssetsSite;
  readonly backups: BackupStore;
  readonly work: WorkStore;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly runs: RunRegistry;
  /** What all workers together may ask of the site. */
  readonly budget: RequestBudget;
  readonly concurrency: Concurrency;
  /** Milliseconds until this invocation is cut off; a step hands back a cursor before that. */
  readonly remainingMilliseconds: () => number;
  /**
   * How long a new object may stay unseen by a search, in milliseconds. A restore that goes on after a break waits so long
   * before it takes "the search does not find it" for "it was never created".
   */
  readonly searchLagMilliseconds: number;
  /** What the steps of a restore keep of the backup's files for each other; null where each has a process of its own. */
  readonly kept: KeptFiles | null;
  readonly activity: ActivitySettings;
  /** Whether a backup reads which issues hold which objects. */
  readonly issueLinks: boolean;
  readonly lossAlarm: LossAlarmSettings;
  readonly drill: DrillChoices;
  /** Null: no backup is ever deleted. */
  readonly keep: KeepRules | null;
  /** Whose days and weeks backups are kept by, of the IANA list. */
  readonly timeZone: string;
  /** When the schedule starts the next backup after this time (milliseconds); undefined where no schedule is known. */
  readonly nextStart: (after: number) => number | undefined;
  /** For how many days before-images are kept: so long a restore can be undone. */
  readonly undoDays: number;
  /** Null where nobody watches the backups. */
  readonly watched: WatchedBackups | null;
  /** The day on which the login's token expires, `2027-01-31`; null where the settings do not say. */
  readonly tokenExpires: string | null;
  /** Version of this program, for the manifest. */
  readonly version: string;
}

/** When those who watch the backups are told. */
export interface WatchedBackups {
  /** A newest backup that is older is too old. */
  readonly alarmAfterHours: number;
  /** What the schedule backs up, null for every schema: a backup by hand of less than that is no night's backup. */
  readonly objectSchemaKeys: readonly string[] | null;
  /** A token with fewer days left is to be replaced. */
  readonly tokenWarningDays: number;
  /** A last drill that passed and is older is too old; left out where no drills are made. */
  readonly drillAlarmAfterHours?: number;
}

/** Of `searchLagMilliseconds`, unless told otherwise: Atlassian names no number, so it is a cautious one. */
export const defaultSearchLagMilliseconds = 60_000;
