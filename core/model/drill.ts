import type { RestoreRun } from './restore.ts';

/** `drill` of the settings, as far as a drill itself goes by it. */
export interface DrillChoices {
  /** Objects that are restored: so many, or one a type where that is more. */
  readonly sample: number;
  /** Whether a drill may write into the site that was backed up. */
  readonly inProduction: boolean;
}

export const defaultDrill: DrillChoices = { sample: 200, inProduction: false };

/** A drill is a restore of a sample: `restore` is its own name, and its files lie under `drills/<restore>/` in the work store. */
export type DrillRun = RestoreRun;

/** What is known of a drill, while it goes on and afterwards: `drills/runs/<drill>.json`. */
export interface DrillRecord {
  readonly drill: string;
  readonly backup: string;
  readonly executionId: string;
  readonly startedAt: string;
  /** The site that it writes to. */
  readonly workspaceId: string;
  readonly siteName: string;
  /** `open`: it may have left something there that the next drill removes. */
  readonly scratch: 'open' | 'removed';
  /** Null: it goes on, or was killed. */
  readonly ended: {
    /** ISO 8601. */
    readonly at: string;
    readonly outcome: DrillOutcome | 'failed';
    readonly message: string;
    /** Name of the error where it failed. */
    readonly error: string | null;
  } | null;
}

export type DrillOutcome = 'passed' | 'differences-found';

/** Something of the backup that a drill has not tried: what, how often, and why. No value stands in it. */
export interface NotCovered {
  /** `ITSM / Laptop: Owner`, `status types`, `references` ... */
  readonly what: string;
  /** Values, or things, of which none was tried. */
  readonly count: number;
  readonly reason: string;
}

/** The output of a drill's execution. */
export interface DrillResult {
  readonly drill: string;
  readonly backup: string;
  readonly outcome: DrillOutcome;
  /** Restored and compared. */
  readonly objects: number;
  readonly values: number;
  readonly comments: number;
  /** Differences, and losses that no plan foresaw. */
  readonly differences: number;
  /** Entries of the list of what was not covered. */
  readonly notCovered: number;
  readonly minutes: number;
  /** Key of the report in the work store, and where it lies, for people: `s3://bucket/key`, or a path. */
  readonly report: string;
  readonly where: string;
  readonly message: string;
}

/** The report of a drill: `drills/<drill>/report.json`. */
export interface DrillReport extends DrillResult {
  readonly siteName: string;
  readonly inProduction: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly writtenBy: string;
  /** Schemas of the backup with the keys under which they were restored. */
  readonly schemas: readonly { readonly from: string; readonly to: string; readonly objects: number }[];
  /** Attributes of which at least one value was restored, by kind: `text`, `reference`, `user` ... */
  readonly covered: readonly { readonly kind: string; readonly attributes: number; readonly values: number }[];
  readonly uncovered: readonly NotCovered[];
  /** The first few, as sentences without values. */
  readonly found: readonly string[];
  readonly notices: readonly string[];
}
