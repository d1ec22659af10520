import type { ActivityKind } from './activity.ts';
import type { JsonRecord } from './json.ts';
import type { RequestBudget } from './request-budget.ts';
import type { Workspace } from './run.ts';
import type { SiteWait } from './site-wait.ts';

/** What a restore was asked for, with every default filled in. */
export interface RestoreChoices {
  /** Name of the backup. */
  readonly backup: string;
  /** Null: every schema of the backup, under its own key. */
  readonly schemas: readonly SchemaChoice[] | null;
  readonly processObjects: boolean;
  readonly processComments: boolean;
  readonly processHistory: boolean;
  /** Required, unique, cardinality, regex, filters, restrictions to groups and statuses. */
  readonly setAttributeRestrictions: boolean;
  readonly include: RestoreInclude;
  readonly onExisting: OnExisting;
  /** Of what is overwritten under `update`, only what this account has changed last (an account id). */
  readonly changedBy: string | null;
  /** The same, only what was changed at this time or later: ISO 8601, UTC. */
  readonly changedSince: string | null;
  /** Whether a schema of the target that is not the one that was backed up may be written into. */
  readonly intoExisting: boolean;
  /** Whether restrictions of attributes that are there, and that keep objects from being made, are taken off until they are made. */
  readonly relaxConstraints: boolean;
  /** Whether issues that held what was deleted are made to hold what was made in its place. Missing in what older versions have left. */
  readonly relinkIssues: boolean;
  /** Key of a users file in the work store: accounts and groups that are others on the target. */
  readonly users: string | null;
  /** What has become of objects, where somebody has made them by hand meanwhile. */
  readonly same: readonly SameChoice[];
  /** Key of a file in the work store that says the same of more objects. */
  readonly sameFile: string | null;
  /** Whether a partial or damaged backup is restored as far as it goes. Missing in what version 0.1.0 has left. */
  readonly whatIsWhole: boolean;
  /** Ends after the plan. */
  readonly dryRun: boolean;
  /** Hash of the plan that a person has seen: nothing is written but what it holds, as far as it still would be. */
  readonly approve: string | null;
}

/**
 * What becomes of values of an object that is there, where they differ from the backup and are not ours to mend. `skip`: they stay.
 * `update`: they are set back to the backup's. `fail`: the run ends after its plan.
 */
export const onExistingChoices = ['skip', 'update', 'fail'] as const;
export type OnExisting = (typeof onExistingChoices)[number];

export interface SchemaChoice {
  readonly oldObjectSchemaKey: string;
  readonly newObjectSchemaKey: string;
  /** Null: the name in the backup. */
  readonly newObjectSchemaName: string | null;
}

/** Both by key or id; `none`: the object is made, whatever looks like it. */
export interface SameChoice {
  /** In the backup. */
  readonly old: string;
  /** On the target. */
  readonly is: string;
}

/** Empty lists: everything. Types by name or id, objects by key or id, attributes by name or id. */
export interface RestoreInclude {
  readonly objectTypes: readonly string[];
  readonly objects: readonly string[];
  readonly attributes: readonly string[];
}

/** The input that makes these choices: what a person would write into a file, or paste into the console. */
export function restoreInputOf({ backup, schemas, ...others }: RestoreChoices) {
  return { folder: backup, objectSchemas: schemas, ...others };
}

/** A whole input: nothing is left to a default. */
export type RestoreInput = ReturnType<typeof restoreInputOf>;

/** What an undo was asked for. */
export interface UndoChoices {
  /** Name of the restore that is taken back. */
  readonly undo: string;
  readonly dryRun: boolean;
  readonly approve: string | null;
}

/** What the linking of issues alone was asked for. */
export interface RelinkChoices {
  /** Name of the restore whose objects the issues are to hold. */
  readonly relink: string;
  readonly dryRun: boolean;
}

