import type { DiffLine, DiffSummary } from '../core/diff/diff-lines.ts';
import type { BackupStatus } from '../core/model/outcome.ts';
import type { ChangeCounts, TypeChanges } from '../core/report/type-changes.ts';

/**
 * What the server of `browse` answers and its page shows: JSON of GET requests below `/api/`, each with the token in the header
 * `x-assets-backup-token`. Every text in them may come from a site and is hostile: it is shown as text and nothing else.
 * What is wrong is answered by status 4xx or 5xx with a `Fault`.
 */

/** Statuses: 400 bad query, 403 wrong token, host or origin, 404 no such thing, 409 the backup is damaged there, 500 ours. */
export interface Fault {
  readonly error: string;
  /** One sentence, and what to do next. */
  readonly message: string;
}

/** `GET /api/place` */
export interface PlaceAnswer {
  /** `./backups`, `the stack AssetsBackup` */
  readonly name: string;
  /** Options that name it on a command line: `--local ./backups`, with `--site site.json` where a restore needs one. */
  readonly restoreWords: readonly string[];
  /** Whether values can be searched, or keys and labels only (a stack). */
  readonly searchesValues: boolean;
  readonly version: string;
}

/** `GET /api/backups`: the oldest first. */
export interface BackupsAnswer {
  readonly backups: readonly BackupRow[];
}

export interface BackupRow {
  readonly backup: string;
  readonly state: 'finished' | 'unfinished' | 'damaged' | 'unsupported' | 'original-scripts';
  /** Why it is not to be trusted; null of a finished one. */
  readonly reason: string | null;
  /** Null unless finished. */
  readonly summary: BackupSummary | null;
}

export interface BackupSummary {
  readonly status: BackupStatus;
  readonly siteName: string;
  readonly workspaceId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly schemas: number;
  readonly objectTypes: number;
  readonly objects: number;
  readonly comments: number;
  readonly historyEntries: number;
  readonly gaps: number;
  readonly notices: number;
  /** Sentences that make it suspicious; what was accepted since is not among them. */
  readonly suspicions: readonly string[];
  /** The newest finished backup of the same site before it; null: there is none. */
  readonly previous: string | null;
}

/** `GET /api/changes?left=BACKUP&right=BACKUP`: what is other in the right one, by what both list of their objects; no file of objects is read. */
export interface ChangesAnswer {
  readonly left: string;
  readonly right: string;
  /** Types with a change alone. */
  readonly types: readonly TypeChanges[];
  /** Null: one of them has no such lists, and only a comparison (`diff`) can tell. */
  readonly counts: ChangeCounts | null;
}

/** `GET /api/backup?backup=BACKUP` */
export interface BackupAnswer {
  readonly backup: string;
  readonly summary: BackupSummary;
  /** Sentences about damaged lists of files: all that is shown of the backup may lack what they name. */
  readonly damage: readonly string[];
  readonly schemas: readonly SchemaShown[];
  readonly gaps: readonly string[];
  readonly notices: readonly string[];
  readonly notOffered: readonly string[];
}

export interface SchemaShown {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly objects: number;
  /** A sentence: the list of its types is damaged, and what is told of them is not all; null where it is whole. */
  readonly damage: string | null;
  /** Each parent before its children, in the order of the site. */
  readonly types: readonly TypeShown[];
}

export interface TypeShown {
  readonly id: string;
  readonly name: string;
  /** `Hardware/Laptop`, without the schema's key. */
  readonly path: string;
  /** Null: right below its schema. */
  readonly parent: string | null;
  readonly icon: string | null;
  /** Of this type itself, not of those below it. */
  readonly objects: number;
}

/**
 * `GET /api/objects?backup=BACKUP&schema=ID&type=ID&from=0&count=50&sort=ATTRIBUTE&order=down&column=ATTRIBUTE&filter=TEXT`
 * `sort` and `column` are an attribute's id, or `key`, `label`; without `sort` as they are stored, without `column` the filter is of any value.
 */
export type ObjectsAnswer = Indexing | ObjectsPage;

/**
 * Sorted, filtered, found and referring objects are told by an index, which is built when a backup is first opened, and what is sorted
 * or filtered by a column needs that of the column besides: ask again.
 */
export interface Indexing {
  readonly state: 'indexing';
  readonly what: 'backup' | 'column';
  /** Objects in the index so far, and of how many. */
  readonly done: number;
  readonly total: number;
}

