/**
 * What a backup reads, in the kinds by which failures are counted. `counts` are the numbers without which nobody knows
 * whether all objects were read; `checks` are reads that only confirm others; `issues` is which of Jira's hold objects; `not-visible` is what the site counts and does not
 * show to this account.
 */
export type ReadKind =
  | 'configuration'
  | 'icons'
  | 'objects'
  | 'counts'
  | 'history'
  | 'comments'
  | 'checks'
  | 'issues'
  | 'not-visible';

/** What the site counts and does not show to this account. */
export interface HiddenThings {
  readonly number: number;
  readonly of: 'objects' | 'object-types';
}

/** Something that was read for and failed. Its texts name places and causes, never a value. */
export interface Gap {
  readonly kind: ReadKind;
  /** What is missing, as a person would name it: `history of object 4711`. */
  readonly what: string;
  /** Name of the error, and its sentence. */
  readonly error: string;
  readonly reason: string;
  readonly schemaKey?: string;
  readonly objectTypeId?: string;
  readonly objectId?: string;
  /** Of the kind `not-visible`. */
  readonly hidden?: HiddenThings;
  /** Of a gap that stands for many objects: how many, and the first of them. */
  readonly objects?: number;
  readonly objectIds?: readonly string[];
  /** Of a gap in activity: of how many of these objects the backup has what an earlier one has read. */
  readonly carried?: CarriedOver;
}

/** Activity that was to be read, and of which an older copy is kept instead. */
export interface CarriedOver {
  readonly objects: number;
  /** The start of the backup that read the oldest of it (ISO 8601). */
  readonly oldest: string;
}

/** An endpoint that this site does not have: a recognised answer, not a failure. */
export interface NotOffered {
  readonly what: string;
  readonly reason: string;
}

/** Something a reader of the backup should know, that leaves nothing out. */
export interface Notice {
  readonly kind:
    | 'vanished-while-reading'
    | 'moved-while-reading'
    | 'count-differs'
    | 'schema-not-visible'
    | 'manages-nothing'
    | 'made-meanwhile'
    | 'accepted'
    | 'schema-rekeyed'
    | 'measure-damaged'
    | 'name-taken'
    | 'stray-files'
    | 'carried-file-damaged'
    | 'image-kind'
    | 'option-not-offered'
    | 'fewer-issues'
    /** Of a backup of the original scripts, in which values stand as they were displayed. */
    | 'displayed-values-read'
    | 'displayed-value-unknown'
    | 'not-held'
    | 'files-not-read'
    | 'scratch-left-out';
  readonly message: string;
  readonly schemaKey?: string;
  /** Of a schema that this account does not see. */
  readonly schemaId?: string;
  readonly objectTypeId?: string;
  readonly objectIds?: readonly string[];
  /** Of `accepted`: what is hidden, and meant to be. */
  readonly hidden?: HiddenThings;
}

/** `failed` has no manifest and so never stands in one. */
export type BackupStatus = 'complete' | 'complete-with-gaps' | 'partial';

/**
 * Whether a backup stands or falls by a kind: gaps of these make it partial, and many stop the run. Whatever happens to the others,
 * it is worth more than no backup.
 */
export function isEssential(kind: ReadKind): boolean {
  return kind === 'configuration' || kind === 'objects' || kind === 'counts';
}

export function statusOf(gaps: readonly Gap[]): BackupStatus {
  if (gaps.some((gap) => isEssential(gap.kind))) return 'partial';
  return gaps.length > 0 ? 'complete-with-gaps' : 'complete';
}

/** The statuses that count: for the "no backup" alarm, for retention, and as the backup that the next one is compared with. */
export function counts(status: BackupStatus): boolean {
  return status !== 'partial';
}