/** The restore that a step belongs to: the first thing in every step's input. */
export interface RestoreRun {
  readonly contract: typeof restoreContract;
  /** Names the restore's folder in the work store: `2026-11-23_02-00-00_3f9a1c2e`. */
  readonly restore: string;
  readonly backup: string;
  readonly executionId: string;
  readonly startedAt: string;
  /** The target. */
  readonly workspace: Workspace;
  /** Where the input asked for the latest backup: sentences that say why to look twice at the one that this is. */
  readonly suspicions?: readonly string[];
  /** Of an undo: the name of the restore that it takes back. Its own name is `restore`, and `backup` what that one restored. */
  readonly undo?: string;
  /** Of a linking of issues alone: the name of the restore that it goes on with. Its own name is `restore`. */
  readonly relink?: string;
  /** Issues are linked again once the objects are proven. */
  readonly relinkIssues?: true;
}

export const restoreContract = 4;

export const itemKinds = [
  'schema',
  'status-type',
  'reference-type',
  'icon',
  'object-type',
  'attribute',
  'object',
  'comment',
] as const;
/** Kinds of what a backup holds of Assets, and what is written of Jira: a field of an issue. */
export type ItemKind = CountedKind | 'issue';
/** What a plan has an item of. */
export type CountedKind = (typeof itemKinds)[number];

export const itemActions = ['create', 'reuse', 'update', 'conflict', 'skip'] as const;
export type ItemAction = (typeof itemActions)[number];

/** One line of a plan: what would become of one thing of the backup. */
export interface PlanItem {
  readonly kind: CountedKind;
  /** Its id on the source site. */
  readonly source: string;
  readonly action: ItemAction;
  /** Where it stands, for people, without a value: `ASSETS`, `ASSETS / Hardware / Laptop`, `ASSETS / Laptop: Owner`, `ITSM-88`. */
  readonly where: string;
  readonly reason: string;
  /** What has to be so on the target when it is written. */
  readonly precondition: string;
  /** Its id on the target, where it is there. */
  readonly target?: string;
}

/** Something of the backup that the target does not get. */
export interface Loss {
  readonly kind: ItemKind;
  readonly source: string;
  readonly where: string;
  /** Name of the attribute whose values are lost; missing where the whole thing is. */
  readonly attribute?: string;
  /** Number of single values; 0 of a thing that holds none, which counts as one loss all the same. */
  readonly values: number;
  readonly reason: string;
  /** Of a reference: the key of the object that it led to, and that object's key on the target, where it has one. */
  readonly refersTo?: { readonly key: string; readonly now: string | null };
}

/** Losses are counted in values, everywhere: by plan, progress, result and report. */
export const lostValuesOf = ({ values }: Pick<Loss, 'values'>): number => Math.max(1, values);

/** Losses that one sentence names: of one attribute in one schema, or of things of one kind, for one reason. */
export interface LossGroup {
  readonly losses: number;
  readonly values: number;
  /** Objects or other things that lose something. */
  readonly objects: number;
  readonly first: readonly Loss[];
}

/** Values of objects of the target that somebody has changed: those that are left as they are, or those that are set back. */
export interface ChangedValues {
  /** Attributes of objects, each counted once. */
  readonly attributes: number;
  readonly objects: number;
  /** By type and attribute, the most first. */
  readonly places: readonly { readonly where: string; readonly objects: number }[];
}

/** Objects of the target that came after the backup: a restore leaves them. */
export interface CameLater {
  readonly objects: number;
  /** By type, the most first. */
  readonly types: readonly { readonly where: string; readonly objects: number }[];
  /** Keys in the work store: a line for each. */
  readonly files: readonly string[];
}

/** References of objects that were there, to objects that had been deleted: they are written again. */
export interface LinkedAgain {
  readonly references: number;
  readonly objects: number;
  /** By the key of the schema in which they stand. */
  readonly schemas: readonly { readonly key: string; readonly references: number; readonly objects: number }[];
}