/** Without `sort` and `filter` it needs no index. */
export interface ObjectsPage {
  readonly state: 'page';
  readonly columns: readonly ColumnShown[];
  /** How many match the filter. */
  readonly total: number;
  readonly from: number;
  readonly rows: readonly ObjectRow[];
  /** Sentences about damaged files of this type, whose objects are not among them. */
  readonly notSearched: readonly string[];
}

export interface ColumnShown {
  /** Of the attribute. */
  readonly id: string;
  readonly name: string;
}

export interface ObjectRow {
  readonly id: string;
  readonly key: string;
  readonly label: string;
  /** One a column; the values of one attribute. Cut at 200 characters each, and at ten. */
  readonly cells: readonly (readonly ValueShown[])[];
}

export interface ValueShown {
  readonly text: string;
  /** Of a reference: the id of the object it leads to. */
  readonly object?: string;
  /** Of a reference whose object is not in this backup. */
  readonly isOutside?: true;
  /** How many characters the whole has, where `text` is less. */
  readonly length?: number;
  /** How many values stand behind it that a grid does not show. */
  readonly more?: number;
}

/** `GET /api/object?backup=BACKUP&object=ID`: the id, or the key. */
export interface ObjectAnswer {
  readonly backup: string;
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly schema: { readonly id: string; readonly key: string; readonly name: string };
  readonly type: { readonly id: string; readonly path: string; readonly icon: string | null };
  readonly created: string | null;
  readonly updated: string | null;
  /** Sentences about what is damaged, so that this is not all, or not as it was called. */
  readonly damage: readonly string[];
  /** In the order of the type's attributes; those without a value too. */
  readonly attributes: readonly AttributeShown[];
  /** Objects that refer to it; null while the index is built. */
  readonly referrers: Referrers | null;
  readonly comments: ActivityShown<CommentShown>;
  readonly history: ActivityShown<HistoryEntryShown>;
}

export interface AttributeShown {
  readonly id: string;
  readonly name: string;
  /** Whole. */
  readonly values: readonly ValueShown[];
}

export interface Referrers {
  readonly total: number;
  /** The first 1,000. */
  readonly shown: readonly Referrer[];
  /** Sentences about damaged files, whose objects may refer to it too. */
  readonly notSearched: readonly string[];
}

export interface Referrer {
  readonly id: string;
  readonly key: string;
  readonly label: string;
  /** Name of the attribute that holds the reference. */
  readonly attribute: string;
}

export interface ActivityShown<Record> {
  /** When it was read; null: no night has got it. */
  readonly readAt: string | null;
  /** Why it is not here, or older than the backup; null where nothing is to be said. */
  readonly why: string | null;
  /** Null: nobody can tell, since what holds them is damaged. */
  readonly records: readonly Record[] | null;
}

export interface CommentShown {
  readonly author: string;
  readonly at: string;
  readonly text: string;
}

export interface HistoryEntryShown {
  readonly author: string;
  readonly at: string;
  /** Attribute or event, as the site names it. */
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** `GET /api/life?backup=BACKUP&object=ID`: what became of it in all backups of that site, the oldest first. */
export interface LifeAnswer {
  readonly events: readonly LifeEvent[];
  /** Sentences about backups that say nothing of it, and why. */
  readonly silences: readonly string[];
}

export interface LifeEvent {
  /** `first-seen`: in the first backup that could have it. */
  readonly kind: 'first-seen' | 'appeared' | 'changed' | 'touched' | 'deleted';
  /** The last backup before it; null of one that was first seen. */
  readonly after: string | null;
  /** The backup that shows it. */
  readonly by: string;
}

/** `GET /api/search?backup=BACKUP&words=TEXT&from=0&count=50`: all words must be in it. */
export type SearchAnswer = Indexing | FoundPage;

export interface FoundPage {
  readonly state: 'found';
  readonly total: number;
  readonly from: number;
  readonly rows: readonly FoundRow[];
  /** Sentences about damaged files, whose objects are not in the index. */
  readonly notSearched: readonly string[];
}

export interface FoundRow {
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly schema: string;
  readonly type: string;
}

/** `GET /api/diff?left=BACKUP&right=BACKUP&schema=KEY&type=PATH&object=KEY`: the first 1,000 lines; the filters may be left out. */
export interface DiffAnswer {
  readonly summary: DiffSummary;
  readonly total: number;
  readonly lines: readonly DiffLine[];
}

/** `GET /api/icon?backup=BACKUP&schema=ID&icon=ID` gives the image's bytes, to be shown by `<img>` from a `blob:` address. */
