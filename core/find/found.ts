import type { BackupStatus } from '../model/outcome.ts';
import type { ChangeKind } from './changes.ts';
import type { Silence } from './night.ts';
import type { Match } from './search-words.ts';

/** What is looked for. */
export interface FindRequest {
  /** All of them have to be in an object; none: of what was deleted everything. */
  readonly words: readonly string[];
  /** Key of a schema; undefined: of all. */
  readonly schema?: string | undefined;
  /** A type by its name, its path `Hardware/Laptop`, or its id; undefined: of all. */
  readonly type?: string | undefined;
  /** Everything as in the newest backup that was begun not after this (milliseconds since 1970). */
  readonly at?: number | undefined;
  /** Only what stood in a backup and is not there any more, and was not deleted before this (milliseconds since 1970). */
  readonly deletedSince?: number | undefined;
}

/** Backups are named by their folders. */
export interface FindResult {
  /** The site with the newest backup first. */
  readonly sites: readonly SiteFinds[];
  /** What could not be read: a backup each, with the reason. */
  readonly unread: readonly { readonly backup: string; readonly reason: string }[];
  /** Runs that left no backup. */
  readonly unfinished: readonly string[];
  /** Backups of the original scripts, which are not looked into. */
  readonly ofScripts: readonly string[];
}

export interface SiteFinds {
  readonly site: string;
  /** What was looked into, the oldest first. */
  readonly backups: readonly string[];
  /** How many objects were found. */
  readonly found: number;
  /** The first `mostKept` of them. */
  readonly objects: readonly FoundObject[];
  /** The newest that holds all of them with the words in them; null where none does. */
  readonly newestWithAll: { readonly backup: string; readonly status: BackupStatus } | null;
  /** Of which schemas some backups do not tell what is missing, and why; a single type of one is `FAC/Laptop`. */
  readonly silences: readonly {
    readonly why: Silence;
    readonly schemas: readonly string[];
    readonly backups: readonly string[];
  }[];
  /** Schemas that a newer backup of all schemas does not have: deleted, or not visible any more. */
  readonly goneSchemas: readonly { readonly schema: string; readonly by: string }[];
}

export interface FoundObject {
  /** As in the newest backup that holds it with the words in it. */
  readonly schema: string;
  readonly type: string;
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly matches: readonly Match[];
  /** How many of the backups hold it, the first and the last of them. */
  readonly stands: Span;
  /** The same of those in which the words are in it. */
  readonly withWords: Span;
  /** What has become of it, the oldest first; times and the key count as `touched`, values and the label as `changed`. */
  readonly changes: readonly FoundChange[];
  /** Where it is not on the newest backup that can tell: between which two it was deleted. */
  readonly deleted: { readonly after: string; readonly by: string } | null;
}

export interface Span {
  readonly backups: number;
  readonly first: string;
  readonly last: string;
}

/** Between two backups; others that may lie in between tell nothing of it. */
export interface FoundChange {
  readonly kind: ChangeKind;
  readonly after: string;
  readonly by: string;
}

/** As many of the objects that were found are told of. */
export const mostKept = 10_000;