/** Fields of issues that hold what was deleted, and are to hold what is made in its place. Fields are counted one for each issue. */
export interface PlannedIssues {
  readonly issues: number;
  readonly fields: readonly { readonly id: string; readonly name: string; readonly issues: number }[];
  /** Why none is, though it was asked for; null otherwise. */
  readonly notLinked: string | null;
}

/** What became of fields of issues that held what was deleted. */
export interface RelinkedIssues {
  /** Issues in which a field was written and read back. */
  readonly issues: number;
  readonly fields: number;
  /** Fields that held it already. */
  readonly already: number;
  /** Fields that differ otherwise, which was somebody's work: they stay as they are. */
  readonly others: number;
  /** Fields that should hold something and do not; each is a loss too. */
  readonly lost: number;
  /** By field, the most first. */
  readonly places: readonly { readonly id: string; readonly name: string; readonly linked: number }[];
}

/** Writes that are not made since a plan was approved that is another by now: the first few in words. */
export interface LeftWrites {
  readonly count: number;
  readonly first: readonly string[];
}

/** What a run leaves that goes by an approved plan. Null: nothing. */
export interface LeftByApproval {
  /** Writes that the plan would have by now, and that the approved one does not hold; the hash is of the plan that makes them. */
  readonly notApproved: (LeftWrites & { readonly hash: string }) | null;
  /** Writes of the approved plan that the plan has no more, or otherwise. */
  readonly droppedOut: LeftWrites | null;
}

/** Counts by kind and action. */
export type PlanCounts = Readonly<Record<CountedKind, Readonly<Record<ItemAction, number>>>>;

/** What a plan comes to; its items lie in files of their own. */
export interface PlanSummary extends LeftByApproval {
  readonly restore: string;
  readonly backup: string;
  readonly target: string;
  /** Of all that it writes. */
  readonly hash: string;
  readonly schemas: readonly {
    readonly from: string;
    readonly to: string;
    readonly name: string;
    readonly action: ItemAction;
    readonly reason: string;
    readonly objects: Readonly<Record<ItemAction, number>>;
    readonly types: readonly { readonly name: string; readonly objects: Readonly<Record<ItemAction, number>> }[];
  }[];
  readonly counts: PlanCounts;
  /** All that it writes, each thing once. */
  readonly writes: number;
  /** Requests that it will take, and minutes at the budget in force. */
  readonly requests: number;
  readonly minutes: number;
  /** Accounts and groups in values and restrictions that the target lacks; null where the login may not list them. */
  readonly missingAccounts: readonly string[] | null;
  readonly missingGroups: readonly string[] | null;
  /** References to objects that this restore does not bring back: those that lead to the same object, and those that are lost. */
  readonly outsideKept: number;
  readonly outsideLost: number;
  /** Objects of the target now and afterwards; null where the site does not say. */
  readonly objectsNow: number | null;
  readonly objectsAfterwards: number | null;
  /** Losses that are known before anything is written: the first few, and how many values all of them come to. */
  readonly losses: readonly Loss[];
  readonly lossCount: number;
  readonly lossGroups: readonly LossGroup[];
  readonly linked: LinkedAgain;
  /** Null where it was not asked for. Older plans do not have it. */
  readonly issues?: PlannedIssues | null;
  readonly changed: ChangedValues;
  /** Values that are set back to the backup's. */
  readonly overwritten: ChangedValues;
  /** What chosen objects have otherwise than the backup, and that stays so: under `fail` the run ends by it. */
  readonly clashes: ChangedValues;
  readonly cameLater: CameLater;
  /** Things that would change in what exists and that the input did not ask for: to be approved. */
  readonly approvals: readonly string[];
  readonly warnings: readonly string[];
  /** Avatars and attachments that are not in the backup, in words; empty where there are none. Of 0.3.0 there is nothing. */
  readonly notStored?: string;
  /** Keys in the work store: the items and all losses, a line each, and the template of a users file. */
  readonly itemFiles: readonly string[];
  readonly lossFiles: readonly string[];
  readonly linkFiles: readonly string[];
  readonly changedFiles: readonly string[];
  readonly overwrittenFiles: readonly string[];
  readonly usersTemplate: string | null;
}

