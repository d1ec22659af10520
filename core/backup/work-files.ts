import type { ActivityLine, ActivityState } from '../backup-format/activity-list.ts';
import type { LeftOut } from '../backup-format/left-out.ts';
import type { BackupOptions, ManifestCounts, SchemaBase, StoredFile } from '../backup-format/manifest.ts';
import type { ManifestIssueField } from '../backup-format/manifest-issue-field.ts';
import { safeName } from '../backup-format/safe-name.ts';
import type { ActivityKind } from '../model/activity.ts';
import type { JsonRecord } from '../model/json.ts';
import type { Gap, Notice, NotOffered } from '../model/outcome.ts';
import type { RequestBudget } from '../model/request-budget.ts';
import type { Run } from '../model/run.ts';
import type { IssueField, IssueFields } from '../ports/issues-reader.ts';

/** What the steps of one backup leave for each other in the work store. State carries only keys and small numbers. */

/** Written by "Plan backup", read by every step after it. */
export interface BackupPlan {
  readonly run: Run;
  readonly options: BackupOptions;
  readonly schemas: readonly SchemaToExport[];
  readonly files: readonly StoredFile[];
  readonly gaps: readonly Gap[];
  readonly notices?: readonly Notice[];
}

export interface SchemaToExport {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly folder: string;
}

/** What every schema needs and is the same for all: read once, stored with each. Undefined where the request failed. */
export interface GlobalConfiguration {
  readonly referenceTypes?: readonly string[];
  readonly statusTypes?: readonly string[];
  readonly icons?: readonly string[];
}

/** An item of the map "Export configuration". */
export interface SchemaBatch {
  readonly schema: SchemaToExport;
  readonly budget: RequestBudget;
}

/** What a step did: the files it stored, what it counted, what failed. */
export interface StepRecord {
  readonly files: readonly StoredFile[];
  readonly counts: Partial<ManifestCounts>;
  readonly gaps: readonly Gap[];
  readonly notices: readonly Notice[];
}

export interface ConfigurationRecord extends StepRecord {
  readonly notOffered: readonly NotOffered[];
  /** Undefined where the list of types could not be read. */
  readonly objectTypes?: readonly ExportedType[];
  /** By type, of those whose list could be read: id and name of each attribute. Of 0.1.0 there is none. */
  readonly attributes?: readonly (readonly [
    type: string,
    attributes: readonly (readonly [id: string, name: string])[],
  ])[];
  /** As the schema itself says it; undefined where it does not. */
  readonly objectCount?: number;
  /** The newest change in the schema before its objects were read; undefined where nothing tells it. */
  readonly newestChange?: string;
  /** Ids of its icons whose images are no PNG; of 0.1.0 there are none. */
  readonly otherImages?: readonly string[];
}

export interface ExportedType {
  readonly id: string;
  readonly name: string;
  /** As the list of types says it; an estimate, for planning and progress. */
  readonly objectCount: number;
  /** Key of the stored attributes; null where they could not be read. */
  readonly attributes: string | null;
}

/** An item of the map "Export objects": types, each with its place. */
export interface TypeBatch {
  readonly number: number;
  readonly types: readonly TypeToExport[];
  readonly budget: RequestBudget;
  readonly failureLimit: number;
}

export interface TypeToExport extends ExportedType {
  readonly schema: SchemaToExport;
}

export interface ObjectsRecord extends StepRecord {
  readonly typeId: string;
  readonly expected: number | null;
  readonly stored: number;
  readonly objectsMeta: readonly string[];
  readonly objects: readonly string[];
  /** Keys of the type's `ShardIndex` files in the work store. */
  readonly indexes: readonly string[];
  /** Attributes that objects have and the type's list lacks, each told already. */
  readonly unlisted?: readonly string[];
}

/** Left by "Reconcile objects" for each schema, when all is known that can be of its objects. */
export interface ReconciledRecord {
  readonly gaps: readonly Gap[];
  readonly notices: readonly Notice[];
}

/** The ids in one shard, and its references that lead out of it: `[from, attribute, to]`. */
export interface ShardIndex {
  readonly ids: readonly string[];
  /** Of the objects as they are stored, in the order of `ids`: by these the next night knows what has changed. */
  readonly digests: readonly string[];
  /** Of their values alone, in the same order; of 0.3.0 there are none. */
  readonly values?: readonly string[];
  readonly references: readonly (readonly [string, string, string])[];
  /** References to objects of the same shard. */
  readonly inside: number;
  /** What its objects have that is not stored; of 0.3.0 nobody counted it. */
  readonly leftOut?: LeftOut;
}

/** What "Export issue links" has found when it began. */
export interface IssueFieldList extends Pick<IssueFields, 'withoutContexts'> {
  /** Null where they could not be read, or are not offered. */
  readonly fields: readonly IssueField[] | null;
  /** Why they are not offered, where they are not. */
  readonly refused: string | null;
  readonly gaps: readonly Gap[];
}

/** Left by "Export issue links" for each field that is done. */
export interface IssueFieldRecord extends Omit<StepRecord, 'counts'> {
  /** Null where not all could be read: `files` has those that were. */
  readonly issues: number | null;
  readonly links: number;
  /** Why its issues are not offered, where they are not. */
  readonly refused: string | null;
  readonly configurations: readonly JsonRecord[] | null;
  readonly configurationsRefused: string | null;
}

/** Left by "Export issue links" when all fields are done. */
export interface IssueLinksRecord extends StepRecord {
  readonly fields: readonly ManifestIssueField[] | null;
  readonly notOffered: readonly NotOffered[];
}