/** A difference between target and backup that no loss announced. No value stands in it. */
export interface Difference {
  readonly kind: ItemKind;
  readonly source: string;
  readonly target: string;
  readonly where: string;
  readonly what: string;
}

export type RestoreOutcome = 'planned' | 'needs-approval' | 'restored' | 'restored-with-losses' | 'differences-found';

/** The output of a restore's execution. */
export interface RestoreResult {
  readonly restore: string;
  readonly backup: string;
  /** Of an undo: the restore that it takes back. `losses` is then what stays of it, and `updated` what was set back. */
  readonly undo?: string;
  /** Objects; an undo's alone. */
  readonly deleted?: number;
  /** Of a linking of issues alone: the restore that it goes on with. */
  readonly relink?: string;
  readonly outcome: RestoreOutcome;
  readonly hash: string;
  readonly plan: string;
  /** Key of the report in the work store; null where only a plan was made. */
  readonly report: string | null;
  /** Where the report lies, or the plan where only that was made, for people: `s3://bucket/key`, or a path. */
  readonly where: string;
  readonly created: number;
  readonly reused: number;
  readonly updated: number;
  readonly comments: number;
  /** In which fields were made to hold what was made; missing where that was not asked for. */
  readonly issues?: number;
  readonly losses: number;
  readonly differences: number;
  readonly message: string;
  /** Where the run waits for a person: what to start it with. */
  readonly approve?: {
    readonly hash: string;
    readonly because: readonly string[];
    /** The whole input of the execution that carries the plan out; null where it is too long to be shown here. */
    readonly input: JsonRecord | null;
  };
}

/** The report of a restore that was carried out; kept in the work store as `report.json`. */
export interface RestoreReport extends Partial<LeftByApproval> {
  readonly restore: string;
  readonly backup: string;
  readonly source: Workspace;
  readonly target: Workspace;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly writtenBy: string;
  readonly hash: string;
  readonly outcome: RestoreOutcome;
  readonly schemas: readonly {
    readonly from: string;
    readonly to: string;
    readonly targetId: string;
    readonly created: number;
    readonly reused: number;
    readonly updated: number;
    readonly lost: number;
  }[];
  readonly counts: {
    readonly created: number;
    readonly reused: number;
    readonly updated: number;
    readonly comments: number;
    readonly historyComments: number;
    readonly objectsCompared: number;
    readonly valuesCompared: number;
  };
  /** When the oldest history and the oldest comments of those that the backup holds and that were asked for were read (ISO 8601). */
  readonly oldestActivity: Readonly<Record<ActivityKind, string | null>>;
  readonly requests: Readonly<Record<string, number>>;
  /** The longest times for which the site held a worker back, and requests a minute that it might send. Older reports have neither. */
  readonly waits?: readonly SiteWait[];
  readonly budget?: RequestBudget;
  /** The first few, and how many values all of them come to. */
  readonly losses: readonly Loss[];
  readonly lossCount: number;
  readonly lossGroups: readonly LossGroup[];
  /** Only what the comparison has found to stand. */
  readonly linked: LinkedAgain;
  /** Null where it was not asked for. Older reports do not have it. */
  readonly issues?: RelinkedIssues | null;
  readonly changed: ChangedValues;
  /** Values that were set back to the backup's, likewise. */
  readonly overwritten: ChangedValues;
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly notices: readonly string[];
  /** What no restore can bring back, by the API's nature. */
  readonly neverRestored: readonly string[];
  /** Keys in the work store. */
  readonly files: {
    readonly losses: string | null;
    readonly differences: string | null;
    readonly changed: string | null;
    readonly overwritten: string | null;
    /** Every field of an issue that was looked at, with what became of it. */
    readonly issues?: string | null;
    readonly keys: string | null;
    /** References that were linked again, with both keys; and those that are left to be linked by hand. */
    readonly links: string | null;
    readonly referencesByHand: string | null;
  };
}