/** Written by "Plan activity". */
export interface ActivityPlan {
  readonly objects: number;
  readonly batches: number;
  readonly notOffered: readonly NotOffered[];
  readonly gaps: readonly Gap[];
  /** By the id of the schema. */
  readonly bases: Readonly<Record<string, SchemaBase>>;
}

/** An item of the map "Export activity"; the objects stand in a file. */
export interface ActivityBatch {
  readonly number: number;
  readonly key: string;
  readonly kinds: readonly ActivityKind[];
  /** After this time (ISO 8601) nothing is asked of the site any more: what is left is for the next night. */
  readonly until: string;
  readonly budget: RequestBudget;
}

/** How many batches in a row have given up a kind of activity; written by "Export activity", once one has. */
export type GivenUp = { [Kind in ActivityKind]?: number };

export interface ActivityBatchFile {
  readonly units: readonly ActivityUnit[];
  /** Files of bases that hold what is carried over; named below by their places here. */
  readonly files: readonly StoredFile[];
}

/** Objects of one type that lie in one shard of it. */
export interface ActivityUnit {
  readonly schema: SchemaToExport;
  readonly type: { readonly id: string; readonly name: string };
  /** From 0. */
  readonly shard: number;
  /** How many shards the type has. */
  readonly shards: number;
  /** By kind: whether its files in the base, all of them, hold just these objects, and none of them is read: they are copied as they are. */
  readonly isUnchanged: Readonly<Record<ActivityKind, boolean>>;
  readonly objects: readonly PlannedObject[];
}

export interface PlannedObject extends Readonly<Record<ActivityKind, PlannedActivity>> {
  readonly id: string;
  readonly digest: string;
}

export interface PlannedActivity {
  /** Whether the site is asked for it; otherwise it is carried over. */
  readonly isRead: boolean;
  /** What the base has of it; null where there is no base, or it does not know the object. */
  readonly base: Pick<ActivityState, 'read' | 'records'> | null;
  /** Places in `files` of those in which the base's lies, of which one has it; none where the object has no records there. */
  readonly files: readonly number[];
}

export interface ActivityRecord extends StepRecord {
  /** Objects of the batch, all units one after the other, from `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
  readonly objects: readonly ActivityLine[];
  /** Where activity lies by type: the keys of each shard that was finished in this part. */
  readonly shards: readonly FinishedShard[];
}

/** Where activity lies by type: what an invocation that is short of time leaves of a unit to the next one. */
export interface UnfinishedUnit {
  /** Objects of the unit that are done: the first ones. */
  readonly done: number;
  readonly objects: readonly ActivityLine[];
  readonly gaps: readonly Gap[];
  readonly files: Readonly<Record<ActivityKind, UnfinishedFiles>>;
}

export interface UnfinishedFiles {
  /** Those that are stored already: of the first objects, or all of them where they are copied as they are. */
  readonly stored: readonly StoredFile[];
  readonly isCopied: boolean;
  /** What waits for its file. */
  readonly lines: readonly string[];
}

export interface FinishedShard extends Readonly<Record<ActivityKind, readonly string[]>> {
  readonly typeId: string;
  /** From 0. */
  readonly shard: number;
  readonly shards: number;
}

/** Left by "Record failure" for a batch whose step ended with an error that it could not report itself. */
export interface FailureRecord {
  readonly kind: 'configuration' | 'objects' | 'issues' | 'activity';
  readonly id: string;
  readonly error: string;
  readonly reason: string;
}

export function workKeys(backup: string) {
  const root = `backups/${backup}`;
  return {
    root: `${root}/`,
    owner: `${root}/owner.json`,
    plan: `${root}/plan.json`,
    globals: `${root}/global-configuration.json`,
    schemaBatches: `${root}/schema-batches.json`,
    configuration: (schemaId: string) => `${root}/configuration/${schemaId}.json`,
    objectBatches: `${root}/object-batches.json`,
    objects: (typeId: string) => `${root}/objects/${typeId}.json`,
    sweep: (typeId: string) => `${root}/objects/${typeId}.sweep.json`,
    shardIndex: (typeId: string, shard: number) => `${root}/objects/${typeId}.index-${shard}.json`,
    reconciled: (schemaId: string) => `${root}/reconciled/${schemaId}.json`,
    listing: (schemaId: string) => `${root}/reconciled/${schemaId}.listing.json`,
    issueFields: `${root}/issues/fields.json`,
    issueField: (fieldId: string) => `${root}/issues/field-${safeName(fieldId)}.json`,
    issueFieldProgress: (fieldId: string) => `${root}/issues/field-${safeName(fieldId)}.progress.json`,
    issueLinks: `${root}/issues/record.json`,
    activityPlan: `${root}/activity-plan.json`,
    activityBatches: `${root}/activity-batches.json`,
    activityBatch: (number: number) => `${root}/activity/${number}.json`,
    activity: (number: number, from: number) => `${root}/activity/${number}.from-${from}.json`,
    /**
     * What was done of a unit by the time that its invocation handed back at the object `to`. A file a cursor: an invocation that
     * is tried again finds what it was begun with, whatever its first try has left.
     */
    unfinishedUnit: (number: number, to: number) => `${root}/activity/${number}.unfinished-${to}.json`,
    givenUp: `${root}/activity/given-up.json`,
    requests: (reader: string) => `${root}/requests/${reader}.json`,
    allRequests: `${root}/requests/`,
    /** The failure that stopped the run. */
    stopped: `${root}/failures/stopped.json`,
    failure: (kind: FailureRecord['kind'], id: string) => `${root}/failures/${kind}-${id}.json`,
  };
}
